"""Short ways to state facts, for these tests only."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tariffs.facts import ConsignmentFacts, Dates, GoodsFacts, Money

TODAY = date(2026, 11, 22)


def item(code: str, price: str, *, currency: str = "CNY", content: str = "", **more: Any) -> GoodsFacts:
    """Return a goods item; `content` reads like "30 ml"."""
    value, _, unit = content.partition(" ")
    facts = GoodsFacts(
        line_no=more.pop("line_no", 1),
        commodity_code=code,
        description=more.pop("description", code),
        origin=more.pop("origin", "FR"),
        quantity=Decimal(more.pop("quantity", "1")),
        item_price=Money(Decimal(price), currency),
        net_content_value=Decimal(value) if value else None,
        net_content_unit=unit,
    )
    return replace(facts, **more)


def to_china(*goods: GoodsFacts, **more: Any) -> ConsignmentFacts:
    """Return a consignment to a private buyer in China, accepted today."""
    return _consignment("CN", goods, currency="CNY", more=more)


def to_europe(*goods: GoodsFacts, country: str = "NL", **more: Any) -> ConsignmentFacts:
    """Return a consignment to a private buyer in a member state, accepted today."""
    return _consignment(country, goods, currency="EUR", more=more)


def _consignment(
    country: str, goods: tuple[GoodsFacts, ...], *, currency: str, more: dict[str, Any]
) -> ConsignmentFacts:
    for name in ("freight", "insurance"):
        if isinstance(more.get(name), str):
            more[name] = Money(Decimal(more[name]), currency)
    accepted = more.pop("accepted", TODAY)
    numbered = tuple(replace(one, line_no=place) for place, one in enumerate(goods, start=1))
    return ConsignmentFacts(
        jurisdiction=country,
        dates=Dates(acceptance=accepted),
        goods=numbered,
        currency=currency,
        **more,
    )
