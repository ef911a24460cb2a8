"""What is wrong in the tables of a draft, row by row."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from tariffs.drafting.edits import Files
from tariffs.drafting.golden import BROKEN
from tariffs.drafting.places import (
    AGENCIES,
    FileProblem,
    ends_first,
    formula_problem,
    line_of,
    no_agency,
    no_rule,
)
from tariffs.drafting.tables import CONTROLS, RATES, Record, TableError, read_table
from tariffs.duties.errors import DutyError
from tariffs.duties.parsing import parse_duty
from tariffs.editions import known_names

_FLAGS = ("true", "false")
_PREFIX = re.compile(r"[0-9]{0,10}")
# Rows that agree in these are one rate over time: the engine could not say which of two applies.
_SERIES = (
    *("type", "hs_prefix", "country", "origin", "measure", "preference", "proof"),
    *("quota", "additional_code", "gate"),
)


def rate_problems(files: Files, head: Mapping[str, Any], *, rules: frozenset[str]) -> Iterator[FileProblem]:
    """Yield what is wrong in rates.csv; without a readable pack its formulas are not looked at."""
    known = known_names(head) if head and _is_shaped(head) else None
    gates: set[str] = set()
    by_series: dict[tuple[str, ...], list[Record]] = {}
    for record, trouble in _rows(files, RATES):
        if record is None:
            yield trouble
            continue
        yield from _row_problems(files, RATES, record, rules=rules, needs_rule=False)
        yield from _duty_problems(files, record)
        gates.add(record.values["gate"])
        by_series.setdefault(_series(record), []).append(record)
    for gate in sorted(gates - {""}) if known else ():
        yield from formula_problem(files, file=RATES, text=gate, known=known or frozenset())
    for records in by_series.values():
        yield from _double(records)


def _is_shaped(head: Mapping[str, Any]) -> bool:
    try:
        known_names(head)
    except BROKEN:
        return False
    return True


def _duty_problems(files: Files, record: Record) -> Iterator[FileProblem]:
    expression = record.values.get("expression", "")
    if not expression:
        return
    try:
        parse_duty(expression)
    except DutyError as error:
        start = line_of(files[RATES], number=record.line).find(expression)
        character = start + error.position if start >= 0 else error.position
        yield FileProblem(RATES, str(error), record.line, character, error.fix)


def control_problems(files: Files, *, rules: frozenset[str]) -> Iterator[FileProblem]:
    """Yield what is wrong in controls.csv."""
    for record, trouble in _rows(files, CONTROLS):
        if record is None:
            yield trouble
            continue
        yield from _row_problems(files, CONTROLS, record, rules=rules, needs_rule=True)
        agency, level = record.values.get("agency", ""), record.values.get("level", "")
        if agency not in AGENCIES and not (level == "prohibited" and not agency):
            yield FileProblem(CONTROLS, no_agency(agency), record.line)


def _rows(files: Files, file: str) -> Iterator[tuple[Record | None, FileProblem]]:
    nothing = FileProblem(file, "")
    try:
        table = read_table(files[file])
    except TableError as error:
        message = _("The table cannot be read: %(error)s.") % {"error": error}
        yield None, FileProblem(file, message, error.line)
        return
    missing = [column for column in _COLUMNS[file] if column not in table.columns]
    if missing:
        message = _("The first line lacks the columns %(columns)s.") % {"columns": ", ".join(missing)}
        yield None, FileProblem(file, message, 1, fix=_("Put them back."))
        return
    for record in table.records:
        if record.width != len(table.columns):
            message = _("The row has %(width)d cells instead of %(columns)d.")
            message %= {"width": record.width, "columns": len(table.columns)}
            fix = _("Put a text that holds a comma into double quotes.")
            yield None, FileProblem(file, message, record.line, fix=fix)
        else:
            yield record, nothing


def _row_problems(
    files: Files, file: str, record: Record, *, rules: frozenset[str], needs_rule: bool
) -> Iterator[FileProblem]:
    values = record.values
    prefix, rule = values["hs_prefix"], values["rule"]
    if not _PREFIX.fullmatch(prefix):
        message = _("%(code)s is no beginning of a commodity code.") % {"code": prefix}
        yield FileProblem(file, message, record.line, fix=_("Write up to 10 digits."))
    if rules and rule not in rules and (rule or needs_rule):
        yield FileProblem(file, no_rule(rule), record.line)
    if values["verified"] not in _FLAGS or values["enabled"] not in ("", *_FLAGS):
        yield FileProblem(file, _("verified and enabled are true or false."), record.line)
    yield from _period_problems(file, record)


def _period_problems(file: str, record: Record) -> Iterator[FileProblem]:
    days = []
    for column in ("valid_from", "valid_to"):
        text = record.values[column]
        try:
            days.append(_day(text))
        except ValueError:
            message = _("%(day)s in %(column)s is no day.") % {"day": text, "column": column}
            yield FileProblem(file, message, record.line, fix=_("Write it like 2026-11-23."))
            return
    if days[0] and days[1] and days[1] <= days[0]:
        yield FileProblem(file, ends_first(), record.line)


def _day(text: str) -> date | None:
    if not text:
        return None
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        # Python reads 20261123 and 2026-W48-1 too; days are compared as they are written.
        raise ValueError(text)
    return day


def _series(record: Record) -> tuple[str, ...]:
    return tuple(record.values.get(column, "") for column in _SERIES)


def _double(records: list[Record]) -> Iterator[FileProblem]:
    enabled = [record for record in records if record.values["enabled"] != "false"]
    in_order = sorted(enabled, key=lambda record: record.values["valid_from"])
    for earlier, later in pairwise(in_order):
        end = earlier.values["valid_to"]
        if not end or later.values["valid_from"] < end:
            message = _("The same goods have two rows for the same days, here and at line %(line)d.")
            message %= {"line": earlier.line}
            yield FileProblem(RATES, message, later.line, fix=_("Give the earlier row an end."))


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    RATES: (
        *("type", "hs_prefix", "country", "expression", "gate", "rule", "name_en", "name_zh"),
        *("valid_from", "valid_to", "source", "source_date", "verified", "enabled"),
    ),
    CONTROLS: (
        *("rule", "hs_prefix", "agency", "document_types", "level", "sentence_en", "sentence_zh"),
        *("valid_from", "valid_to", "source", "source_date", "verified", "enabled"),
    ),
}
