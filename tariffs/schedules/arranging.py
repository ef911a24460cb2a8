"""The tree of a schedule: which line stands below which."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from tariffs.schedules.rows import ReadLine, Unread


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with its place, and the place of the line above it."""

    position: int
    parent: int | None
    line: ReadLine


def in_force(lines: Iterable[ReadLine], *, on: date) -> list[ReadLine]:
    """Return the lines that exist on the day; a list of today also names what ended and what is coming."""
    return [
        line
        for line in lines
        if (line.valid_from is None or line.valid_from <= on)
        and (line.valid_to is None or line.valid_to > on)
    ]


def once(lines: Sequence[ReadLine]) -> tuple[list[ReadLine], list[Unread]]:
    """Return each code's line once, the newest, and the others as not read."""
    newest: dict[str, ReadLine] = {}
    for line in lines:
        other = newest.get(line.code)
        if not line.is_intermediate and (other is None or _start(line) > _start(other)):
            newest[line.code] = line
    kept, unread = [], []
    for line in lines:
        if line.is_intermediate or newest[line.code] is line:
            kept.append(line)
        else:
            unread.append(_twice(line))
    return kept, unread


def arrange(lines: Iterable[ReadLine]) -> Iterator[Placed]:
    """Yield the lines with their places: a line stands under the nearest one before it that is less indented.

    A coded line takes only codes that begin like it; a text without a code takes what its indent says.
    """
    above: list[Placed] = []
    for position, line in enumerate(lines, start=1):
        while above and not _is_below(line, above=above[-1].line):
            above.pop()
        placed = Placed(position, above[-1].position if above else None, line)
        above.append(placed)
        yield placed


def _is_below(line: ReadLine, *, above: ReadLine) -> bool:
    if above.indent >= line.indent:
        return False
    return line.code[:2] == above.code[:2] if above.is_intermediate else line.code.startswith(above.code)


def _start(line: ReadLine) -> date:
    return line.valid_from or date.min


def _twice(line: ReadLine) -> Unread:
    reason = _("The code stands twice; the newest line of it is kept.")
    return Unread(line.row, line.code, line.description, reason, file=line.file)
