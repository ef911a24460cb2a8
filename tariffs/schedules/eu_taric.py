"""TARIC as the Commission publishes it: the import duties, and the nomenclature, saved as CSV."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from tariffs.models import ScheduleSource
from tariffs.schedules.cells import after, day, depth, listed, padded_code, plain
from tariffs.schedules.measure_types import measure_type
from tariffs.schedules.rows import Format, NotRead, Read, ReadLine, ReadMeasure, Row, Unread

_LEVELS = ("2", "4", "6", "8", "10")


def read_duties(rows: Iterable[Row]) -> Iterator[Read]:
    """Yield the measures of "Duties Import"."""
    for row in rows:
        try:
            yield _measure(row)
        except NotRead as error:
            yield Unread(row.number, row.get("goods code"), row.get("duty"), str(error))


def _measure(row: Row) -> ReadMeasure:
    number = row.get("meas. type code")
    return ReadMeasure(
        row=row.number,
        code=padded_code(row.get("goods code")),
        measure_type=measure_type(number),
        expression=plain(row.get("duty")),
        type_code=number,
        type_name=row.get("measure type"),
        origins=listed(row.get("origin code")),
        order_number=row.get("order no.").replace(".", ""),
        additional_code=row.get("add code"),
        legal_base=row.get("legal base"),
        valid_from=day(row.get("start date")),
        valid_to=after(day(row.get("end date"))),
    )


def read_nomenclature(rows: Iterable[Row]) -> Iterator[Read]:
    """Yield the lines; one that shares its code with the next is a text between lines."""
    read: list[ReadLine] = []
    for row in rows:
        try:
            read.append(_line(row))
        except NotRead as error:
            yield Unread(row.number, row.get("goods code"), row.get("description"), str(error))
    yield from _with_intermediate(read)


def _line(row: Row) -> ReadLine:
    code = padded_code(row.get("goods code"))
    return ReadLine(
        row=row.number,
        code=code,
        indent=_depth(row),
        description=plain(row.get("description").lstrip("-– ")),
        valid_from=day(row.get("start date")),
        valid_to=after(day(row.get("end date"))),
    )


def _depth(row: Row) -> int:
    level, indent = row.get("hier. pos."), row.get("indent")
    if level not in _LEVELS:
        raise NotRead(_("The hierarchical position is none of 2, 4, 6, 8 and 10."))
    if level == "2":
        return 0
    # The Commission writes the indent as dashes or as a number; short lists leave it away.
    if indent:
        return 1 + depth(indent)
    return _LEVELS.index(level)


def _with_intermediate(read: list[ReadLine]) -> Iterator[ReadLine]:
    before: ReadLine | None = None
    for line, next_code in zip(read, [*(one.code for one in read[1:]), ""], strict=True):
        indent = line.indent
        # Where a list tells no indent, the line under a text of the same code stands one deeper.
        if before is not None and before.code == line.code:
            indent = max(indent, before.indent + 1)
        before = replace(line, indent=indent, is_intermediate=line.code == next_code)
        yield before


DUTIES = Format(
    source=ScheduleSource.EU_TARIC,
    name="Duties Import",
    columns=frozenset(
        [
            "goods code",
            "start date",
            "end date",
            "measure type",
            "legal base",
            "duty",
            "origin code",
            "meas. type code",
        ]
    ),
    read=read_duties,
)
NOMENCLATURE = Format(
    source=ScheduleSource.EU_TARIC,
    name="Nomenclature",
    columns=frozenset(["goods code", "hier. pos.", "description"]),
    read=read_nomenclature,
    is_nomenclature=True,
)
