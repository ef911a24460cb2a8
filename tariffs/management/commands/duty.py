"""Work duties out: JSON lines in, JSON lines out, one for one."""

import io
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tariffs.duties.intake import answer_line

SCHEMA = Path(__file__).resolve().parents[2] / "duty.schema.json"


class Command(BaseCommand):
    """Answers each line of a FILE or of standard input; a bad line gives its errors and the run goes on."""

    help = "Work out duty expressions given as JSON lines."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the schema switch."""
        parser.add_argument("file", nargs="?", default="-", help="a file of JSON lines, or - (default)")
        parser.add_argument("--schema", action="store_true", help="print the JSON Schema of both sides")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one answer a line; raises CommandError where the file cannot be read."""
        if options["schema"]:
            self.stdout.write(SCHEMA.read_text(encoding="utf-8").rstrip())
            return
        if options["file"] == "-":
            if isinstance(sys.stdin, io.TextIOWrapper):
                sys.stdin.reconfigure(encoding="utf-8", errors="replace")
            self._answer(sys.stdin)
            return
        try:
            with Path(options["file"]).open(encoding="utf-8", errors="replace") as lines:
                self._answer(lines)
        except OSError as error:
            raise CommandError(_("The file cannot be read: %(error)s") % {"error": error}) from error

    def _answer(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line.strip():
                # Escaped to ASCII: half a surrogate pair in an id must not end the run.
                self.stdout.write(json.dumps(answer_line(line)))
