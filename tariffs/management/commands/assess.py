"""Assess consignments: JSON lines in, JSON lines out, one for one."""

from argparse import ArgumentParser
from typing import Any

from tariffs.exchange import no_tables, use_tables
from tariffs.intake import answer_line
from tariffs.management.json_lines import JsonLinesCommand
from tariffs.packs import folder_shelf, use_shelf


class Command(JsonLinesCommand):
    """Answers each line of a FILE or of standard input; a bad line gives its errors and the run goes on."""

    help = "Assess consignments given as JSON lines."
    schema = "assess.schema.json"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the source of the law besides."""
        super().add_arguments(parser)
        parser.add_argument("--published", action="store_true", help="use the packs in the database")

    def prepare(self, options: dict[str, Any]) -> None:
        """Take the law of the folders, which needs no database, unless told otherwise."""
        if not options["published"]:
            use_shelf(folder_shelf)
            use_tables(no_tables)

    def answer(self, line: str) -> dict[str, Any]:
        """Return the answer to one line, or its errors."""
        return answer_line(line)
