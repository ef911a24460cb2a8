"""The laws of arithmetic that every result keeps; each raises AssertionError."""

import json
from decimal import Decimal

from tariffs.answering import DUTY_TYPES
from tariffs.assessment import assess_all, replay, to_snapshot
from tariffs.facts import ConsignmentFacts
from tariffs.packs import pack_by_hash
from tariffs.preparing import day_of
from tariffs.results import AssessmentResult

ZERO = Decimal(0)


def parts_add_up(result: AssessmentResult) -> None:
    """Lines add up to the customs value, charges and fees to what is payable, whoever collects them."""
    totals = result.totals
    assert sum(line.customs_value for line in result.goods) == result.customs_value
    assert sum(line.taxes for line in result.goods) == totals.taxes
    assert sum(fee.amount for fee in result.fees) == totals.fees
    assert sum(totals.by_type.values()) == totals.payable == totals.taxes + totals.fees
    assert sum(amount for kind, amount in totals.by_type.items() if kind in DUTY_TYPES) == totals.duty
    charges = [charge for line in result.goods for charge in line.charges]
    at_sale = sum((charge.amount for charge in charges if not charge.is_due_at_clearance), ZERO)
    assert result.payable_by_trader_now == totals.payable - at_sale


def landed_is_all_that_is_paid(facts: ConsignmentFacts, result: AssessmentResult) -> None:
    """Goods, freight and insurance, rounded as fees are, and what is payable."""
    stated = [*(item.item_price for item in facts.goods), facts.freight, facts.insurance]
    if facts.prices_include_tax or any(money and money.currency != result.currency for money in stated):
        return
    paid = sum((money.amount for money in stated if money is not None), ZERO)
    rounding = pack_by_hash(result.pack_sha256).roundings["fee"]
    assert result.totals.landed == rounding(paid) + result.totals.payable


def nothing_is_negative(result: AssessmentResult) -> None:
    """Neither a value nor a charge, a fee or an alternative."""
    for line in result.goods:
        amounts = [line.customs_value, *(other.amount for other in line.alternatives)]
        for charge in line.charges:
            amounts += [charge.base, charge.raw, charge.amount, charge.before_waiver]
        assert min(amounts) >= 0
    assert all(fee.amount >= 0 and fee.raw >= 0 for fee in result.fees)


def amounts_lie_on_their_steps(facts: ConsignmentFacts, result: AssessmentResult) -> None:
    """Values, charges and fees are whole steps of the pack's own rounding."""
    pack = pack_by_hash(result.pack_sha256)
    edition = pack.edition(day_of(facts, pack=pack, purpose="rule"))
    steps: dict[str, set[Decimal]] = {"carrier_fee": {pack.roundings["fee"].step}}
    for layer in edition.layers_by_regime.get(result.regime, ()):
        steps.setdefault(layer.type, set()).add(layer.rounding.step)
    for fee in edition.fees:
        steps.setdefault(fee.type, set()).add(fee.rounding.step)
    assert all(line.customs_value % pack.roundings["value"].step == 0 for line in result.goods)
    charges = [charge for line in result.goods for charge in line.charges]
    for one in (*charges, *result.fees):
        assert any(one.amount % step == 0 for step in steps[one.type]), one


def replay_gives_the_first_run(facts: ConsignmentFacts, result: AssessmentResult) -> None:
    """Through JSON, every field of it."""
    assert replay(json.loads(json.dumps(to_snapshot(facts, result)))) == result


def twice_is_the_same(facts: ConsignmentFacts, result: AssessmentResult) -> None:
    """One among many, and again, gets the answer that it gets alone: nothing is left over from another."""
    assert assess_all([facts, facts]) == [result, result]
