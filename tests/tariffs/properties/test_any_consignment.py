"""Every pack, any consignment: what no law and no date changes."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tariffs.assessment import assess
from tariffs.facts import CannotAssess, ConsignmentFacts, Money
from tariffs.results import AssessmentResult
from tests.tariffs.properties import laws
from tests.tariffs.properties.consignments import PACKS, consignments

EVERY_PACK = pytest.mark.parametrize("folder", PACKS)
BRIEFLY = settings(max_examples=25, deadline=None)


@EVERY_PACK
def test_parts_add_up_and_lie_on_their_steps(folder: str) -> None:
    """Lines to the value, charges to taxes, taxes and fees to what is payable; nothing below nothing."""

    @BRIEFLY
    @given(consignments(folder))
    def holds(facts: ConsignmentFacts) -> None:
        result = _answer(facts)
        laws.parts_add_up(result)
        laws.landed_is_all_that_is_paid(facts, result)
        laws.nothing_is_negative(result)
        laws.amounts_lie_on_their_steps(facts, result)

    holds()


@EVERY_PACK
def test_a_stored_consignment_is_assessed_alike_again(folder: str) -> None:
    """From its snapshot, and beside its own double."""

    @BRIEFLY
    @given(consignments(folder))
    def holds(facts: ConsignmentFacts) -> None:
        result = _answer(facts)
        laws.replay_gives_the_first_run(facts, result)
        laws.twice_is_the_same(facts, result)

    holds()


@EVERY_PACK
def test_order_of_lines_does_not_matter(folder: str) -> None:
    """Each line pays the same wherever it stands, and the same line carries what is charged once."""

    @BRIEFLY
    @given(consignments(folder), st.randoms(use_true_random=False))
    def holds(facts: ConsignmentFacts, chance: random.Random) -> None:
        first = _answer(facts)
        goods = list(facts.goods)
        chance.shuffle(goods)
        second = assess(replace(facts, goods=tuple(goods)))
        assert (first.regime, first.route, first.totals) == (second.regime, second.route, second.totals)
        assert first.fees == second.fees
        assert {line.line_no: line for line in first.goods} == {line.line_no: line for line in second.goods}

    holds()


@EVERY_PACK
def test_a_dearer_line_never_pays_less_by_the_same_rules(folder: str) -> None:
    """One line, since of several the dearer one draws the freight to itself, away from a higher rate.

    Only by the same rules: past a threshold the law itself may take less, as where the EUR 3 for an item
    give way at EUR 150 to a tariff that is free.
    """

    @BRIEFLY
    @given(consignments(folder, most_lines=1), st.decimals(min_value="0.01", max_value="300", places=2))
    def holds(facts: ConsignmentFacts, more: Decimal) -> None:
        (line,) = facts.goods
        price = Money(line.item_price.amount + more, line.item_price.currency)
        cheap = _answer(facts)
        dear = _answer(replace(facts, goods=(replace(line, item_price=price),)))
        assume(_rules_applied(cheap) == _rules_applied(dear))
        assert cheap.totals.payable <= dear.totals.payable

    holds()


def _rules_applied(result: AssessmentResult) -> list[tuple[str, ...]]:
    charges = [charge for line in result.goods for charge in line.charges]
    return [
        (result.outcome, result.route),
        *((charge.type, charge.rule, charge.expression, charge.duty) for charge in charges),
        *((fee.type, fee.rule, fee.expression) for fee in result.fees),
    ]


def _answer(facts: ConsignmentFacts) -> AssessmentResult:
    try:
        return assess(facts)
    except CannotAssess:
        # Say, goods of one case on the date of another, for which the tables have no rate.
        assume(False)
        raise
