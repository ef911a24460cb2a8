"""What formulas can read: the names of a consignment and of each of its lines."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tariffs.facts import ConsignmentFacts, GoodsFacts, Money
from tariffs.rounding import Rounding, split

CONSIGNMENT_NAMES = frozenset(
    [
        "value",
        "goods_value",
        "freight",
        "insurance",
        "total_net_mass",
        "total_gross_mass",
        "line_count",
        "unit_count",
        "annual_used",
        "consignee_type",
        "country",
        "ship_from",
        "transport_mode",
        "scheme",
        "has_registration",
        "requested_regime",
    ]
)
LINE_NAMES = frozenset(
    [
        "line_no",
        "line_value",
        "price",
        "quantity",
        "unit",
        "hs2",
        "hs4",
        "hs6",
        "commodity_code",
        "origin",
        "description",
        "content",
        "content_unit",
        "net_mass",
        "gross_mass",
    ]
)
# Names that exist while one layer works on one line.
LINE_VALUE_NAMES = frozenset(("rate", "specific", "specific_unit", "base"))
# After the layer `vat`: vat (rounded), vat_raw, vat_base, vat_rate.
LAYER_NAMES = ("", "_raw", "_base", "_rate")

_ZERO = Decimal(0)
# Content in these units measures litres or kilograms.
_UNIT_FACTORS: Mapping[str, Mapping[str, Decimal]] = {
    "l": {"ml": Decimal("0.001"), "cl": Decimal("0.01"), "l": Decimal(1)},
    "kg": {"g": Decimal("0.001"), "kg": Decimal(1)},
}

Convert = Callable[[Decimal, str], Decimal]
LineScope = dict[str, Any]
ConsignmentScope = dict[str, Any]


def line_scopes(
    facts: ConsignmentFacts, *, rows: Sequence[Mapping[str, Any]], convert: Convert, rounding: Rounding
) -> list[LineScope]:
    """Return the lines' names, with freight and insurance split by price and values that add up."""
    prices = [convert(item.item_price.amount, item.item_price.currency) for item in facts.goods]
    freight, insurance = in_local(facts.freight, convert), in_local(facts.insurance, convert)
    beside = freight + insurance
    shares = split(beside, weights=prices) if beside else [_ZERO] * len(prices)
    raw = [price + share for price, share in zip(prices, shares, strict=True)]
    values = rounding.parts(
        raw, total=sum(prices, _ZERO) + beside, ties=[content_order(item) for item in facts.goods]
    )
    return [
        _line_scope(item, price=price, value=value, rows=found)
        for item, price, value, found in zip(facts.goods, prices, values, rows, strict=True)
    ]


def consignment_scope(
    facts: ConsignmentFacts, *, lines: list[LineScope], convert: Convert, registrations: Mapping[str, str]
) -> ConsignmentScope:
    """Return the consignment's names."""
    return {
        "value": sum([line["line_value"] for line in lines], _ZERO),
        "goods_value": sum([line["price"] for line in lines], _ZERO),
        "freight": in_local(facts.freight, convert),
        "insurance": in_local(facts.insurance, convert),
        "total_net_mass": sum([line["net_mass"] for line in lines], _ZERO),
        "total_gross_mass": sum([line["gross_mass"] for line in lines], _ZERO),
        "line_count": len(lines),
        "unit_count": sum([line["quantity"] for line in lines], _ZERO),
        "annual_used": facts.buyer_annual_used,
        "consignee_type": facts.consignee_type,
        "country": facts.jurisdiction,
        "ship_from": facts.ship_from,
        "transport_mode": facts.transport_mode,
        "scheme": facts.registration_scheme or "",
        "has_registration": _is_registered(facts, registrations),
        "requested_regime": facts.regime or "",
        "lines": lines,
        "convert": convert,
    }


def in_local(money: Money | None, convert: Convert) -> Decimal:
    """Return the amount in the pack's currency; 0 when there is none."""
    return convert(money.amount, money.currency) if money is not None else _ZERO


def content_order(item: GoodsFacts) -> tuple[Any, ...]:
    """Return a key by what the line is, not by where it stands."""
    return (
        item.commodity_code,
        _plain(item.description),
        item.origin,
        item.item_price.amount,
        item.quantity,
        item.net_content_value or _ZERO,
        item.line_no,
    )


def selected_date(facts: ConsignmentFacts, events: Sequence[str]) -> date | None:
    """Return the date of the first of the events that has one."""
    found = (getattr(facts.dates, event) for event in events)
    return next((day for day in found if day is not None), None)


def _line_scope(item: GoodsFacts, *, price: Decimal, value: Decimal, rows: Mapping[str, Any]) -> LineScope:
    code = item.commodity_code
    return {
        "line_no": item.line_no,
        "line_value": value,
        "price": price,
        "quantity": item.quantity,
        "unit": item.unit,
        "hs2": code[:2],
        "hs4": code[:4],
        "hs6": code[:6],
        "commodity_code": code,
        "origin": item.origin,
        "description": _plain(item.description),
        "content": item.net_content_value or _ZERO,
        "content_unit": item.net_content_unit,
        "net_mass": item.net_mass_kg,
        "gross_mass": item.gross_mass_kg,
        "rows": rows,
    }


def quantity_in(line: Mapping[str, Any], unit: str) -> Decimal:
    """Return the line's quantity in litres or kilograms from content or net mass; in pieces otherwise."""
    factor = _UNIT_FACTORS.get(unit, {}).get(line["content_unit"])
    if factor is not None:
        content: Decimal = line["quantity"] * line["content"] * factor
        return content
    measured: Decimal = line["net_mass"] if unit == "kg" else line["quantity"]
    return measured


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _is_registered(facts: ConsignmentFacts, registrations: Mapping[str, str]) -> bool:
    pattern = registrations.get(facts.registration_scheme or "")
    return bool(pattern and re.fullmatch(pattern, facts.registration_number or ""))
