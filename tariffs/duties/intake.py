"""Reads one duty to work out from JSON values and writes the answer: the contract of `manage.py duty`.

Every problem of a line is found at once, each with its path, code, sentence, mend and, in the expression, its
character.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from tariffs.duties.currencies import is_currency, to_minor_unit
from tariffs.duties.errors import DutyError
from tariffs.duties.evaluating import DutyAmount, DutyQuantityMissing, Measured, describe, evaluate
from tariffs.duties.expression import DutyExpression
from tariffs.duties.parsing import parse_duty
from tariffs.duties.units import ABV, RETAIL_PRICE, SUCROSE, quantity_code

_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,30})?", re.ASCII)
_WHOLE = Decimal(100)
_FIELDS = frozenset({ABV, SUCROSE, RETAIL_PRICE})


@dataclass(frozen=True, slots=True)
class DutyProblem:
    """One thing to mend in a line; `position` counts the characters of the expression from 1."""

    path: str
    code: str
    message: str
    fix: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class _Rate:
    """1 `sold` = `rate` `bought`; the end is exclusive."""

    sold: str
    bought: str
    rate: Decimal
    valid_from: date | None
    valid_to: date | None

    def is_valid(self, on: date | None) -> bool:
        return on is None or (
            (self.valid_from is None or self.valid_from <= on)
            and (self.valid_to is None or on < self.valid_to)
        )


class _CannotWorkOut(Exception):
    """The line has problems."""

    def __init__(self, problems: Sequence[DutyProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in problems))


def answer_line(line: str) -> dict[str, Any]:
    """Return the answer to one line of JSON, or its errors."""
    row: Any = None
    try:
        row = json.loads(line, parse_float=str, parse_constant=str)
        if not isinstance(row, dict):
            message = _("The line is not a JSON object.")
            raise _CannotWorkOut([DutyProblem("", "object", message, _("Write one object a line."))])
        return _answer(row)
    except _CannotWorkOut as error:
        problems = error.problems
    except (ValueError, RecursionError) as error:
        message = _("The line is not JSON: %(error)s.") % {"error": error}
        problems = (DutyProblem("", "json", message, _("Correct it.")),)
    row_id = row.get("id") if isinstance(row, dict) else None
    return {"id": row_id, "errors": [_written(problem) for problem in problems]}


def _answer(row: Mapping[str, Any]) -> dict[str, Any]:
    reader = _Reader(row)
    duty, value, measured = reader.read()
    if duty is None or reader.problems:
        raise _CannotWorkOut(reader.problems)
    try:
        found = evaluate(duty, value, measured=measured)
    except DutyQuantityMissing as error:
        raise _CannotWorkOut([_missing(unit, position=error.position) for unit in error.units]) from error
    except DutyError as error:
        raise _CannotWorkOut([_misread(error)]) from error
    return {"id": row.get("id"), **_amount(found, currency=reader.currency)}


def _amount(found: DutyAmount, *, currency: str) -> dict[str, Any]:
    steps = [
        {"expression": step.expression, "working": step.working, "amount": format(step.amount, "f")}
        for step in found.steps
    ]
    return {
        "amount": format(to_minor_unit(found.amount, currency=currency), "f"),
        "raw": format(found.amount, "f"),
        "currency": currency,
        "steps": steps,
    }


def _written(problem: DutyProblem) -> dict[str, Any]:
    return {
        "path": problem.path,
        "code": problem.code,
        "message": problem.message,
        "fix": problem.fix,
        "position": problem.position,
    }


def _misread(error: DutyError) -> DutyProblem:
    return DutyProblem("expression", "expression", str(error), error.fix, error.position)


def _missing(unit: str, *, position: int | None) -> DutyProblem:
    path = unit if unit in _FIELDS else f"quantities.{unit}"
    message = _("The duty counts what is not given: %(name)s.") % {"name": describe(unit)}
    return DutyProblem(path, "quantity_missing", message, _("Give %(path)s.") % {"path": path}, position)


class _Reader:
    """Collects problems while it reads."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.problems: list[DutyProblem] = []
        self._row = row
        self.currency = self._currency(row.get("currency"), path="currency")

    def read(self) -> tuple[DutyExpression | None, Decimal, Measured]:
        """Return the duty, the customs value and what is measured."""
        duty = self._duty()
        value = self._number(self._row.get("customs_value"), path="customs_value")
        if value is None and duty is not None and duty.needs_value and self._row.get("customs_value") is None:
            self._add(
                "customs_value", "missing", _("The customs value is missing."), _("Give customs_value.")
            )
        on = self._day(self._row.get("on"), path="on")
        if duty is not None and duty.is_seasonal and self._row.get("on") is None:
            message = _("The duty depends on the season.")
            self._add("on", "missing", message, _("Give the day as on, like 2026-11-22."))
        convert = self._exchange(duty.currencies if duty else frozenset(), on=on)
        needed = duty.units if duty else frozenset()
        return duty, value or Decimal(0), self._measured(convert, on=on, needed=needed)

    def _measured(
        self, convert: Callable[[Decimal, str], Decimal], *, on: date | None, needed: frozenset[str]
    ) -> Measured:
        return Measured(
            quantities=self._quantities(self._object("quantities"), needed=needed),
            abv_percent=self._share("abv_percent"),
            sucrose_percent=self._share("sucrose_percent"),
            retail_price=self._retail_price(convert),
            convert=convert,
            on=on,
        )

    def _duty(self) -> DutyExpression | None:
        text = self._row.get("expression")
        if not isinstance(text, str):
            message = _("The expression is missing or is not a text.")
            self._add("expression", "missing", message, _("Give for example 2.50 EUR / 100 kg or 5%."), 1)
            return None
        try:
            return parse_duty(text, currency=self.currency or None)
        except DutyError as error:
            self.problems.append(_misread(error))
            return None

    def _quantities(self, given: Mapping[str, Any], *, needed: frozenset[str]) -> dict[str, Decimal]:
        read: dict[str, Decimal] = {}
        known: dict[str, Decimal] = {}
        for name, told in given.items():
            value = self._number(told, path=f"quantities.{name}")
            if value is None:
                continue
            code, size = quantity_code(name)
            # Only a quantity that the duty counts must be told once: 80 l and 2 m3 do not hurt a percentage.
            if code in needed and known.setdefault(code, value * size) != value * size:
                message = _("%(unit)s is told twice, and not alike.") % {"unit": code}
                self._add(f"quantities.{name}", "contradiction", message, _("Leave one of them out."))
            read[name] = value
        return read

    def _share(self, name: str) -> Decimal | None:
        value = self._number(self._row.get(name), path=name)
        if value is not None and value > _WHOLE:
            self._add(name, "number", _("A share is above 100 per cent."), _("Correct it."))
        return value

    def _retail_price(self, convert: Callable[[Decimal, str], Decimal]) -> Decimal | None:
        told = self._row.get("retail_price")
        if not isinstance(told, dict):
            return self._number(told, path="retail_price")
        amount = self._number(told.get("amount"), path="retail_price.amount")
        currency = self._currency(told.get("currency"), path="retail_price.currency")
        if amount is None or not currency or not self._can_convert(convert, currency):
            return None
        return convert(amount, currency)

    def _can_convert(self, convert: Callable[[Decimal, str], Decimal], currency: str) -> bool:
        try:
            convert(Decimal(1), currency)
        except KeyError:
            self._add_rate_missing(currency)
            return False
        return True

    def _exchange(self, currencies: frozenset[str], *, on: date | None) -> Callable[[Decimal, str], Decimal]:
        rates = [rate for rate in self._rates() if rate.is_valid(on)]
        exchange = _Exchange(rates, to=self.currency)
        for currency in sorted(currencies):
            if self.currency:
                self._can_convert(exchange, currency)
        for currency in exchange.ambiguous():
            message = _("Several exchange rates are given for %(currency)s.") % {"currency": currency}
            self._add("exchange_rates", "contradiction", message, _("Give one, or the day as on."))
        return exchange

    def _rates(self) -> list[_Rate]:
        told = self._row.get("exchange_rates")
        if told is None:
            return []
        if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
            message = _("exchange_rates is not a list of objects.")
            self._add("exchange_rates", "list", message, _("Correct it."))
            return []
        read = [self._rate(one, path=f"exchange_rates.{place}.") for place, one in enumerate(told)]
        return [rate for rate in read if rate is not None]

    def _rate(self, told: Mapping[str, Any], *, path: str) -> _Rate | None:
        sold = self._currency(told.get("from"), path=f"{path}from")
        bought = self._currency(told.get("to"), path=f"{path}to")
        rate = self._number(told.get("rate"), path=f"{path}rate")
        if not rate:
            if rate is not None or told.get("rate") is None:
                self._add(f"{path}rate", "number", _("The exchange rate is not above 0."), _("Correct it."))
            return None
        begin = self._day(told.get("valid_from"), path=f"{path}valid_from")
        return _Rate(sold, bought, rate, begin, self._day(told.get("valid_to"), path=f"{path}valid_to"))

    def _object(self, name: str) -> Mapping[str, Any]:
        told = self._row.get(name)
        if told is None or isinstance(told, dict):
            return told or {}
        self._add(name, "object", _("%(name)s is not an object.") % {"name": name}, _("Correct it."))
        return {}

    def _number(self, told: Any, *, path: str) -> Decimal | None:
        if told is None:
            return None
        if isinstance(told, bool) or not _NUMBER.fullmatch(str(told)):
            message = _("%(value)r is not a number from 0 up, written like 12.50.") % {"value": told}
            self._add(path, "number", message, _("Correct it."))
            return None
        return Decimal(str(told))

    def _day(self, told: Any, *, path: str) -> date | None:
        if told in (None, ""):
            return None
        try:
            return date.fromisoformat(told)
        except (TypeError, ValueError):
            message = _("%(value)r is not a date like 2026-11-22.") % {"value": told}
            self._add(path, "date", message, _("Correct it."))
            return None

    def _currency(self, told: Any, *, path: str) -> str:
        if isinstance(told, str) and is_currency(told.strip().upper()):
            return told.strip().upper()
        message = _("%(value)r is not a currency code like EUR.") % {"value": told}
        self._add(path, "currency", message, _("Correct it."))
        return ""

    def _add_rate_missing(self, currency: str) -> None:
        pair = {"currency": currency, "local": self.currency}
        message = _("There is no exchange rate from %(currency)s to %(local)s.") % pair
        if any(problem.message == message for problem in self.problems):
            return
        self._add("exchange_rates", "exchange_rate_missing", message, _("Give the rate in exchange_rates."))

    def _add(self, path: str, code: str, message: str, fix: str, position: int | None = None) -> None:
        self.problems.append(DutyProblem(path, code, message, fix, position))


class _Exchange:
    """Converts into the local currency by the rates of the line; raises KeyError without one."""

    def __init__(self, rates: Sequence[_Rate], *, to: str) -> None:
        self._to = to
        self._direct = self._by_currency((rate.sold, rate.rate) for rate in rates if rate.bought == to)
        self._inverse = self._by_currency((rate.bought, rate.rate) for rate in rates if rate.sold == to)

    def __call__(self, amount: Decimal, currency: str) -> Decimal:
        """Return the amount in the local currency, not rounded."""
        if currency == self._to:
            return amount
        if currency in self._direct:
            return amount * self._direct[currency][0]
        return amount / self._inverse[currency][0]

    def ambiguous(self) -> list[str]:
        """Return the currencies that have two rates at once."""
        return sorted(
            currency
            for rates in (self._direct, self._inverse)
            for currency, found in rates.items()
            if len(set(found)) > 1
        )

    def _by_currency(self, pairs: Any) -> dict[str, list[Decimal]]:
        found: dict[str, list[Decimal]] = {}
        for currency, rate in pairs:
            found.setdefault(currency, []).append(rate)
        return found
