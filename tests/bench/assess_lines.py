"""The law over many declarations in one process, beside the same taxes written out by hand in Decimal."""

import statistics
import time
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from swindow.memory import calm_collector
from tariffs.assessment import assess, assess_all
from tariffs.exchange import no_tables, use_tables
from tariffs.facts import CannotAssess, ConsignmentFacts, Dates, GoodsFacts, Money
from tariffs.packs import folder_shelf, use_shelf
from tests.bench.measuring import Sample

CONSIGNMENTS = 2_000
# As many as are lodged together.
BATCH = 200
LINES = 3
CENT = Decimal("0.01")
CODES = ("33049900", "22042100", "85101000")


class AssessLines:
    """The measure of that name: goods items a second and core, three a consignment, e-commerce to China."""

    name = "assess_lines"
    unit = "lines/s"

    def __init__(self) -> None:
        self._facts: Sequence[ConsignmentFacts] = ()
        self._one_by_one: list[float] = []

    def open(self) -> None:
        """Read the packs of the folders, as every process does once, and calm down as workers do."""
        use_shelf(folder_shelf)
        use_tables(no_tables)
        self._facts = [_consignment(place) for place in range(CONSIGNMENTS)]
        assess_all(self._facts[:BATCH])
        calm_collector()

    def prepare(self) -> None:
        """Nothing is used up."""

    def ours(self) -> Sample:
        """Assess in batches, with routes, checks, papers, traces; beside it, for the remarks, one by one."""
        start = time.process_time()
        for place in range(0, CONSIGNMENTS, BATCH):
            assess_all(self._facts[place : place + BATCH])
        together = _lines_per_second(since=start)
        start = time.process_time()
        for facts in self._facts:
            assess(facts)
        self._one_by_one.append(_lines_per_second(since=start))
        return Sample(together)

    def limit(self) -> Sample:
        """Compute the same amounts line by line, with nothing around them."""
        start = time.process_time()
        for facts in self._facts:
            _by_hand(facts)
        return Sample(_lines_per_second(since=start))

    def remarks(self) -> dict[str, Any]:
        """Both sides give the same amounts, or the measure means nothing."""
        results = [result for result in assess_all(self._facts) if not isinstance(result, CannotAssess)]
        assert [result.totals.taxes for result in results] == [_by_hand(facts) for facts in self._facts]
        return {
            "consignments": CONSIGNMENTS,
            "batch": BATCH,
            "lines_each": LINES,
            "one_by_one": round(statistics.median(self._one_by_one), 1),
        }

    def close(self) -> None:
        """Nothing was started."""


def _lines_per_second(*, since: float) -> float:
    return CONSIGNMENTS * LINES / (time.process_time() - since)


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
