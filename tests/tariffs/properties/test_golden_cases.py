"""The same laws in every golden case, whose figures were worked out by hand."""

from dataclasses import replace

import pytest

from tariffs.assessment import assess, assess_all
from tariffs.facts import CannotAssess, Dates
from tests.tariffs.properties import laws
from tests.tariffs.properties.consignments import PACKS, golden_facts


@pytest.mark.parametrize("folder", PACKS)
def test_every_golden_case_keeps_the_laws_of_arithmetic(folder: str) -> None:
    """Sums, signs, steps, replay and repetition."""
    for facts in golden_facts()[folder]:
        result = assess(facts)
        laws.parts_add_up(result)
        laws.landed_is_all_that_is_paid(facts, result)
        laws.nothing_is_negative(result)
        laws.amounts_lie_on_their_steps(facts, result)
        laws.replay_gives_the_first_run(facts, result)
        laws.twice_is_the_same(facts, result)


def test_many_together_get_the_answers_that_each_gets_alone() -> None:
    """All packs in one batch."""
    cases = [facts for folder in PACKS for facts in golden_facts()[folder]]
    assert assess_all(cases) == [assess(facts) for facts in cases]


def test_one_that_cannot_be_assessed_leaves_its_problems_in_its_place() -> None:
    """The others of the batch are answered."""
    good = golden_facts()["cn"][0]
    bad = replace(good, dates=Dates())
    first, refusal, last = assess_all([good, bad, good])
    assert first == last == assess(good)
    assert isinstance(refusal, CannotAssess)
    assert [problem.path for problem in refusal.problems] == ["dates.acceptance"]


def test_a_batch_speaks_the_language_that_was_asked_for() -> None:
    """Sentences in Chinese, the same amounts."""
    facts = golden_facts()["cn"][0]
    assert assess_all([facts], language="zh-hans") == [assess(facts, language="zh-hans")]
