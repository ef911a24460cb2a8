"""Suggest subheadings for texts: JSON lines in, JSON lines out, one for one."""

from typing import Any

from tariffs.classification.intake import answer_line
from tariffs.classification.precedents import PrecedentsIfAny
from tariffs.management.json_lines import JsonLinesCommand


class Command(JsonLinesCommand):
    """Answers each line of a FILE or of standard input; a bad line gives its errors and the run goes on."""

    help = "Suggest HS 2022 subheadings for texts given as JSON lines. It suggests; a person decides."
    schema = "classify.schema.json"

    def prepare(self, options: dict[str, Any]) -> None:
        """Let precedents count where a database answers."""
        self._precedents = PrecedentsIfAny()

    def answer(self, line: str) -> dict[str, Any]:
        """Return the answer to one line, or its errors."""
        return answer_line(line, precedents=self._precedents)
