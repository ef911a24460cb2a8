"""A question to the calculator as it stands in an address, and as the facts that the law judges."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from swindow.problems import Problem
from tariffs.forms.calculator import ConsignmentForm, LineForm
from tariffs.jurisdictions import currency_of

MOST_LINES = 20
# The number of lines, empty ones too.
COUNT = "lines"
_LINE = re.compile(r"([1-9][0-9]?)-([a-z_]+)", re.ASCII)
_LINE_PROBLEM = re.compile(r"goods_items\.([0-9]+)\.?(.*)", re.ASCII)
_PLACES = {
    "jurisdiction": "country",
    "dates.acceptance": "day",
    "dates.order": "ordered_on",
    "dates.export": "exported_on",
    "dates.arrival": "arrived_on",
    "seller_registration": "registration_scheme",
    "seller_registration.scheme": "registration_scheme",
    "seller_registration.number": "registration_number",
    "buyer.annual_used": "annual_used",
    "exchange_rates": "exchange_rate",
}
_AT_IMPORT = ("acceptance", "payment")
_LINE_PLACES = {
    "item_price": "price",
    "net_content": "net_content_value",
    "supplementary_units": "counted_value",
    "rates.customs_duty": "duty_rate",
    "rates": "commodity_code",
}
# What a line may hold and still be empty.
_USUAL = frozenset(("quantity", "origin"))
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, field by field; an empty field is left out, so that addresses stay short."""

    consignment: Fields
    lines: tuple[Fields, ...]

    @staticmethod
    def of(data: QueryDict, *, today: date) -> "Typed":
        """Return what an address or a sent form holds; what is not said is the usual."""
        usual = {"consignee_type": ["private"], "day": [today.isoformat()]}
        consignment = usual | dict(_filled(data, ConsignmentForm.base_fields, prefix=""))
        return Typed(consignment, tuple(_lines(data)))

    def query(self, **more: str) -> str:
        """Return it as the query of an address."""
        return urlencode([*self.pairs(), *more.items()])

    def pairs(self) -> list[tuple[str, str]]:
        """Return every name with its value, lines numbered from 1."""
        found = [(name, value) for name, values in self.consignment.items() for value in values]
        for place, line in enumerate(self.lines, start=1):
            found += [(f"{place}-{name}", value) for name, values in line.items() for value in values]
        return [*found, (COUNT, str(len(self.lines)))]

    def with_line(self) -> "Typed":
        """Return it with one more line, made where the last one is."""
        last = self.lines[-1] if self.lines else {}
        usual = {name: last[name] for name in ("origin",) if name in last}
        return replace(self, lines=(*self.lines, {"quantity": ["1"], **usual})[:MOST_LINES])

    def without_line(self, number: int) -> "Typed":
        """Return it without the line of that number; one line stays."""
        kept = tuple(line for place, line in enumerate(self.lines, start=1) if place != number)
        return replace(self, lines=kept or ({"quantity": ["1"]},))

    def without_empty_lines(self) -> "Typed":
        """Return it without the lines in which nothing was typed; one line stays."""
        filled = tuple(line for line in self.lines if line.keys() - _USUAL)
        return replace(self, lines=filled or self.lines[:1])

    def with_line_fields(self, number: int, **fields: Sequence[str]) -> "Typed":
        """Return it with other values in the line of that number."""
        lines = tuple(
            {**line, **fields} if place == number else line for place, line in enumerate(self.lines, start=1)
        )
        return replace(self, lines=lines)

    def with_fields(self, **fields: Sequence[str]) -> "Typed":
        """Return it with other values of the consignment."""
        return replace(self, consignment={**self.consignment, **fields})


def _filled(data: QueryDict, names: Any, *, prefix: str) -> Iterator[tuple[str, list[str]]]:
    for name in names:
        values = [value for value in data.getlist(prefix + name) if value.strip()]
        if values:
            yield name, values


def _lines(data: QueryDict) -> Iterator[Fields]:
    numbered = (_LINE.fullmatch(key) for key in data)
    numbers = {int(match[1]) for match in numbered if match and match[2] in LineForm.base_fields}
    told = data.get(COUNT, "")
    count = int(told) if re.fullmatch("[0-9]{1,2}", told, re.ASCII) else 1
    for number in sorted({*numbers, *range(1, max(count, 1) + 1)})[:MOST_LINES]:
        yield {"quantity": ["1"]} | dict(_filled(data, LineForm.base_fields, prefix=f"{number}-"))


