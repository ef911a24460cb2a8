"""Assess consignments: JSON lines in, JSON lines out, one for one."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from swindow.problems import Problem, Refused
from tariffs.assessment import assess
from tariffs.exchange import no_tables, use_tables
from tariffs.intake import read_facts, write_answer, write_problem
from tariffs.packs import folder_shelf, use_shelf

SCHEMA = Path(__file__).resolve().parents[2] / "assess.schema.json"


class Command(BaseCommand):
    """Answers each line of a FILE or of standard input; a bad line gives its errors and the run goes on."""

    help = "Assess consignments given as JSON lines."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the schema switch, and the source of the law."""
        parser.add_argument("file", nargs="?", default="-", help="a file of JSON lines, or - (default)")
        parser.add_argument("--schema", action="store_true", help="print the JSON Schema of both sides")
        parser.add_argument("--published", action="store_true", help="use the packs in the database")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one answer a line."""
        if options["schema"]:
            self.stdout.write(SCHEMA.read_text(encoding="utf-8").rstrip())
            return
        if not options["published"]:
            use_shelf(folder_shelf)
            use_tables(no_tables)
        if options["file"] == "-":
            self._answer(sys.stdin)
            return
        with Path(options["file"]).open(encoding="utf-8") as lines:
            self._answer(lines)

    def _answer(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line.strip():
                self.stdout.write(json.dumps(answer_line(line), ensure_ascii=False))


def answer_line(line: str) -> dict[str, Any]:
    """Return the answer to one line, or its errors."""
    row: Any = None
    try:
        row = json.loads(line, parse_float=str, parse_constant=str)
        if not isinstance(row, dict):
            raise Refused(
                [Problem("", "object", "The line is not a JSON object.", "Write one object a line.")]
            )
        return write_answer(row.get("id"), assess(read_facts(row)))
    except (json.JSONDecodeError, RecursionError) as error:
        problems: tuple[Problem, ...] = (
            Problem("", "json", f"The line is not JSON: {error}.", "Correct it."),
        )
    except Refused as error:
        problems = error.problems
    row_id = row.get("id") if isinstance(row, dict) else None
    return {"id": row_id, "errors": [write_problem(problem) for problem in problems]}
