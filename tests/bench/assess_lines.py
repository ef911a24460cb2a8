"""The law over many declarations in one process, beside the same taxes written out by hand in Decimal."""

import time
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tariffs.assessment import assess
from tariffs.exchange import no_tables, use_tables
from tariffs.facts import ConsignmentFacts, Dates, GoodsFacts, Money
from tariffs.packs import folder_shelf, use_shelf
from tests.bench.measuring import Sample

CONSIGNMENTS = 2_000
LINES = 3
CENT = Decimal("0.01")
CODES = ("33049900", "22042100", "85101000")


class AssessLines:
    """The measure of that name: goods items a second and core, three a consignment, e-commerce to China."""

    name = "assess_lines"
    unit = "lines/s"

    def __init__(self) -> None:
        self._facts: Sequence[ConsignmentFacts] = ()

    def open(self) -> None:
        """Read the packs of the folders, as every process does once."""
        use_shelf(folder_shelf)
        use_tables(no_tables)
        self._facts = [_consignment(place) for place in range(CONSIGNMENTS)]

    def prepare(self) -> None:
        """Nothing is used up."""

    def ours(self) -> Sample:
        """Assess with routes, checks, papers, traces."""
        start = time.process_time()
        for facts in self._facts:
            assess(facts)
        return Sample(CONSIGNMENTS * LINES / (time.process_time() - start))

    def limit(self) -> Sample:
        """Compute the same amounts line by line, with nothing around them."""
        start = time.process_time()
        for facts in self._facts:
            _by_hand(facts)
        return Sample(CONSIGNMENTS * LINES / (time.process_time() - start))

    def remarks(self) -> dict[str, Any]:
        """Both sides give the same amounts, or the measure means nothing."""
        differing = [facts for facts in self._facts[:50] if _by_hand(facts) != assess(facts).totals.taxes]
        assert not differing
        return {"consignments": CONSIGNMENTS, "lines_each": LINES}

    def close(self) -> None:
        """Nothing was started."""


def _consignment(place: int) -> ConsignmentFacts:
    goods = tuple(
        GoodsFacts(
            line_no=number,
            commodity_code=code,
            description=f"goods {number}",
            origin="FR",
            quantity=Decimal(1),
            item_price=Money(Decimal(100 + place % 97) + number, "CNY"),
            net_content_value=Decimal(30),
            net_content_unit="ml",
        )
        for number, code in enumerate(CODES, start=1)
    )
    return ConsignmentFacts(
        jurisdiction="CN",
        dates=Dates(acceptance=date(2026, 11, 22)),
        goods=goods,
        currency="CNY",
        freight=Money(Decimal("20.00"), "CNY"),
    )


def _by_hand(facts: ConsignmentFacts) -> Decimal:
    """Return the taxes within the limits: no duty, 70 % of consumption tax and VAT (China, 2018 No. 49)."""
    prices = [item.item_price.amount for item in facts.goods]
    freight = facts.freight.amount if facts.freight else Decimal(0)
    taxes = Decimal(0)
    for item, value in zip(facts.goods, _values(prices, freight=freight), strict=True):
        rate = Decimal("0.1") if item.commodity_code.startswith("2204") else Decimal(0)
        base = value / (1 - rate)
        for part in (base * rate * Decimal("0.7"), base * Decimal("0.13") * Decimal("0.7")):
            taxes += part.quantize(CENT, rounding=ROUND_HALF_UP)
    return taxes


def _values(prices: Sequence[Decimal], *, freight: Decimal) -> list[Decimal]:
    whole = sum(prices, Decimal(0))
    exact = [price + freight * price / whole for price in prices]
    cut = [value.quantize(CENT, rounding="ROUND_FLOOR") for value in exact]
    left = int((whole + freight - sum(cut, Decimal(0))) / CENT)
    order = sorted(
        range(len(exact)), key=lambda place: (exact[place] - cut[place], exact[place]), reverse=True
    )
    for place in order[:left]:
        cut[place] += CENT
    return cut
