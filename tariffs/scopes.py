"""What formulas can read: the names of a consignment and of each of its lines."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tariffs.facts import ConsignmentFacts, GoodsFacts, Money
from tariffs.rounding import Rounding, split, without_noise

CONSIGNMENT_NAMES = frozenset(
    [
        "value",
        "value_raw",
        "goods_value",
        "freight",
        "insurance",
        "total_mass",
        "total_net_mass",
        "total_gross_mass",
        "line_count",
        "unit_count",
        "claim_count",
        "annual_used",
        "consignee_type",
        "country",
        "ship_from",
        "transport_mode",
        "entry_type",
        "scheme",
        "has_registration",
        "requested_regime",
        "is_tax_included",
    ]
)
LINE_NAMES = frozenset(
    [
        "line_no",
        "line_value",
        "line_value_raw",
        "price",
        "freight_share",
        "insurance_share",
        "retail_price",
        "quantity",
        "unit",
        "hs2",
        "hs4",
        "hs6",
        "commodity_code",
        "origin",
        "preference",
        "description",
        "content",
        "content_unit",
        "abv",
        "mass",
        "net_mass",
        "gross_mass",
        # All additional duties charged on the line so far.
        "additional",
    ]
)
# Names that exist while one layer works on one line.
LINE_VALUE_NAMES = frozenset(("rate", "specific", "base", "duty"))
# After the layer `vat`: vat (rounded), vat_raw, vat_base, vat_rate.
LAYER_NAMES = ("", "_raw", "_base", "_rate")
# Names that exist when the charges are known: what fees may ask.
FEE_NAMES = frozenset(("duties", "charges"))

_ZERO = Decimal(0)
# Preference 100 of the Union and the United Kingdom asks for the third country rate: no claim.
_NO_CLAIM = frozenset(["", "100"])
Convert = Callable[[Decimal, str], Decimal]
LineScope = dict[str, Any]
ConsignmentScope = dict[str, Any]
# A name and what works its value out of the facts and the lines.
Count = tuple[str, Callable[[ConsignmentFacts, Sequence[LineScope]], Any]]


def line_scopes(
    facts: ConsignmentFacts,
    *,
    rows: Sequence[Mapping[str, Any]],
    convert: Convert,
    included: Sequence[Decimal],
) -> list[LineScope]:
    """Return the lines' own names with freight and insurance split by price, before any value.

    `included` is the share of tax inside each line's price and its freight (0.2 for 20 %), taken out here.
    """
    paid = [convert(item.item_price.amount, item.item_price.currency) for item in facts.goods]
    freight = _shares(facts.freight, convert=convert, weights=paid)
    insurance = _shares(facts.insurance, convert=convert, weights=paid)
    return [
        _line_scope(
            item,
            rows=found,
            price=_without(tax, price),
            freight=_without(tax, freight_share),
            insurance=insurance_share,
            retail=_without(tax, in_local(item.retail_price, convert)),
        )
        for item, price, freight_share, insurance_share, found, tax in zip(
            facts.goods, paid, freight, insurance, rows, included, strict=True
        )
    ]


def consignment_scope(
    facts: ConsignmentFacts, *, lines: Sequence[LineScope], convert: Convert, counts: Sequence[Count]
) -> ConsignmentScope:
    """Return the consignment's names that need no customs value; of those in COUNTS only `counts`."""
    scope: ConsignmentScope = {
        "goods_value": _sum(lines, "price"),
        "freight": _sum(lines, "freight_share"),
        "insurance": _sum(lines, "insurance_share"),
        "line_count": len(lines),
        "annual_used": facts.buyer_annual_used,
        "consignee_type": facts.consignee_type,
        "country": facts.jurisdiction,
        "ship_from": facts.ship_from,
        "transport_mode": facts.transport_mode,
        "entry_type": facts.entry_type,
        "scheme": facts.registration_scheme or "",
        "requested_regime": facts.regime or "",
        "is_tax_included": facts.prices_include_tax,
        "convert": convert,
    }
    for name, count in counts:
        scope[name] = count(facts, lines)
    return scope


def put_values(
    facts: ConsignmentFacts,
    *,
    scope: ConsignmentScope,
    value_of: Callable[[LineScope], Decimal],
    rounding: Rounding,
) -> None:
    """Give each line and the consignment their customs value: raw, and rounded so that lines add up."""
    lines, goods = scope["lines"], facts.goods
    raw = [value_of(line) for line in lines]
    scope["value_raw"] = total = without_noise(sum(raw, _ZERO))
    values = rounding.parts(raw, total=total, tie_of=lambda place: content_order(goods[place]))
    for line, line_raw, value in zip(lines, raw, values, strict=True):
        line["line_value_raw"], line["line_value"] = line_raw, value
    scope["value"] = sum(values, _ZERO)


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
    dates = facts.dates
    for event in events:
        day: date | None = getattr(dates, event)
        if day is not None:
            return day
    return None


def _line_scope(
    item: GoodsFacts,
    *,
    rows: Mapping[str, Any],
    price: Decimal,
    freight: Decimal,
    insurance: Decimal,
    retail: Decimal,
) -> LineScope:
    code = item.commodity_code
    return {
        "line_no": item.line_no,
        "price": price,
        "freight_share": freight,
        "insurance_share": insurance,
        "retail_price": retail,
        "quantity": item.quantity,
        "unit": item.unit,
        "hs2": code[:2],
        "hs4": code[:4],
        "hs6": code[:6],
        "commodity_code": code,
        "origin": item.origin,
        "preference": item.preference,
        "description": _plain(item.description),
        "content": item.net_content_value or _ZERO,
        "content_unit": item.net_content_unit,
        "abv": item.abv_percent or _ZERO,
        "mass": item.gross_mass_kg or item.net_mass_kg,
        "net_mass": item.net_mass_kg,
        "gross_mass": item.gross_mass_kg,
        "additional": _ZERO,
        "rows": rows,
        "documents": item.documents,
        "item": item,
    }


def _shares(money: Money | None, *, convert: Convert, weights: Sequence[Decimal]) -> Sequence[Decimal]:
    if money is None:
        return [_ZERO] * len(weights)
    return split(convert(money.amount, money.currency), weights=weights)


def _without(tax: Decimal, amount: Decimal) -> Decimal:
    return amount / (1 + tax) if tax else amount


def _sum(lines: Sequence[LineScope], name: str) -> Decimal:
    return without_noise(sum([line[name] for line in lines], _ZERO))


def _sum_of(name: str) -> Callable[[ConsignmentFacts, Sequence[LineScope]], Decimal]:
    return lambda facts, lines: _sum(lines, name)


def _claims(facts: ConsignmentFacts, lines: Sequence[LineScope]) -> int:
    return sum(line["preference"] not in _NO_CLAIM for line in lines)


# What few packs ask for, each worked out only where a formula or a sentence of the edition reads it.
COUNTS: Mapping[str, Callable[[ConsignmentFacts, Sequence[LineScope]], Any]] = {
    "total_mass": _sum_of("mass"),
    "total_net_mass": _sum_of("net_mass"),
    "total_gross_mass": _sum_of("gross_mass"),
    "unit_count": _sum_of("quantity"),
    "claim_count": _claims,
}


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def is_registered(facts: ConsignmentFacts, registrations: Mapping[str, str]) -> bool:
    """Tell whether the seller's number has the form of its scheme, in a scheme that the law knows."""
    pattern = registrations.get(facts.registration_scheme or "")
    return bool(pattern and re.fullmatch(pattern, facts.registration_number or ""))
