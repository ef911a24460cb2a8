"""Work duties out: JSON lines in, JSON lines out, one for one."""

from typing import Any

from tariffs.duties.intake import answer_line
from tariffs.management.json_lines import JsonLinesCommand


class Command(JsonLinesCommand):
    """Answers each line of a FILE or of standard input; a bad line gives its errors and the run goes on."""

    help = "Work out duty expressions given as JSON lines."
    schema = "duty.schema.json"

    def answer(self, line: str) -> dict[str, Any]:
        """Return the answer to one line, or its errors."""
        return answer_line(line)
