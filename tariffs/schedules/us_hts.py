"""The USITC's export of the Harmonized Tariff Schedule, as CSV or JSON.

Statistical lines of ten digits carry no rate: they inherit that of their eight digits. The general rate is
not for the countries of column 2 (General Note 3(b)).
"""

import json
import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from tariffs.models import MeasureType, ScheduleSource
from tariffs.schedules.cells import depth, plain
from tariffs.schedules.rows import Format, NotRead, Read, ReadLine, ReadMeasure, Row, Unread

# General Note 3(b): Cuba and North Korea; Russia and Belarus since April 2022 (Public Law 117-110).
COLUMN_TWO = "BY CU KP RU"
# A special rate whose programmes cannot be read applies to nobody in particular.
UNSTATED = "special"
_NUMBER = re.compile(r"\d{4}(?:\.?\d{2}){0,3}", re.ASCII)
_FOOTNOTE = re.compile(r"(?:\s*\d+/)+$")
_PROGRAMME = r"[A-Z]{1,2}[+*#]?"
_SPECIAL = re.compile(rf"([^()]+?)\s*\(\s*({_PROGRAMME}(?:\s*,\s*{_PROGRAMME})*)\s*\)\s*[;,]?\s*")
_RATES = ("general rate of duty", "special rate of duty", "column 2 rate of duty", "additional duties")


def read_lines(rows: Iterable[Row]) -> Iterator[Read]:
    """Yield lines and measures; a line without a number waits for the next that has one."""
    waiting: list[ReadLine] = []
    last = ""
    for row in rows:
        number, problem = row.get("hts number"), _problem(row)
        if problem:
            yield Unread(row.number, number, row.get("description"), problem)
        elif not number:
            waiting.append(_line(row, code=""))
        else:
            last = number.replace(".", "")
            yield from _with_code(waiting, code=last)
            waiting.clear()
            yield _line(row, code=last)
            yield from _measures(row, code=last)
    for line in waiting:
        yield Unread(line.row, "", line.description, _("No line with a number follows."))


def _problem(row: Row) -> str:
    number = row.get("hts number")
    if number and not _NUMBER.fullmatch(number):
        return _("“%(number)s” is not a number of the schedule.") % {"number": number}
    try:
        depth(row.get("indent"))
    except NotRead as error:
        return str(error)
    if not number and any(row.get(column) for column in _RATES):
        return _("A rate stands on a line without a number.")
    return ""


def _line(row: Row, *, code: str) -> ReadLine:
    return ReadLine(
        row=row.number,
        code=code,
        indent=depth(row.get("indent")) + 1,
        description=plain(row.get("description")),
        unit=_units(row.get("unit of quantity")),
        is_intermediate=not code,
    )


def _with_code(waiting: Iterable[ReadLine], *, code: str) -> Iterator[ReadLine]:
    for line in waiting:
        yield ReadLine(line.row, code, line.indent, line.description, line.unit, is_intermediate=True)


def _units(text: str) -> str:
    # The export writes a list in one cell: ["doz.","kg"].
    if text.startswith("["):
        try:
            return ", ".join(str(unit) for unit in json.loads(text))
        except json.JSONDecodeError:
            return text
    return text


def _rate(text: str) -> str:
    return _FOOTNOTE.sub("", plain(text))


def _measures(row: Row, *, code: str) -> Iterator[ReadMeasure]:
    general, special, second, more = (_rate(row.get(column)) for column in _RATES)
    if general:
        yield ReadMeasure(
            row.number,
            code,
            MeasureType.THIRD_COUNTRY,
            general,
            type_code="general",
            excluded_origins=COLUMN_TWO,
        )
    if special:
        yield from special_rates(special, row=row.number, code=code)
    if second:
        yield ReadMeasure(
            row.number, code, MeasureType.THIRD_COUNTRY, second, type_code="column 2", origins=COLUMN_TWO
        )
    if more:
        yield ReadMeasure(row.number, code, MeasureType.ADDITIONAL, more, type_code="additional")
    if quota := row.get("quota quantity"):
        yield ReadMeasure(row.number, code, MeasureType.QUOTA, "", type_code="quota", conditions=quota)


def special_rates(text: str, *, row: int, code: str) -> Iterator[ReadMeasure]:
    """Yield one measure a rate: "Free (AU,KR) 3.4% (JP)" are two; a text of another form is kept whole."""
    place = 0
    found: list[ReadMeasure] = []
    while place < len(text):
        match = _SPECIAL.match(text, place)
        if match is None:
            yield ReadMeasure(
                row,
                code,
                MeasureType.PREFERENCE,
                text,
                type_code="special",
                origins=UNSTATED,
                problem=_("The programmes of the special rate are not told after it in brackets."),
            )
            return
        origins = " ".join(match.group(2).replace(",", " ").split())
        rate = _rate(match.group(1))
        found.append(
            ReadMeasure(row, code, MeasureType.PREFERENCE, rate, type_code="special", origins=origins)
        )
        place = match.end()
    yield from found


EXPORT = Format(
    source=ScheduleSource.US_HTS,
    name="USITC export",
    columns=frozenset(
        [
            "hts number",
            "indent",
            "description",
            "unit of quantity",
            "general rate of duty",
            "special rate of duty",
            "column 2 rate of duty",
        ]
    ),
    read=read_lines,
    is_nomenclature=True,
)
