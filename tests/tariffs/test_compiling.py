"""Formulas become Python functions that reach nothing but names, numbers and the language's functions."""

import pickle
from dataclasses import FrozenInstanceError
from decimal import Decimal
from typing import Any

import pytest

from tariffs.assessment import assess
from tariffs.compiling import compile_steps
from tariffs.expressions import any_of, compile_expression
from tariffs.formulas import ExpressionError, parse
from tariffs.results import AssessmentResult, ChargeResult, LineAssessment, Totals
from tests.tariffs.facts import item, to_china


@pytest.mark.parametrize("name", ["lambda", "class", "__builtins__", "scope", "number_1", "min"])
def test_names_are_only_ever_keys(name: str) -> None:
    """Whatever Python would take a word for, a formula reads it from its scope."""
    formula = compile_expression(f"{name} + 1")
    assert formula.run({name: Decimal(2)}) == 3


def test_texts_are_never_executed() -> None:
    """A text that looks like code is compared, letter by letter."""
    text = '__import__("os").system("false")'
    assert compile_expression(f"name == '{text}'").run({"name": text}) is True


def test_functions_of_python_do_not_exist() -> None:
    """Neither by their name nor by a name that stands for them in the scope."""
    with pytest.raises(ExpressionError, match="no function 'exec'"):
        compile_expression("exec('1')")
    with pytest.raises(ExpressionError, match="'open' is not known"):
        compile_expression("open", known=frozenset())


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("price and false", False),
        ("price or missing", True),
        ("false and missing", False),
        ("if(true, 1, missing)", Decimal(1)),
        ("1 < 2 == true", True),
    ],
)
def test_logic_answers_true_or_false_and_reads_no_more_than_it_must(text: str, answer: Any) -> None:
    """A parameter without a value is an error only where a formula needs it."""
    found = compile_expression(text).run({"price": Decimal(5)})
    assert found == answer
    assert type(found) is type(answer)


def test_a_name_of_the_line_is_read_from_the_line() -> None:
    """All others are the consignment's."""
    formula = compile_expression("price * limit", of_line=frozenset(["price"]))
    assert formula.reads_line
    assert formula.run({"limit": Decimal(3), "price": Decimal(0)}, {"price": Decimal(2)}) == 6
    assert not compile_expression("limit > 2", of_line=frozenset(["price"])).reads_line
    assert compile_expression("has('listed')").reads_line


def test_steps_see_what_stands_before_them() -> None:
    """Variables of a pack build on one another."""
    scope = {"value": Decimal(10)}
    compile_steps([("half", parse("value / 2")), ("quarter", parse("half / 2"))])(scope)
    assert scope == {"value": 10, "half": 5, "quarter": Decimal("2.5")}


def test_several_conditions_are_asked_at_once() -> None:
    """None of none; else whether any holds."""
    assert any_of([]) is None
    holds = any_of([compile_expression("value > 10"), compile_expression("value < 2")])
    assert holds is not None
    assert [holds({"value": value}) for value in (1, 5, 11)] == [True, False, True]


def test_results_are_frozen_equal_by_value_and_can_be_sent() -> None:
    """However fast they were made: a charge is what its own class makes."""
    result = assess(to_china(item("33049900", "280", content="30 ml")))
    line = result.goods[0]
    charge = line.charges[0]
    made = [type(one) for one in (result, result.totals, line, charge)]
    assert made == [AssessmentResult, Totals, LineAssessment, ChargeResult]
    with pytest.raises(FrozenInstanceError):
        charge.amount = Decimal(0)
    names = ChargeResult.__dataclass_fields__
    assert charge == ChargeResult(**{name: getattr(charge, name) for name in names})
    assert hash(charge) == hash(ChargeResult(**{name: getattr(charge, name) for name in names}))
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301
