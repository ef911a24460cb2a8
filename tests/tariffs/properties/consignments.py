"""Consignments that a pack can assess: the goods and dates of its golden cases, shuffled and priced anew."""

import json
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from hypothesis import strategies as st

from tariffs.facts import ConsignmentFacts, GivenRate, GoodsFacts, Money
from tariffs.intake import read_facts
from tariffs.pack_parsing import REGULATIONS
from tariffs.packs import packs_of

PACKS = sorted(file.parent.name for file in REGULATIONS.glob("*/golden.json"))
PERCENTAGES = ("0%", "5%", "8.25%", "20%")
DUTIES = (*PERCENTAGES, "3.7% + 0.5 USD / kg", "12% MIN 1 USD / kg", "6% MAX 3 USD / p/st", "2 USD / p/st")
# One of each kind of rate, so that none is missing, whatever the goods.
RATES = dict.fromkeys(("customs_duty", "excise"), DUTIES) | dict.fromkeys(
    ("consumption", "vat", "gst", "icms", "igst", "postal_tax"), PERCENTAGES
)
CURRENCIES = ("AUD", "BRL", "CAD", "CNY", "EUR", "GBP", "INR", "JPY", "KRW", "RON", "RUB", "SGD", "USD")

prices = st.one_of(
    st.decimals(min_value="0.01", max_value="400", places=2),
    st.decimals(min_value="0.01", max_value="20000", places=2),
    st.just(Decimal(0)),
)


@lru_cache(maxsize=1)
def golden_facts() -> dict[str, tuple[ConsignmentFacts, ...]]:
    """Return the facts of every golden case that the law answers, by the folder of its pack."""
    return {folder: tuple(_answered(folder)) for folder in PACKS}


@st.composite
def consignments(draw: st.DrawFn, folder: str, *, most_lines: int = 5) -> ConsignmentFacts:
    """Draw a consignment of the pack; its rates and exchange rates are given or those of the tables."""
    cases = golden_facts()[folder]
    case = draw(st.sampled_from(cases))
    goods = [item for other in cases for item in other.goods]
    count = draw(st.integers(min_value=1, max_value=most_lines))
    lines = [draw(_lines(goods)) for _number in range(count)]
    local = packs_of(case.jurisdiction)[0].currency_for(case.jurisdiction)
    currency = draw(st.sampled_from([local, local, "USD"]))
    return replace(
        case,
        goods=tuple(_numbered(line, place, currency) for place, line in enumerate(lines, start=1)),
        currency=currency,
        consignee_type=draw(st.sampled_from(["private", "business"])),
        freight=_money(draw(st.none() | prices), local),
        insurance=_money(draw(st.none() | prices), local),
        carrier_fee=_money(draw(st.none() | prices), local),
        transport_mode=draw(st.sampled_from([case.transport_mode, "air", "sea", "post", "courier"])),
        prices_include_tax=False,
        buyer_annual_used=draw(st.sampled_from([case.buyer_annual_used, Decimal(0), Decimal(100)])),
        exchange_rates=_exchange_rates(local),
    )


@st.composite
def _lines(draw: st.DrawFn, goods: list[GoodsFacts]) -> GoodsFacts:
    is_given = draw(st.booleans())
    given = [(kind, draw(st.sampled_from(rates))) for kind, rates in RATES.items()] if is_given else []
    return replace(
        draw(st.sampled_from(goods)),
        description=draw(st.sampled_from(["shirt", " Shirt", "wine", "toy"])),
        item_price=Money(draw(prices), ""),
        quantity=draw(st.sampled_from([Decimal(1), Decimal(2), Decimal(12)])),
        net_mass_kg=draw(st.sampled_from([Decimal("0.3"), Decimal(2)])),
        net_content_value=Decimal(30),
        net_content_unit="ml",
        abv_percent=Decimal("13.5"),
        retail_price=None,
        given_rates=tuple(given),
        given_additional=draw(st.sampled_from([None, (), (("antidumping", "12.1%"),)])),
    )


def _numbered(line: GoodsFacts, place: int, currency: str) -> GoodsFacts:
    return replace(line, line_no=place, item_price=Money(line.item_price.amount, currency))


def _money(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount, currency)


def _exchange_rates(local: str) -> tuple[GivenRate, ...]:
    """An odd rate for each currency, so that amounts do not end after a few digits."""
    others = [currency for currency in CURRENCIES if currency != local]
    return tuple(
        GivenRate(currency, local, Decimal("0.37") + Decimal(place) * Decimal("1.113"))
        for place, currency in enumerate(others)
    )


def _answered(folder: str) -> list[ConsignmentFacts]:
    cases = json.loads((REGULATIONS / folder / "golden.json").read_text(encoding="utf-8"))
    return [read_facts(case["input"]) for case in cases if "errors" not in case["expect"]]
