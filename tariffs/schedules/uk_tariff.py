"""The United Kingdom's tariff as open data: measures, commodities, and the plain list of 2021.

Source: Department for Business and Trade, data API, data set uk-tariff-2021-01-01; UK Global Tariff, 2021.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from tariffs.models import MeasureType, ScheduleSource
from tariffs.schedules.cells import after, day, depth, listed, padded_code, plain, trimmed
from tariffs.schedules.measure_types import measure_type
from tariffs.schedules.rows import Format, NotRead, Read, ReadLine, ReadMeasure, Row, Unread

# Suffix 80 is the product line itself, every other suffix a text between lines.
_OWN_LINE = "80"


def read_measures(rows: Iterable[Row]) -> Iterator[Read]:
    """Yield the measures, and each commodity that they name for the first time."""
    known: set[str] = set()
    for row in rows:
        try:
            measure = _measure(row)
            line = None if measure.code in known else _line_of_measure(row, code=measure.code)
        except NotRead as error:
            yield Unread(
                row.number, row.get("commodity__code"), row.get("measure__duty_expression"), str(error)
            )
            continue
        if line is not None:
            known.add(line.code)
            yield line
        yield measure


def _measure(row: Row) -> ReadMeasure:
    number = row.get("measure__type__id")
    return ReadMeasure(
        row=row.number,
        code=padded_code(row.get("commodity__code")),
        measure_type=measure_type(number),
        expression=plain(row.get("measure__duty_expression")),
        type_code=number,
        type_name=row.get("measure__type__description"),
        origins=listed(row.get("measure__geographical_area__id")),
        excluded_origins=listed(row.get("measure__excluded_geographical_areas__ids")),
        order_number=row.get("measure__quota__order_number"),
        additional_code=row.get("measure__additional_code__code"),
        conditions=row.get("measure__conditions"),
        legal_base=row.get("measure__regulation__id"),
        valid_from=day(row.get("measure__effective_start_date")),
        valid_to=after(day(row.get("measure__effective_end_date"))),
    )


def _line_of_measure(row: Row, *, code: str) -> ReadLine:
    indent = row.get("commodity__indent")
    below = depth(indent) + 1 if indent else len(code) // 2 - 1
    text = plain(row.get("commodity__description"))
    return ReadLine(row.number, code, 0 if len(code) == 2 else below, text)


@dataclass(frozen=True, slots=True)
class _Commodity:
    row: int
    sid: str
    parent: str
    code: str
    suffix: str
    description: str
    valid_from: date | None
    valid_to: date | None


def read_commodities(rows: Iterable[Row]) -> Iterator[Read]:
    """Yield the lines of the commodities report in the order of their tree."""
    below: dict[str, list[_Commodity]] = {}
    known: set[str] = set()
    for row in rows:
        try:
            commodity = _commodity(row)
        except NotRead as error:
            yield Unread(
                row.number, row.get("commodity__code"), row.get("commodity__description"), str(error)
            )
            continue
        known.add(commodity.sid)
        below.setdefault(commodity.parent, []).append(commodity)
    yield from _lost(below, known=known)
    yield from _tree(below)


def _commodity(row: Row) -> _Commodity:
    return _Commodity(
        row=row.number,
        sid=row.get("commodity__sid"),
        parent=row.get("parent__sid"),
        code=padded_code(row.get("commodity__code")),
        suffix=row.get("commodity__suffix"),
        description=plain(row.get("commodity__description")),
        valid_from=day(row.get("commodity__validity_start")),
        valid_to=after(day(row.get("commodity__validity_end"))),
    )


def _lost(below: dict[str, list[_Commodity]], *, known: set[str]) -> Iterator[Unread]:
    for parent in [parent for parent in below if parent and parent not in known]:
        for one in below[parent]:
            yield Unread(one.row, one.code, one.description, _("The line above it is not in the file."))


def _tree(below: dict[str, list[_Commodity]]) -> Iterator[ReadLine]:
    waiting = [(one, 0) for one in reversed(_in_order(below.get("", [])))]
    while waiting:
        one, indent = waiting.pop()
        yield ReadLine(
            row=one.row,
            code=one.code,
            indent=indent,
            description=one.description,
            is_intermediate=one.suffix != _OWN_LINE,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
        )
        # Each list is taken once, so a file whose lines stand above one another cannot keep us here.
        waiting.extend((child, indent + 1) for child in reversed(_in_order(below.pop(one.sid, []))))


def _in_order(commodities: list[_Commodity]) -> list[_Commodity]:
    return sorted(commodities, key=lambda one: (one.code.ljust(10, "0"), one.suffix))


def read_global_tariff(rows: Iterable[Row]) -> Iterator[Read]:
    """Yield a line and its third country duty for each row of the plain list."""
    for row in rows:
        code = row.get("commodity")
        if not (code.isascii() and code.isdecimal() and len(code) in (8, 10)):
            yield Unread(
                row.number, code, row.get("ukgt_duty_rate"), _("The code does not have 8 or 10 digits.")
            )
            continue
        code = trimmed(code)
        yield ReadLine(row.number, code, len(code) // 2 - 1, plain(row.get("description")))
        yield ReadMeasure(
            row.number,
            code,
            MeasureType.THIRD_COUNTRY,
            plain(row.get("ukgt_duty_rate")),
            type_code="103",
            origins="1011",
        )


MEASURES = Format(
    source=ScheduleSource.UK_TARIFF,
    name="measures as defined, or on declarable commodities",
    columns=frozenset(
        [
            "commodity__code",
            "measure__type__id",
            "measure__type__description",
            "measure__duty_expression",
            "measure__effective_start_date",
            "measure__effective_end_date",
            "measure__geographical_area__id",
        ]
    ),
    read=read_measures,
)
COMMODITIES = Format(
    source=ScheduleSource.UK_TARIFF,
    name="commodities report",
    columns=frozenset(
        ["commodity__sid", "commodity__code", "commodity__suffix", "commodity__description", "parent__sid"]
    ),
    read=read_commodities,
    is_nomenclature=True,
)
GLOBAL_TARIFF = Format(
    source=ScheduleSource.UK_TARIFF,
    name="UK Global Tariff of 2021",
    columns=frozenset(["commodity", "description", "ukgt_duty_rate"]),
    read=read_global_tariff,
)
