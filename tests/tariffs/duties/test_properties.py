"""What must hold for any text and any goods, searched by Hypothesis."""

import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tariffs.duties.evaluating import evaluate, linear
from tariffs.duties.expression import DutyExpression
from tariffs.duties.intake import answer_line
from tariffs.duties.parsing import DutyError, parse_duty
from tests.tariffs.duties.measuring import measured

numbers = st.decimals(min_value=0, max_value="999", places=2).map(str)
values = st.decimals(min_value=0, max_value="100000", places=2)
units = st.sampled_from(["kg", "100 kg", "item", "1000 p/st", "hl", "% vol / hl", "l alc. 100%"])
rates = st.one_of(
    numbers.map("{}%".format),
    st.builds("{} EUR / {}".format, numbers, units),
    st.builds("{} GBP/{}".format, numbers, units),
)
sums = st.lists(rates, min_size=1, max_size=4).map(" + ".join)
WORDS = """
    5 10% EUR ABC / kg 100 p/st + - MIN MAX ( ) , 1 JAN 31 MAY free ¢ $ % vol hl each over 7 on the case
    retail price EA lactic. 0 1,000 .5 less See per and strap, "for each degree under 100 degrees"
"""
words = st.sampled_from(WORDS.split())
texts = st.one_of(
    st.text(), st.lists(words, max_size=12).map(" ".join), st.lists(words, max_size=12).map("".join)
)
GOODS = measured({"kg": "123.4", "p/st": "56", "l": "78.9"}, abv="12.5")


@settings(max_examples=500, deadline=None)
@given(texts)
def test_any_text_is_a_duty_or_an_error_with_its_character(text: str) -> None:
    """Nothing that is typed gives another exception, or a character outside the text."""
    try:
        assert isinstance(parse_duty(text), DutyExpression)
    except DutyError as error:
        assert 1 <= error.position <= len(text) + 1
        assert error.message
        assert error.fix


@settings(max_examples=200, deadline=None)
@given(sums, values, values)
def test_a_sum_never_falls_when_the_value_rises(text: str, low: Decimal, more: Decimal) -> None:
    """Percentages and amounts that are only added."""
    duty = parse_duty(text)
    first, second = [evaluate(duty, value, measured=GOODS).amount for value in (low, low + more)]
    assert 0 <= first <= second


@settings(max_examples=200, deadline=None)
@given(sums, values)
def test_a_linear_duty_is_its_fraction_and_its_amount(text: str, value: Decimal) -> None:
    """Both ways of working a sum out give the same, exactly."""
    duty = parse_duty(text)
    assert duty.is_linear
    fraction, amount = linear(duty, measured=GOODS)
    assert evaluate(duty, value, measured=GOODS).amount == value * fraction + amount


@settings(max_examples=200, deadline=None)
@given(sums, sums, sums, values)
def test_limits_hold(text: str, low: str, high: str, value: Decimal) -> None:
    """ "A MIN B MAX C" is at most C, and at least B where C allows it."""
    found, least, most = [
        evaluate(parse_duty(one), value, measured=GOODS).amount
        for one in (f"{text} MIN {low} MAX {high}", low, high)
    ]
    assert min(least, most) <= found <= most


@settings(max_examples=200, deadline=None)
@given(sums)
def test_spaces_may_be_left_out_and_added(text: str) -> None:
    """The notation is the same with any spaces."""
    known = [
        evaluate(parse_duty(one), Decimal(100), measured=GOODS).amount
        for one in (text, text.replace(" ", ""), text.replace(" ", "  \u00a0"))
    ]
    assert known[0] == known[1] == known[2]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
KEYS = (
    *("id", "expression", "currency", "customs_value", "quantities"),
    *("abv_percent", "sucrose_percent", "retail_price", "exchange_rates", "on"),
)
rows = st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, json_values))


@settings(max_examples=300, deadline=None)
@given(rows, texts)
def test_any_line_is_answered(row: dict[str, object], text: str) -> None:
    """Values of any kind give an amount or errors, each complete."""
    for line in (json.dumps(row), json.dumps(row | {"expression": text, "currency": "EUR"}), text):
        answer = answer_line(line)
        assert "amount" in answer or all(error["message"] and error["fix"] for error in answer["errors"])
        json.dumps(answer, allow_nan=False)
