"""Reads a consignment from JSON values and writes the answer: the contract of `manage.py assess`.

Every problem of a line is found at once, each with its path, code, sentence and mend.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from swindow.problems import Problem, Refused
from tariffs.assessment import assess
from tariffs.duties.parsing import DutyError, parse_duty
from tariffs.editions import ADDITIONAL_TYPES
from tariffs.facts import CannotAssess, ConsignmentFacts, Dates, GivenRate, GoodsFacts, Money
from tariffs.results import TRACE_VERSION, AssessmentResult, ChargeResult
from tariffs.rules import fact_problems
from tariffs.snapshots import as_json

_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,30})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_EVENTS = ("order", "export", "arrival", "acceptance", "payment")
_CONSIGNEES = ("private", "business")
_MODES = ("air", "sea", "road", "rail", "post", "courier")
_ENTRY_TYPES = ("01", "11", "13")
_RATE_KEYS = ("customs_duty", "excise", "consumption", "vat", "gst", "icms", "igst", "postal_tax")
_ADDITIONAL = "additional"


def read_facts(row: Mapping[str, Any]) -> ConsignmentFacts:
    """Return the facts of one input line; raises CannotAssess with every problem."""
    reader = _Reader()
    facts = reader.consignment(row)
    problems = [*reader.problems, *_unread(fact_problems(facts), reader.problems)]
    if problems:
        raise CannotAssess(problems)
    return facts


def _unread(found: Sequence[Problem], known: Sequence[Problem]) -> list[Problem]:
    # What could not be read stands in the facts as 0 or nothing: told once is enough.
    paths = [problem.path for problem in known]
    return [problem for problem in found if not any(path.startswith(problem.path) for path in paths)]


def answer_line(line: str) -> dict[str, Any]:
    """Return the answer to one line of JSON, or its errors."""
    row: Any = None
    try:
        row = json.loads(line, parse_float=str, parse_constant=str)
        if not isinstance(row, dict):
            raise Refused(
                [Problem("", "object", _("The line is not a JSON object."), _("Write one object a line."))]
            )
        if row.get("id") is None:
            raise Refused([Problem("id", "missing", _("The id is missing."), _("Give each line an id."))])
        return write_answer(row["id"], assess(read_facts(row)))
    except (ValueError, RecursionError) as error:
        text = _("The line is not JSON: %(error)s.") % {"error": error}
        problems: tuple[Problem, ...] = (Problem("", "json", text, _("Correct it.")),)
    except Refused as error:
        problems = error.problems
    row_id = row.get("id") if isinstance(row, dict) else None
    return {"id": row_id, "errors": [write_problem(problem) for problem in problems]}


def write_answer(row_id: Any, result: AssessmentResult) -> dict[str, Any]:
    """Return the output line of one assessment, numbers as texts."""
    return {
        "id": row_id,
        "regime": result.regime,
        "route": result.route,
        "outcome": result.outcome,
        "currency": result.currency,
        "customs_value": as_json(result.customs_value),
        "goods_items": [
            {
                "customs_value": as_json(line.customs_value),
                "charges": [_charge(charge) for charge in line.charges],
                "alternatives": as_json(line.alternatives),
            }
            for line in result.goods
        ],
        "fees": [{"type": fee.type, "amount": as_json(fee.amount), "rule": fee.rule} for fee in result.fees],
        "totals": as_json(result.totals),
        "required_documents": as_json(result.required_documents),
        "problems": [write_problem(problem) for problem in result.problems],
        "warnings": [write_problem(problem) for problem in result.warnings],
        "pack_version": result.pack_version,
        "verified": result.verified,
        "trace_version": TRACE_VERSION,
    }


def write_problem(problem: Problem) -> dict[str, str]:
    """Return a problem as the contract writes it."""
    return {
        "path": problem.path,
        "code": problem.code,
        "message": problem.message,
        "fix": problem.fix,
        "rule": getattr(problem, "rule", ""),
    }


_CHARGE_NAMES = (
    *("type", "base", "rate", "amount", "before_waiver", "raw"),
    *("rule", "sentence", "measure", "source", "base_expression", "collector"),
)


def _charge(charge: ChargeResult) -> dict[str, Any]:
    values = {name: as_json(getattr(charge, name)) for name in _CHARGE_NAMES}
    return values | {"expression": charge.duty or charge.expression, "formula": charge.expression}


class _Reader:
    """Collects problems while it reads."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def consignment(self, row: Mapping[str, Any]) -> ConsignmentFacts:
        registration = self._object(row, "seller_registration", path="")
        buyer = self._object(row, "buyer", path="")
        currency = row.get("currency") or self._first_currency(row)
        return ConsignmentFacts(
            jurisdiction=self._text(row, "jurisdiction", path="", is_needed=True),
            dates=self._dates(self._object(row, "dates", path="")),
            goods=self._list(row, "goods_items", self._goods),
            currency=currency,
            regime=self._text(row, "regime", path="") or None,
            consignee_type=self._choice(row, "consignee_type", _CONSIGNEES),
            ship_from=self._text(row, "ship_from", path=""),
            transport_mode=self._optional_choice(row, "transport_mode", _MODES),
            entry_type=self._optional_choice(row, "entry_type", _ENTRY_TYPES),
            registration_scheme=self._text(registration, "scheme", path="seller_registration.") or None,
            registration_number=self._text(registration, "number", path="seller_registration.") or None,
            freight=self._money(row, "freight", path=""),
            insurance=self._money(row, "insurance", path=""),
            carrier_fee=self._money(row, "carrier_fee", path=""),
            prices_include_tax=self._flag(row, "prices_include_tax"),
            buyer_annual_used=self._number(buyer, "annual_used", path="buyer."),
            exchange_rates=self._list(row, "exchange_rates", self._rate),
        )

    def _goods(self, row: Mapping[str, Any], place: int) -> GoodsFacts:
        path = f"goods_items.{place}."
        content = self._object(row, "net_content", path=path)
        price = self._money(row, "item_price", path=path)
        if price is None:
            self._add(f"{path}item_price", "missing", "The price of the line is missing.")
        return GoodsFacts(
            line_no=place + 1,
            commodity_code=self._text(row, "commodity_code", path=path, is_needed=True),
            description=self._text(row, "description", path=path),
            origin=self._text(row, "origin", path=path),
            quantity=self._number(row, "quantity", path=path, default="1"),
            item_price=price or Money(Decimal(0), ""),
            unit=self._text(row, "unit", path=path) or "pcs",
            net_mass_kg=self._number(row, "net_mass_kg", path=path),
            gross_mass_kg=self._number(row, "gross_mass_kg", path=path),
            net_content_value=self._number(content, "value", path=f"{path}net_content.") if content else None,
            net_content_unit=self._text(content, "unit", path=f"{path}net_content."),
            documents=self._texts(row, "documents", path=path),
            preference=self._text(row, "preference", path=path),
            additional_code=self._text(row, "additional_code", path=path),
            retail_price=self._money(row, "retail_price", path=path),
            abv_percent=self._optional_number(row, "abv_percent", path=path),
            supplementary_units=self._quantities(row, path=path),
            given_rates=self._rates(row, path=path),
            given_additional=self._additional(row, path=path),
        )

    def _rate(self, row: Mapping[str, Any], place: int) -> GivenRate:
        path = f"exchange_rates.{place}."
        rate = self._number(row, "rate", path=path)
        if not rate:
            self._add(f"{path}rate", "number", "The exchange rate is not above 0.")
        return GivenRate(
            from_currency=self._text(row, "from", path=path, is_needed=True),
            to_currency=self._text(row, "to", path=path, is_needed=True),
            rate=rate,
            valid_from=self._date(row, "valid_from", path=path),
            valid_to=self._date(row, "valid_to", path=path),
        )

    def _dates(self, row: Mapping[str, Any]) -> Dates:
        return Dates(**{event: self._date(row, event, path="dates.") for event in _EVENTS})

    def _date(self, row: Mapping[str, Any], name: str, *, path: str) -> date | None:
        text = row.get(name)
        if text in (None, ""):
            return None
        try:
            return date.fromisoformat(text)
        except (TypeError, ValueError):
            self._add(f"{path}{name}", "date", f"{text!r} is not a date like 2026-11-22.")
            return None

    def _money(self, row: Mapping[str, Any], name: str, *, path: str) -> Money | None:
        value = self._object(row, name, path=path)
        if not value:
            return None
        currency = self._text(value, "currency", path=f"{path}{name}.", is_needed=True)
        if currency and not _CURRENCY.fullmatch(currency):
            self._add(f"{path}{name}.currency", "currency", f"{currency!r} is not a currency code like EUR.")
        return Money(self._number(value, "amount", path=f"{path}{name}.", default=""), currency)

    def _number(self, row: Mapping[str, Any], name: str, *, path: str, default: str = "0") -> Decimal:
        value = row.get(name)
        text = default if value is None else str(value)
        if isinstance(value, bool) or not _NUMBER.fullmatch(text):
            self._add(f"{path}{name}", "number", f"{value!r} is not a number from 0 up, written like 12.50.")
            return Decimal(0)
        return Decimal(text)

    def _text(self, row: Mapping[str, Any], name: str, *, path: str, is_needed: bool = False) -> str:
        value = row.get(name)
        if value is None or value == "":
            if is_needed:
                self._add(f"{path}{name}", "missing", f"{name} is missing.")
            return ""
        if not isinstance(value, str):
            self._add(f"{path}{name}", "text", f"{name} is not a text.")
            return ""
        return value

    def _choice(self, row: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> Any:
        value = row.get(name) or choices[0]
        if value not in choices:
            self._add(name, "choice", f"{value!r} is not one of {', '.join(choices)}.")
        return value

    def _optional_choice(
        self, row: Mapping[str, Any], name: str, choices: tuple[str, ...], *, path: str = ""
    ) -> str:
        value = self._text(row, name, path=path)
        if value and value not in choices:
            self._add(f"{path}{name}", "choice", f"{value!r} is not one of {', '.join(choices)}.")
        return value

    def _object(self, row: Mapping[str, Any], name: str, *, path: str) -> Mapping[str, Any]:
        value = row.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._add(f"{path}{name}", "object", f"{name} is not an object.")
            return {}
        return value

    def _list(self, row: Mapping[str, Any], name: str, read: Any) -> tuple[Any, ...]:
        value = row.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self._add(name, "list", f"{name} is not a list of objects.")
            return ()
        return tuple([read(one, place) for place, one in enumerate(value)])

    def _first_currency(self, row: Mapping[str, Any]) -> str:
        goods = row.get("goods_items")
        first = goods[0] if isinstance(goods, list) and goods else {}
        price = first.get("item_price") if isinstance(first, dict) else None
        return str(price.get("currency") or "") if isinstance(price, dict) else ""

    def _rates(self, row: Mapping[str, Any], *, path: str) -> tuple[tuple[str, str], ...]:
        rates = self._object(row, "rates", path=path)
        for name in rates:
            if name not in (*_RATE_KEYS, _ADDITIONAL):
                self._add(f"{path}rates.{name}", "choice", f"{name!r} is no rate of {', '.join(_RATE_KEYS)}.")
        given = ((name, rates[name]) for name in _RATE_KEYS if rates.get(name) is not None)
        return tuple([(name, self._duty(text, path=f"{path}rates.{name}")) for name, text in given])

    def _additional(self, row: Mapping[str, Any], *, path: str) -> tuple[tuple[str, str], ...] | None:
        rates = self._object(row, "rates", path=path)
        if rates.get(_ADDITIONAL) is None:
            return None
        path = f"{path}rates."
        return self._list(
            rates, _ADDITIONAL, lambda one, place: self._one_additional(one, f"{path}{_ADDITIONAL}.{place}.")
        )

    def _one_additional(self, row: Mapping[str, Any], path: str) -> tuple[str, str]:
        kind = self._text(row, "type", path=path, is_needed=True)
        if kind and kind not in ADDITIONAL_TYPES:
            self._add(
                f"{path}type", "choice", f"{kind!r} is not one of {', '.join(sorted(ADDITIONAL_TYPES))}."
            )
        return kind, self._duty(row.get("expression"), path=f"{path}expression")

    def _duty(self, text: Any, *, path: str) -> str:
        try:
            return parse_duty(text if isinstance(text, str) else str(text)).text
        except DutyError as error:
            self.problems.append(
                Problem(path=path, code="duty_expression", message=str(error), fix=error.fix)
            )
            return ""

    def _quantities(self, row: Mapping[str, Any], *, path: str) -> tuple[tuple[str, Decimal], ...]:
        units = self._object(row, "supplementary_units", path=path)
        path = f"{path}supplementary_units."
        return tuple([(unit.lower(), self._number(units, unit, path=path)) for unit in units])

    def _optional_number(self, row: Mapping[str, Any], name: str, *, path: str) -> Decimal | None:
        return None if row.get(name) is None else self._number(row, name, path=path)

    def _texts(self, row: Mapping[str, Any], name: str, *, path: str) -> frozenset[str]:
        value = row.get(name)
        if value is None:
            return frozenset()
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self._add(f"{path}{name}", "list", f"{name} is not a list of texts.")
            return frozenset()
        return frozenset(value)

    def _flag(self, row: Mapping[str, Any], name: str) -> bool:
        value = row.get(name)
        if value not in (None, True, False):
            self._add(name, "flag", f"{name} is neither true nor false.")
        return value is True

    def _add(self, path: str, code: str, message: str) -> None:
        self.problems.append(Problem(path=path, code=code, message=message, fix="Correct it."))
