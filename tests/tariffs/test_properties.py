"""What must hold for what is charged once, for splitting and rounding, and for the code; see `properties`."""

import ast
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import tariffs
from tariffs.assessment import assess
from tariffs.rounding import largest_remainder, rounding_of, split
from tests.tariffs.facts import item, to_china, to_europe

CENT = Decimal("0.01")
prices = st.decimals(min_value="0.01", max_value="400", places=2)
codes = st.sampled_from(["33049900", "19011010", "85101000", "22042100", "61091000"])


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
    rounding = rounding_of("0.01", mode="half_up")
    total = rounding(sum(amounts, Decimal(0)))
    parts = largest_remainder(amounts, total=total, rounding=rounding, tie_of=lambda place: place)
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
