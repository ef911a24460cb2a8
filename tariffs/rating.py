"""What rate a type of tax has for a line, before any layer applies it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tariffs.duties.expression import DutyExpression
from tariffs.duties.parsing import parse_duty

_ZERO = Decimal(0)


class RateUnclear(ArithmeticError):
    """The rate is not one percentage, or hangs on a condition that is not judged yet."""


def rate_of(_scope: Mapping[str, Any], line: Mapping[str, Any], kinds: str) -> Decimal:
    """Return the first rate, given or tabled, of the kinds ("consumption|vat") as a fraction; 0 for none.

    Raises RateUnclear.
    """
    duty = _given(line, kinds=kinds)
    if duty is None:
        rows = [row for kind in kinds.split("|") for row in line["rows"].get(kind, ()) if row.duty]
        if any(row.gate for row in rows):
            raise RateUnclear(kinds)
        duty = rows[0].duty if rows else None
    if duty is None:
        return _ZERO
    if duty.fraction is None:
        raise RateUnclear(kinds)
    return duty.fraction


def is_rated(_scope: Mapping[str, Any], line: Mapping[str, Any], kinds: str) -> bool:
    """Tell whether some rate of the kinds could charge the line more than nothing."""
    duty = _given(line, kinds=kinds)
    if duty is not None:
        return bool(duty.fraction != 0)
    rows = [row for kind in kinds.split("|") for row in line["rows"].get(kind, ()) if row.duty]
    return any(row.duty.fraction != 0 for row in rows)


def _given(line: Mapping[str, Any], *, kinds: str) -> DutyExpression | None:
    given = dict(line["item"].given_rates)
    return next((parse_duty(given[kind]) for kind in kinds.split("|") if kind in given), None)
