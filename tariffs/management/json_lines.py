"""Commands that answer JSON lines: one in, one out, in order; a bad line never ends the run."""

import io
import json
import sys
import traceback
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

_APP = Path(__file__).resolve().parents[1]


class JsonLinesCommand(BaseCommand):
    """Reads a FILE or standard input, and answers each line that is not empty."""

    requires_system_checks = []
    # A file beside the app's modules.
    schema = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the schema switch."""
        parser.add_argument("file", nargs="?", default="-", help="a file of JSON lines, or - (default)")
        parser.add_argument("--schema", action="store_true", help="print the JSON Schema of both sides")

    def answer(self, line: str) -> dict[str, Any]:
        """Return the answer to one line, or its errors."""
        raise NotImplementedError

    def prepare(self, options: dict[str, Any]) -> None:
        """Make ready before the first line."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one answer a line; raises CommandError where the file cannot be read."""
        if options["schema"]:
            self.stdout.write((_APP / self.schema).read_text(encoding="utf-8").rstrip())
            return
        self.prepare(options)
        if options["file"] == "-":
            if isinstance(sys.stdin, io.TextIOWrapper):
                sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
            self._answer_all(sys.stdin)
            return
        try:
            with Path(options["file"]).open(encoding="utf-8-sig", errors="replace") as lines:
                self._answer_all(lines)
        except OSError as error:
            raise CommandError(_("The file cannot be read: %(error)s") % {"error": error}) from error

    def _answer_all(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line.strip():
                # Escaped to ASCII: half a surrogate pair in an id must not end the run.
                self.stdout.write(json.dumps(self._answer_one(line)))

    def _answer_one(self, line: str) -> dict[str, Any]:
        try:
            return self.answer(line)
        except Exception as error:
            # A fault of ours on one line must not cost the others.
            self.stderr.write("".join(traceback.format_exception(error)))
            problem = {
                "path": "",
                "code": "internal",
                "message": _("The program failed on this line; it is not the line's fault."),
                "fix": _("Report it with the line."),
            }
            return {"id": None, "errors": [problem]}
