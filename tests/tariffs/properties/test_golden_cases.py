"""The same laws in every golden case, whose figures were worked out by hand."""

import pytest

from tariffs.assessment import assess, assess_all
from tariffs.facts import CannotAssess
from tests.tariffs.properties import laws
from tests.tariffs.properties.consignments import PACKS, golden_facts


@pytest.mark.parametrize("folder", PACKS)
def test_every_golden_case_keeps_the_laws_of_arithmetic(folder: str) -> None:
    """Sums, signs, steps, replay and repetition."""
    cases = golden_facts()[folder]
    for facts, result in zip(cases, assess_all(cases), strict=True):
        if isinstance(result, CannotAssess):
            continue
        laws.parts_add_up(result)
        laws.landed_is_all_that_is_paid(facts, result)
        laws.nothing_is_negative(result)
        laws.amounts_lie_on_their_steps(facts, result)
        laws.replay_gives_the_first_run(facts, result)
        laws.twice_is_the_same(facts, result)


def test_many_together_get_the_answers_that_each_gets_alone() -> None:
    """All packs in one batch; a consignment that cannot be assessed leaves its problems in its place."""
    cases = [facts for folder in PACKS for facts in golden_facts()[folder]]
    for facts, answer in zip(cases, assess_all(cases), strict=True):
        if isinstance(answer, CannotAssess):
            with pytest.raises(CannotAssess) as refusal:
                assess(facts)
            assert refusal.value.problems == answer.problems
        else:
            assert assess(facts) == answer
