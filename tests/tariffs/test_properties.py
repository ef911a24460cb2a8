"""What must hold for any consignment, searched by Hypothesis."""

import ast
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import tariffs
from tariffs.assessment import assess, replay, to_snapshot
from tariffs.facts import ConsignmentFacts, GoodsFacts
from tariffs.rounding import largest_remainder, rounding_of, split
from tests.tariffs.facts import item, to_china, to_europe

CENT = Decimal("0.01")
prices = st.decimals(min_value="0.01", max_value="400", places=2)
codes = st.sampled_from(["33049900", "19011010", "85101000", "22042100", "61091000"])


@st.composite
def goods(draw: st.DrawFn) -> tuple[GoodsFacts, ...]:
    """Draw some goods that China's list holds."""
    lines = draw(st.lists(st.tuples(codes, prices), min_size=1, max_size=6))
    return tuple(
        item(code, str(price), content="30 ml", description=f"goods {place}")
        for place, (code, price) in enumerate(lines)
    )


def _to_china(lines: tuple[GoodsFacts, ...], freight: Decimal) -> ConsignmentFacts:
    return to_china(*lines, freight=str(freight))


@settings(max_examples=60, deadline=None)
@given(goods(), prices)
def test_parts_add_up_to_their_totals(lines: tuple[GoodsFacts, ...], freight: Decimal) -> None:
    """Line values add up to the customs value, charges to the taxes, taxes and fees to what is payable."""
    facts = _to_china(lines, freight)
    result = assess(facts)
    assert sum(line.customs_value for line in result.goods) == result.customs_value
    assert result.customs_value == sum(one.item_price.amount for one in lines) + freight
    assert sum(line.taxes for line in result.goods) == result.totals.taxes
    assert sum(result.totals.by_type.values()) == result.totals.payable
    assert result.totals.landed == result.customs_value + result.totals.payable


@settings(max_examples=40, deadline=None)
@given(goods(), prices)
def test_replay_gives_the_first_run(lines: tuple[GoodsFacts, ...], freight: Decimal) -> None:
    """A stored snapshot gives the same result, every field of it."""
    facts = _to_china(lines, freight)
    result = assess(facts)
    assert replay(to_snapshot(facts, result)) == result


@settings(max_examples=40, deadline=None)
@given(goods(), prices, st.randoms(use_true_random=False))
def test_order_of_lines_does_not_matter(
    lines: tuple[GoodsFacts, ...], freight: Decimal, random: st.DataObject
) -> None:
    """Lines in another order pay the same, each of them."""
    facts = _to_china(lines, freight)
    shuffled = list(facts.goods)
    random.shuffle(shuffled)
    first, second = assess(facts), assess(replace(facts, goods=tuple(shuffled)))
    assert first.totals == second.totals
    assert {line.line_no: line for line in first.goods} == {line.line_no: line for line in second.goods}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["6109100010", "6109100090"]), prices), min_size=2, max_size=4))
def test_order_does_not_matter_for_what_is_charged_once(lines: list[tuple[str, Decimal]]) -> None:
    """EU-04: the same item on several lines, numbered by where it stands, pays the same in any order."""
    goods = [item(code, str(price / 10), currency="EUR", description="shirt") for code, price in lines]
    assert assess(to_europe(*goods)).totals == assess(to_europe(*reversed(goods))).totals


@settings(max_examples=60, deadline=None)
@given(codes, prices, prices)
def test_tax_never_falls_when_the_price_rises(code: str, low: Decimal, more: Decimal) -> None:
    """One line, the same goods: a higher price never pays less."""
    payable = [
        assess(to_china(item(code, str(price), content="30 ml"))).totals.payable
        for price in (low, low + more)
    ]
    assert payable[0] <= payable[1]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=3), min_size=1, max_size=8))
def test_flat_duty_counts_distinct_items(kinds: list[int]) -> None:
    """EU-03: EUR 3 for each distinct item, however many lines repeat it."""
    lines = [item("61091000", "5", currency="EUR", description=f"kind {kind}") for kind in kinds]
    assert assess(to_europe(*lines)).totals.duty == 3 * len(set(kinds))


@given(
    st.lists(st.decimals(min_value=0, max_value="1000", places=5), min_size=1, max_size=9),
)
def test_largest_remainder_adds_up_and_moves_no_part_by_a_step(amounts: list[Decimal]) -> None:
    """Each part stays within one step of its exact amount."""
    total = rounding_of("0.01", mode="half_up")(sum(amounts, Decimal(0)))
    parts = largest_remainder(amounts, total=total, step=CENT, ties=range(len(amounts)))
    assert sum(parts) == total
    assert all(abs(part - amount) <= CENT for part, amount in zip(parts, amounts, strict=True))


def test_split_without_weights_is_equal() -> None:
    """Free samples carry the freight in equal parts."""
    assert split(Decimal(10), weights=[Decimal(0), Decimal(0)]) == (5, 5)


def test_no_float_anywhere_in_the_package() -> None:
    """Money is decimal: no literal, no name `float` in the code that computes."""
    package = Path(tariffs.__file__).parent
    for path in package.rglob("*.py"):
        # Seconds of a clock, and weights of words: neither is money.
        if path.name == "published.py" or path.is_relative_to(package / "classification"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Name) and node.id == "float"), path.name
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path.name
