"""Two officers, or an officer and the register, at one case at once: exactly one decision."""

from functools import partial

import pytest

from swindow.accounts.lifecycle import (
    AlreadyDecided,
    RegistryAnswer,
    ask_company,
    decide_verification,
    hear_registry,
    register_organisation,
    submit_verification,
)
from swindow.accounts.models import Organisation, User, Verification
from swindow.events.models import Event
from tests import builders
from tests.races.test_decisions import TRIALS, at_once

pytestmark = pytest.mark.usefixtures("own_database")
FOUND = RegistryAnswer("found", "Meridian Toys Ltd")


def officers() -> tuple[User, User]:
    """Make two officers of one customs."""
    customs = builders.organisation(kind="authority", name="Customs", authority="customs")
    return builders.officer("customs", of=customs), builders.officer("customs", of=customs)


def cases() -> list[Verification]:
    """Make companies that wait."""
    person = builders.user("Aiko Tan")
    return [_case(number, person) for number in range(TRIALS)]


def _case(number: int, person: User) -> Verification:
    company = Organisation(
        kind="seller", name=f"Toys {number}", registration_number=f"T{number:05}", country="VN"
    )
    register_organisation(company, by=person, at=builders.NOW)
    file = builders.stored_file(company)
    return submit_verification(company, identity_document=file, by=person, at=builders.NOW)


def test_of_two_officers_at_once_exactly_one_decides() -> None:
    anna, boris = officers()
    for case in cases():
        hear_registry(case, answer=FOUND, at=builders.NOW)
        decide = partial(decide_verification, case, at=builders.NOW)
        results = at_once(
            partial(decide, is_accepted=True, reason="", by=anna),
            partial(decide, is_accepted=False, reason="Unreadable.", by=boris),
        )
        assert sorted(type(one).__name__ for one in results) == ["AlreadyDecided", "Verification"]
        (loser,) = [one for one in results if isinstance(one, AlreadyDecided)]
        assert loser.verification.decided_by in (anna, boris)
        case.refresh_from_db()
        assert case.organisation.is_verified == (case.status == "verified")
        decided = Event.objects.filter(
            kind="verification.decided", subject_id=case.organisation_id, subject_kind="organisation"
        )
        assert decided.count() == 1
        assert case.entries.filter(kind__in=["verified", "refused"]).count() == 1


def test_a_question_and_a_verdict_at_once_leave_one_order_of_things() -> None:
    anna, boris = officers()
    for case in cases():
        hear_registry(case, answer=FOUND, at=builders.NOW)
        results = at_once(
            partial(ask_company, case, text="Why?", by=anna, at=builders.NOW),
            partial(decide_verification, case, is_accepted=True, reason="", by=boris, at=builders.NOW),
        )
        case.refresh_from_db()
        assert case.status == "verified"
        assert not isinstance(results[1], Exception)
        asked = case.entries.filter(kind="asked").count()
        assert asked == (0 if isinstance(results[0], AlreadyDecided) else 1)


def test_the_register_is_never_heard_over_a_verdict() -> None:
    anna, _boris = officers()
    for case in cases():
        results = at_once(
            partial(hear_registry, case, answer=FOUND, at=builders.NOW),
            partial(
                decide_verification, case, is_accepted=False, reason="Unreadable.", by=anna, at=builders.NOW
            ),
        )
        assert not [one for one in results if isinstance(one, Exception)]
        case.refresh_from_db()
        assert case.status == "refused"