class Question:
    """The forms of what was typed. While it is still being put together nothing is called wrong."""

    def __init__(self, typed: Typed, *, is_judged: bool) -> None:
        self.typed = typed
        self.is_judged = is_judged
        if is_judged:
            data: Any = MultiValueDict[str, str]()
            for name, value in typed.pairs():
                data.appendlist(name, value)
            self.consignment = ConsignmentForm(data)
            self.lines = [LineForm(data, prefix=str(place)) for place, _line in self._numbered()]
        else:
            self.consignment = ConsignmentForm(initial=_initial(typed.consignment, of=ConsignmentForm))
            self.lines = [
                LineForm(initial=_initial(line, of=LineForm), prefix=str(place))
                for place, line in self._numbered()
            ]

    @property
    def forms(self) -> list[ConsignmentForm | LineForm]:
        """Return every form, for the list of what is wrong."""
        return [self.consignment, *self.lines]

    def is_valid(self) -> bool:
        """Tell whether all forms are filled in well; looks at every one."""
        wrong = [form for form in self.forms if not form.is_valid()]
        return not wrong

    def row(self) -> dict[str, Any]:
        """Return the question as a line of `manage.py assess`, the one way in; only when it is valid."""
        said = self.consignment.cleaned_data
        currency = said["currency"]
        registration = {"scheme": said["registration_scheme"], "number": said["registration_number"]}
        return {
            "jurisdiction": said["country"],
            "regime": said["regime"] or None,
            "dates": _dates(said),
            "consignee_type": said["consignee_type"],
            "ship_from": said["ship_from"],
            "transport_mode": said["transport_mode"],
            "seller_registration": registration if said["registration_scheme"] else None,
            "buyer": {"annual_used": _text(said["annual_used"])},
            "currency": currency,
            **{name: _money(said[name], currency) for name in ("freight", "insurance", "carrier_fee")},
            "prices_include_tax": said["prices_include_tax"],
            "exchange_rates": _rates(said),
            "goods_items": [_goods(form.cleaned_data, currency=currency) for form in self.lines],
        }

    def add_problems(self, problems: Sequence[Problem]) -> None:
        """Show each problem of the law beside the field that mends it."""
        for problem in problems:
            code = getattr(problem, "rule", "") or problem.code
            form, name = self._place(problem.path)
            form.add_problem(name, f"{problem.message} {_fix(problem)}".strip(), code=code)

    @property
    def problems(self) -> list[Problem]:
        """Return everything that is wrong, each under its field's identifier and with its line's number."""
        found, colon = [], pgettext("between parts", ": ")
        for number, form in enumerate(self.forms if self.is_judged else ()):
            line = _("Line %(number)d, ") % {"number": number} if number else ""
            for name, errors in form.errors.as_data().items():
                bound = form[name] if name in form.fields else None
                label = f"{line}{bound.label}{colon}" if bound else line
                for error in errors:
                    words = " ".join(error.messages)
                    found.append(Problem(bound.auto_id if bound else "", error.code or "", label + words))
        return found

    def _place(self, path: str) -> tuple[ConsignmentForm | LineForm, str]:
        match = _LINE_PROBLEM.fullmatch(path)
        if match and int(match[1]) < len(self.lines):
            return self.lines[int(match[1])], _known(match[2], _LINE_PLACES)
        return self.consignment, _known(path, _PLACES)

    def _numbered(self) -> Iterator[tuple[int, Fields]]:
        return enumerate(self.typed.lines, start=1)


def _fix(problem: Problem) -> str:
    """Return what mends it here, where nobody can load tables."""
    fixes = {"exchange_rate_missing": _("Give the rate here.")}
    return fixes.get(problem.code, problem.fix)


def _known(path: str, places: Mapping[str, str]) -> str:
    first = path.partition(".")[0]
    return places.get(path) or places.get(first) or first


def _initial(fields: Fields, *, of: type[ConsignmentForm] | type[LineForm]) -> dict[str, Any]:
    return {
        name: list(values) if name == "documents" else values[-1]
        for name, values in fields.items()
        if name in of.base_fields
    }


def _dates(said: Mapping[str, Any]) -> dict[str, str]:
    """Return the day of each event; one that was not stated is the day of import."""
    events = {"order": "ordered_on", "export": "exported_on", "arrival": "arrived_on"}
    days = {event: said[name] or said["day"] for event, name in events.items()}
    return {name: day.isoformat() for name, day in (days | dict.fromkeys(_AT_IMPORT, said["day"])).items()}


def _goods(said: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
    content = {"value": _text(said["net_content_value"]), "unit": said["net_content_unit"]}
    return {
        "commodity_code": said["commodity_code"],
        "description": said["description"],
        "origin": said["origin"],
        "preference": said["preference"],
        "quantity": _text(said["quantity"]),
        "item_price": _money(said["price"], currency),
        "retail_price": _money(said["retail_price"], currency),
        "net_mass_kg": _text(said["net_mass_kg"]),
        "gross_mass_kg": _text(said["gross_mass_kg"]),
        "net_content": content if said["net_content_value"] else None,
        "supplementary_units": (
            {said["counted_unit"]: _text(said["counted_value"])} if said["counted_value"] else None
        ),
        "abv_percent": _text(said["abv_percent"]),
        "documents": said["documents"],
        "rates": {"customs_duty": said["duty_rate"]} if said["duty_rate"] else None,
    }


def _rates(said: Mapping[str, Any]) -> list[dict[str, str | None]] | None:
    local = currency_of(said["country"])
    if not said["exchange_rate"] or said["currency"] == local:
        return None
    return [{"from": said["currency"], "to": local, "rate": _text(said["exchange_rate"])}]


def _money(amount: Decimal | None, currency: str) -> dict[str, str] | None:
    return None if amount is None else {"amount": format(amount, "f"), "currency": currency}


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")
