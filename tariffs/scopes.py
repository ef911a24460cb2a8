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
# A name and what works its value out, of a line's goods item or of all lines.
LineName = tuple[str, Callable[[GoodsFacts], Any]]
ConsignmentName = tuple[str, Callable[[Sequence[LineScope]], Any]]


def line_scopes(
    facts: ConsignmentFacts,
    *,
    rows: Sequence[Mapping[str, Any]],
    convert: Convert,
    own: Sequence[LineName],
) -> list[LineScope]:
    """Return the lines' own names with freight and insurance split by price, before any value.

    Of those in LINE_ON_DEMAND there are only `own`.
    """
    prices = [convert(item.item_price.amount, item.item_price.currency) for item in facts.goods]
    freight = _shares(facts.freight, convert=convert, weights=prices)
    insurance = _shares(facts.insurance, convert=convert, weights=prices)
    lines = [
        _line_scope(
            item, rows=found, price=price, freight=freight_share, insurance=insurance_share, convert=convert
        )
        for item, found, price, freight_share, insurance_share in zip(
            facts.goods, rows, prices, freight, insurance, strict=True
        )
    ]
    for name, read in own:
        for line in lines:
            line[name] = read(line["item"])
    return lines


def take_tax_out(lines: Sequence[LineScope], *, included: Sequence[Decimal]) -> None:
    """Take the tax out of each line's prices and freight: `included` is its share, 0.2 for 20 %."""
    for line, tax in zip(lines, included, strict=True):
        if tax:
            for name in ("price", "freight_share", "retail_price"):
                line[name] = line[name] / (1 + tax)


def consignment_scope(
    facts: ConsignmentFacts, *, lines: Sequence[LineScope], convert: Convert, own: Sequence[ConsignmentName]
) -> ConsignmentScope:
    """Return the consignment's names that need no customs value; of those in ON_DEMAND only `own`."""
    scope: ConsignmentScope = {
        "goods_value": _sum(lines, "price"),
        "freight": _sum(lines, "freight_share") if facts.freight is not None else _ZERO,
        "insurance": _sum(lines, "insurance_share") if facts.insurance is not None else _ZERO,
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
    for name, read in own:
        scope[name] = read(lines)
    return scope


def put_values(
    facts: ConsignmentFacts,
    *,
    scope: ConsignmentScope,
    value_of: Callable[[ConsignmentScope, LineScope], Decimal],
    rounding: Rounding,
) -> None:
    """Give each line and the consignment their customs value: raw, and rounded so that lines add up."""
    lines, goods = scope["lines"], facts.goods
    raw = [value_of(scope, line) for line in lines]
    scope["value_raw"] = total = without_noise(sum(raw, _ZERO))
    values = rounding.parts(raw, total=total, tie_of=lambda place: content_order(goods[place]))
    for line, line_raw, value in zip(lines, raw, values, strict=True):
        line["line_value_raw"], line["line_value"] = line_raw, value
    scope["value"] = sum(values, _ZERO)


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
    convert: Convert,
) -> LineScope:
    code, retail = item.commodity_code, item.retail_price
    return {
        "line_no": item.line_no,
        "price": price,
        "freight_share": freight,
        "insurance_share": insurance,
        "retail_price": convert(retail.amount, retail.currency) if retail is not None else _ZERO,
        "quantity": item.quantity,
        "unit": item.unit,
        "hs2": code[:2],
        "hs4": code[:4],
        "hs6": code[:6],
        "commodity_code": code,
        "origin": item.origin,
        "preference": item.preference,
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


def _sum(lines: Sequence[LineScope], name: str) -> Decimal:
    return without_noise(sum([line[name] for line in lines], _ZERO))


def _sum_of(name: str) -> Callable[[Sequence[LineScope]], Decimal]:
    return lambda lines: _sum(lines, name)


def _claims(lines: Sequence[LineScope]) -> int:
    return sum(line["preference"] not in _NO_CLAIM for line in lines)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def is_registered(facts: ConsignmentFacts, registrations: Mapping[str, str]) -> bool:
    """Tell whether the seller's number has the form of its scheme, in a scheme that the law knows."""
    pattern = registrations.get(facts.registration_scheme or "")
    return bool(pattern and re.fullmatch(pattern, facts.registration_number or ""))


# What few packs ask for, worked out only where a formula or a sentence of the edition reads it.
ON_DEMAND: Mapping[str, Callable[[Sequence[LineScope]], Any]] = {
    "total_mass": _sum_of("mass"),
    "total_net_mass": _sum_of("net_mass"),
    "total_gross_mass": _sum_of("gross_mass"),
    "unit_count": _sum_of("quantity"),
    "claim_count": _claims,
}
LINE_ON_DEMAND: Mapping[str, Callable[[GoodsFacts], Any]] = {
    "description": lambda item: _plain(item.description),
}
