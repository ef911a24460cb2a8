"""A case from its opening to its end: the register, the officer's verdict, changes, time, and who is told."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings

from swindow.accounts.lifecycle import (
    AlreadyDecided,
    Change,
    Papers,
    RegistryAnswer,
    Secrets,
    answer_officer,
    ask_company,
    decide_verification,
    end_verifications,
    hear_registry,
    propose_change,
    reinstate_company,
    suspend_company,
)
from swindow.accounts.models import FormerMembership, Organisation, User, Verification
from swindow.accounts.registry import answer_time, look_up
from swindow.events.models import Event
from swindow.events.worker import work_batch
from swindow.problems import Refused
from swindow.vault.secrets import reveal
from tests import builders
from tests.accounts.companies import IBAN, heard, verified, waiting_case

pytestmark = pytest.mark.django_db
NOW = builders.NOW


@pytest.fixture
def newcomer(db: None) -> User:
    return builders.user("Aiko Tan")


@pytest.fixture
def case(newcomer: User) -> Verification:
    return waiting_case(newcomer)


def proposal(case: Verification, *, by: User, secrets: Secrets | None = None, **facts: str) -> Verification:
    """Ask for a change of a verified company."""
    papers = Papers(case.identity_document, case.licence)
    change = Change(facts, secrets or Secrets())
    return propose_change(case.organisation, change=change, papers=papers, by=by, at=NOW)


def company(case: Verification) -> Organisation:
    """Return the company as it is now."""
    return Organisation.objects.get(pk=case.organisation_id)


def rule_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    """Return the number of the one rule that refused."""
    (problem,) = refused.value.problems
    return problem.code


@pytest.mark.parametrize(
    ("country", "number", "name", "outcome", "known"),
    [
        ("CN", "91440300MA55260182", "SHENZHEN BRIGHT HARBOUR TRADING", "found", "Shenzhen Bright Harbour"),
        ("CN", "91440300MA5159083C", "深圳市青禾电子商务公司", "found", "深圳市青禾"),
        ("CN", "91440300MA50166130", "Old Lantern", "struck_off", "Shenzhen Old Lantern"),
        ("CN", "91440300MA5186091Q", "Anybody", "not_found", ""),
        ("SG", "201962819E", "Kestrel Homes Pte Ltd", "name_differs", "Kestrel Home Goods"),
        ("FR", "FR20340930500012", "Lumiere du Sud", "found", "Lumière du Sud"),
        ("SG", "00192200M", "Meridian Toys Ltd", "found", "Meridian Toys Ltd"),
    ],
)
def test_the_register_tells_each_of_its_outcomes(
    country: str, number: str, name: str, outcome: str, known: str
) -> None:
    answer = look_up(country=country, number=number, name=name)
    assert answer.outcome == outcome
    assert answer.name.startswith(known)


def test_the_registry_worker_answers_and_the_case_is_an_officers_turn(newcomer: User) -> None:
    case = waiting_case(newcomer, registration_number="201962819E", name="Kestrel Homes Pte Ltd")
    assert work_batch("registry") == 1
    case.refresh_from_db()
    assert (case.status, case.registry) == ("review", "name_differs")
    assert [entry.kind for entry in case.entries.all()] == ["submitted", "registry"]
    assert work_batch("registry") == 0


def test_the_register_takes_its_time_at_the_pace_of_the_agencies(
    case: Verification, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.AGENCY_PACE = 1.0
    assert timedelta(seconds=10) <= answer_time(case.pk) <= timedelta(seconds=60)
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        work_batch("registry")
    case.refresh_from_db()
    assert case.status == "submitted"


def test_the_register_is_heard_once(case: Verification) -> None:
    heard(case)
    again = hear_registry(case, answer=RegistryAnswer("struck_off"), at=NOW)
    assert (again.status, again.registry) == ("review", "found")
    assert again.entries.filter(kind="registry").count() == 1


def test_nobody_is_verified_before_the_register_has_answered(
    case: Verification, customs_officer: User
) -> None:
    with pytest.raises(Refused) as refused:
        decide_verification(case, is_accepted=True, reason="", by=customs_officer, at=NOW)
    assert rule_of(refused) == "AC-70"
    assert not company(case).is_verified


def test_a_company_is_verified_for_two_years_and_at_most_five(
    case: Verification, customs_officer: User
) -> None:
    heard(case)
    for until in (NOW.date(), date(2031, 11, 24)):
        with pytest.raises(Refused) as refused:
            decide_verification(
                case, is_accepted=True, reason="", by=customs_officer, at=NOW, valid_until=until
            )
        assert rule_of(refused) == "AC-72"
    verified(case, by=customs_officer)
    assert company(case).verified_until == date(2028, 11, 23)
    assert company(case).is_verified


def test_a_question_goes_to_the_company_and_its_answer_back_to_the_officer(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    heard(case)
    ask_company(case, text="Why another name?", by=customs_officer, at=NOW)
    with pytest.raises(AlreadyDecided):
        ask_company(case, text="And another question?", by=customs_officer, at=NOW)
    answered = answer_officer(case, text="We changed it in May.", by=newcomer, at=NOW)
    assert answered.status == "review"
    with pytest.raises(Refused) as refused:
        answer_officer(case, text="Once more.", by=newcomer, at=NOW)
    assert rule_of(refused) == "AC-71"
    kinds = [entry.kind for entry in case.entries.all()]
    assert kinds == ["submitted", "registry", "asked", "answered"]


def test_a_case_asked_about_before_the_register_answers_goes_on_waiting_for_it(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    ask_company(case, text="Which address?", by=customs_officer, at=NOW)
    assert answer_officer(case, text="The new one.", by=newcomer, at=NOW).status == "submitted"
    assert heard(case).status == "review"


def test_nobody_decides_about_a_company_that_they_left(case: Verification, customs_officer: User) -> None:
    heard(case)
    FormerMembership.objects.create(
        user=customs_officer, organisation=case.organisation, role="owner", left_at=NOW
    )
    terms: dict[str, Any] = {"by": customs_officer, "at": NOW}
    for act in (
        lambda: decide_verification(case, is_accepted=True, reason="", **terms),
        lambda: ask_company(case, text="Why?", **terms),
        lambda: suspend_company(case, reason="Why not.", **terms),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert rule_of(refused) == "AC-11"
    assert not company(case).is_verified


def test_a_suspended_company_may_not_lodge_until_it_is_reinstated(
    case: Verification, customs_officer: User
) -> None:
    verified(case, by=customs_officer)
    suspended = suspend_company(case, reason="Goods were misdeclared.", by=customs_officer, at=NOW)
    assert (suspended.status, company(case).is_verified) == ("suspended", False)
    assert not Organisation.objects.verified().filter(pk=case.organisation_id).exists()
    with pytest.raises(AlreadyDecided):
        suspend_company(case, reason="Again.", by=customs_officer, at=NOW)
    reinstate_company(case, reason="", by=customs_officer, at=NOW)
    assert company(case).is_verified
    with pytest.raises(AlreadyDecided):
        reinstate_company(case, reason="", by=customs_officer, at=NOW)


def test_changed_data_of_a_verified_company_wait_while_the_old_ones_hold(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    verified(case, by=customs_officer)
    change = proposal(case, by=newcomer, name="Meridian Games Ltd", country="SG", address="2 Harbour Road")
    assert change.proposed == {"name": "Meridian Games Ltd", "address": "2 Harbour Road"}
    assert (company(case).name, company(case).is_verified) == ("Meridian Toys Ltd", True)
    with pytest.raises(Refused) as refused:
        proposal(case, by=newcomer, name="Meridian Books Ltd")
    assert rule_of(refused) == "AC-10"
    verified(change, by=customs_officer)
    assert (company(case).name, company(case).address) == ("Meridian Games Ltd", "2 Harbour Road")


def test_a_refused_change_leaves_the_company_as_it_was(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    verified(case, by=customs_officer)
    change = proposal(case, by=newcomer, name="Meridian Games Ltd", secrets=Secrets(bank_account=IBAN))
    decide_verification(
        heard(change), is_accepted=False, reason="Not in the extract.", by=customs_officer, at=NOW
    )
    assert (company(case).name, company(case).is_verified) == ("Meridian Toys Ltd", True)
    row = f"organisation:{case.organisation_id}"
    assert (reveal(row, "bank_account"), reveal(row, "bank_account_proposed")) == ("", "")


def test_a_proposed_number_that_another_company_took_meanwhile_is_refused(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    verified(case, by=customs_officer)
    change = heard(proposal(case, by=newcomer, registration_number="201962819E"))
    waiting_case(builders.user(), registration_number="201962819E", name="Faster Ltd")
    with pytest.raises(Refused) as refused:
        decide_verification(change, is_accepted=True, reason="", by=customs_officer, at=NOW)
    assert rule_of(refused) == "AC-08"
    assert company(case).registration_number == "00192200M"


def test_nothing_new_opens_no_case_until_the_verification_ends_soon(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    verified(case, by=customs_officer, valid_until=NOW.date() + timedelta(days=31))
    with pytest.raises(Refused) as refused:
        proposal(case, by=newcomer, name="Meridian Toys Ltd")
    assert rule_of(refused) == "AC-73"
    Organisation.objects.filter(pk=case.organisation_id).update(
        verified_until=NOW.date() + timedelta(days=30)
    )
    assert proposal(case, by=newcomer).status == "submitted"


def test_no_change_is_agreed_to_while_a_company_is_suspended(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    verified(case, by=customs_officer)
    change = heard(proposal(case, by=newcomer, name="Meridian Games Ltd"))
    suspend_company(case, reason="Goods were misdeclared.", by=customs_officer, at=NOW)
    with pytest.raises(Refused) as refused:
        decide_verification(change, is_accepted=True, reason="", by=customs_officer, at=NOW)
    assert rule_of(refused) == "AC-74"


def test_a_verification_runs_out_and_is_warned_of_once_a_month_before(
    case: Verification, customs_officer: User
) -> None:
    until = NOW.date() + timedelta(days=40)
    verified(case, by=customs_officer, valid_until=until)
    assert end_verifications(at=NOW) == 0
    for _again in range(2):
        end_verifications(at=NOW + timedelta(days=12))
    warned = Event.objects.filter(kind="verification.expiring")
    assert [event.payload for event in warned] == [{"verification": case.reference}]
    assert end_verifications(at=NOW + timedelta(days=40)) == 0
    assert end_verifications(at=NOW + timedelta(days=41)) == 1
    assert end_verifications(at=NOW + timedelta(days=41)) == 0
    case.refresh_from_db()
    assert case.status == "expired"
    with time_machine.travel(NOW + timedelta(days=41), tick=False):
        assert not company(case).is_verified


def test_the_end_of_a_case_that_was_followed_by_another_ends_nothing(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    verified(case, by=customs_officer, valid_until=NOW.date() + timedelta(days=20))
    change = proposal(case, by=newcomer, name="Meridian Games Ltd")
    verified(change, by=customs_officer)
    end_verifications(at=NOW + timedelta(days=21))
    assert not Event.objects.filter(kind__in=["verification.expired", "verification.expiring"]).exists()
    assert company(case).verified_until == date(2028, 11, 23)


def test_the_owners_are_told_of_each_step_in_their_own_language(
    case: Verification, newcomer: User, customs_officer: User, mailoutbox: list[Any]
) -> None:
    User.objects.filter(pk=newcomer.pk).update(preferred_language="zh-hans")
    other = builders.member(case.organisation, role="owner", name="Chen Yu")
    builders.member(case.organisation, role="viewer", name="Nobody")
    heard(case)
    ask_company(case, text="Why <another> name?", by=customs_officer, at=NOW)
    work_batch("notify")
    assert {mail.to[0] for mail in mailoutbox} == {newcomer.email, other.email}
    english = next(mail for mail in mailoutbox if mail.to == [other.email])
    assert "Why <another> name?" in english.body
    assert "Why &lt;another&gt; name?" in english.alternatives[0][0]
    assert f"{settings.BASE_URL}/organisation/" in english.body


def test_each_event_has_its_letter(
    case: Verification, newcomer: User, customs_officer: User, mailoutbox: list[Any]
) -> None:
    verified(case, by=customs_officer, valid_until=NOW.date() + timedelta(days=20))
    suspend_company(case, reason="Goods were misdeclared.", by=customs_officer, at=NOW)
    reinstate_company(case, reason="", by=customs_officer, at=NOW)
    change = proposal(case, by=newcomer, name="Meridian Games Ltd")
    decide_verification(
        heard(change), is_accepted=False, reason="Not in the extract.", by=customs_officer, at=NOW
    )
    end_verifications(at=NOW)
    end_verifications(at=NOW + timedelta(days=21))
    while work_batch("notify"):
        pass
    assert [mail.subject for mail in mailoutbox] == [
        "Your company's verification: Verified",
        "Your company is suspended",
        "Your company is no longer suspended",
        "The change of your company data was refused",
        "Your company's verification ends soon",
        "Your company's verification has run out",
    ]
    assert "Not in the extract." in mailoutbox[3].body


def test_nothing_of_what_is_sealed_enters_the_audit_chain(case: Verification, newcomer: User) -> None:
    payloads = " ".join(str(event.payload) for event in Event.objects.all())
    assert "Meridian" not in payloads
    assert newcomer.email not in payloads
