"""Reads an official table, CSV with one rate a line, and names every mistake at once."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from swindow.problems import Problem, Refused
from tariffs.exchange.tables import OfficialRate

COLUMNS = ("from", "to", "rate", "valid_from", "valid_to", "source")
_CURRENCY = re.compile(r"[A-Z]{3}")
# As many digits as the column of the database holds.
_RATE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
# date.fromisoformat also reads weeks and days without hyphens.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_SOURCE = 200
_SHOWN = 40


def read_table(content: bytes) -> tuple[OfficialRate, ...]:
    """Return the rates in the order of the file; raises Refused with every mistake by line and column."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = _("The file is not UTF-8: byte %(place)s.") % {"place": error.start + 1}
        raise Refused([Problem("file", "encoding", message, _("Save it as CSV in UTF-8."))]) from error
    # csv reads the whole file here: a line break in quotes keeps its line number right.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise Refused([_problem(reader.line_num, "csv", _("The line is not CSV: %s.") % error)]) from error
    return _rates(lines)


def _rates(lines: Sequence[tuple[int, list[str]]]) -> tuple[OfficialRate, ...]:
    header = tuple(cell.strip() for cell in lines[0][1]) if lines else ()
    if sorted(header) != sorted(COLUMNS):
        message = _("The first line must name the columns %(columns)s.") % {"columns": ", ".join(COLUMNS)}
        raise Refused([Problem("line 1", "columns", message, _("Correct the first line."))])
    table = _Table()
    for number, cells in lines[1:]:
        table.take(number, header=header, cells=[cell.strip() for cell in cells])
    if len(lines) == 1:
        message = _("The file has no rates.")
        raise Refused([Problem("file", "empty", message, _("Choose the file with the rates."))])
    table.find_overlaps()
    if table.problems:
        raise Refused(table.problems)
    return tuple(rate for _number, rate in table.rates)


class _Table:
    """The rates of a file so far with their lines, and what could not be read."""

    def __init__(self) -> None:
        self.rates: list[tuple[int, OfficialRate]] = []
        self.problems: list[Problem] = []

    def take(self, number: int, *, header: Sequence[str], cells: Sequence[str]) -> None:
        """Read one line."""
        if len(cells) != len(header):
            message = _("%(given)s cells instead of %(needed)s.") % {
                "given": len(cells),
                "needed": len(header),
            }
            self.problems.append(_problem(number, "cells", message))
            return
        row = dict(zip(header, cells, strict=True))
        mistakes = _mistakes(row)
        self.problems += [_problem(number, column, message) for column, message in mistakes]
        if not mistakes:
            self.rates.append((number, _official_rate(row)))

    def find_overlaps(self) -> None:
        """Note every rate that begins before another of its pair has ended."""
        ordered = sorted(self.rates, key=lambda item: (_pair(item[1]), item[1].valid_from, item[0]))
        for (first_number, first), (number, rate) in pairwise(ordered):
            if _pair(first) == _pair(rate) and rate.valid_from < first.valid_to:
                message = _("%(from)s to %(to)s has a rate for the same days in line %(line)s.") % {
                    "from": rate.from_currency,
                    "to": rate.to_currency,
                    "line": first_number,
                }
                self.problems.append(_problem(number, "valid_from", message))


def _mistakes(row: Mapping[str, str]) -> list[tuple[str, str]]:
    found = [
        (column, _("%s is not a currency code like USD.") % _shown(row[column]))
        for column in ("from", "to")
        if not _CURRENCY.fullmatch(row[column])
    ]
    if not found and row["from"] == row["to"]:
        found.append(("to", _("Both currencies are %s.") % row["to"]))
    if not _RATE.fullmatch(row["rate"]) or not Decimal(row["rate"]):
        text = _("%s is not a rate above 0 like 7.1234, of at most 12 digits before and after the point.")
        found.append(("rate", text % _shown(row["rate"])))
    if not 0 < len(row["source"]) <= _LONGEST_SOURCE or not row["source"].isprintable():
        found.append(("source", _("The source is missing, longer than 200 characters or not plain text.")))
    return found + _date_mistakes(row)


def _date_mistakes(row: Mapping[str, str]) -> list[tuple[str, str]]:
    first, end = _date(row["valid_from"]), _date(row["valid_to"])
    found = [
        (column, _("%s is not a date like 2026-11-22.") % _shown(row[column]))
        for column, day in (("valid_from", first), ("valid_to", end))
        if day is None
    ]
    if first is not None and end is not None and end <= first:
        found.append(
            ("valid_to", _("The end, a day on which the rate is no longer used, is not after the start."))
        )
    return found


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _official_rate(row: Mapping[str, str]) -> OfficialRate:
    return OfficialRate(
        from_currency=row["from"],
        to_currency=row["to"],
        rate=Decimal(row["rate"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]),
        source=row["source"],
    )


def _pair(rate: OfficialRate) -> tuple[str, str]:
    return rate.from_currency, rate.to_currency


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def _problem(number: int, column: str, message: str) -> Problem:
    path = f"line {number}, {column}"
    return Problem(path, "unread", f"{path}: {message}", _("Correct the line and load the whole file again."))
