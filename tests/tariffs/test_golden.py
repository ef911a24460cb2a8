"""Each pack's golden cases: figures worked out by hand from the law, boundary values on both sides."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tariffs.assessment import assess, replay, to_snapshot
from tariffs.facts import CannotAssess
from tariffs.intake import read_facts
from tariffs.pack_parsing import REGULATIONS
from tariffs.packs import current_packs
from tariffs.results import AssessmentResult


def _cases() -> list[Any]:
    files = sorted(REGULATIONS.glob("*/golden.json"))
    return [
        pytest.param(case, id=f"{file.parent.name}: {case['name']}")
        for file in files
        for case in json.loads(file.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("case", _cases())
def test_law_gives_the_figures_worked_out_by_hand(case: dict[str, Any]) -> None:
    """Every numbered rule, as its golden case states it."""
    expected = case["expect"]
    if "errors" in expected:
        with pytest.raises(CannotAssess) as refusal:
            assess(read_facts(case["input"]))
        assert [problem.code for problem in refusal.value.problems] == expected["errors"]
        return
    facts = read_facts(case["input"])
    result = assess(facts)
    assert {name: _seen(result, name) for name in expected} == {
        name: _as_numbers(value) for name, value in expected.items()
    }
    assert replay(json.loads(json.dumps(to_snapshot(facts, result)))) == result


def test_every_rule_has_a_golden_case() -> None:
    """A rule without a case is a claim that nothing checks."""
    shown = {rule for case in _cases() for rule in case.values[0]["rules"]}
    assert {rule for pack in current_packs() for rule in pack.rules} == shown


def _seen(result: AssessmentResult, name: str) -> Any:
    readers = {
        "by_type": lambda: result.totals.by_type,
        "payable": lambda: result.totals.payable,
        "landed": lambda: result.totals.landed,
        "payable_now": lambda: result.payable_by_trader_now,
        "line_values": lambda: [line.customs_value for line in result.goods],
        "problems": lambda: [problem.code for problem in result.problems],
        "warnings": lambda: [warning.code for warning in result.warnings],
        "documents": lambda: [paper.document_types[0] for paper in result.required_documents],
    }
    return readers[name]() if name in readers else getattr(result, name)


def _as_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_numbers(inner) for inner in value]
    return Decimal(value) if value[:1].isdigit() else value
