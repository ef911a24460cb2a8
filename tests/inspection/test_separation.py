"""S5: nobody decides about goods that they declared, prepared or acted for; no officer trades."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from declarations import lifecycle
from declarations.lifecycle import Question
from declarations.models import Declaration, Hold
from inspection.lifecycle import Decision, ask_as_officer, decide_as_officer, open_reviews
from inspection.models import Review
from inspection.separation import own_of
from swindow.accounts.models import FormerMembership, Mandate, Membership, Organisation, User
from swindow.problems import Refused
from tests import builders
from tests.api.callers import Caller, paths_of
from tests.builders import NOW
from tests.declarations.acting import agent_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def lodged(draft: Declaration, *, by: User) -> Declaration:
    assert lifecycle.lodge([draft.pk], by=by, at=NOW) == {}
    open_reviews([draft.pk], at=NOW)
    draft.refresh_from_db()
    return draft


def moved_to_customs(person: User) -> User:
    """Let somebody leave the company and become an officer."""
    for place in Membership.objects.filter(user=person):
        FormerMembership.objects.create(
            user=person, organisation=place.organisation, role=place.role, left_at=NOW
        )
        place.delete()
    customs = builders.organisation(kind="authority", name="Customs", authority="customs")
    Membership.objects.create(user=person, organisation=customs, role="officer")
    return person


def refused_to(officer: User, declaration: Declaration) -> set[str]:
    """Try to decide and to ask in person; return the codes of the refusals."""
    review = Review.objects.get(declaration=declaration, authority="customs")
    decision = Decision(declaration.pk, "customs", True, "C00")
    found = set()
    with pytest.raises(Refused) as refusal:
        decide_as_officer(review, decision=decision, officer=officer, at=NOW)
    found |= {problem.code for problem in refusal.value.problems}
    with pytest.raises(Refused) as refusal:
        ask_as_officer(review, reason_code="Q12", text="Why?", officer=officer, at=NOW)
    return found | {problem.code for problem in refusal.value.problems}


def decide_by_machine(officer: User, *declarations: Declaration):
    rows = [
        {"declaration": each.reference, "decision": "approve", "reason_code": "C00"} for each in declarations
    ]
    return Caller(officer).post("agency/decisions", {"decisions": rows})


def test_who_left_the_declarant_decides_nothing_about_it(seller: User) -> None:
    officer = moved_to_customs(builders.member(builders.company_of(seller), role="viewer"))
    assert refused_to(officer, lodged(builders.draft(seller), by=seller)) == {"IN-01"}


def test_who_left_the_agent_that_lodged_decides_nothing_about_it(seller: User) -> None:
    person = agent_for(seller)
    declaration = lodged(builders.draft(seller), by=person)
    colleague = builders.member(builders.company_of(person), role="viewer")
    assert refused_to(moved_to_customs(colleague), declaration) == {"IN-01"}


def test_who_left_an_agent_of_the_seller_decides_nothing_about_the_seller(seller: User) -> None:
    """The seller lodged this one itself; the agent acted for it before."""
    person = agent_for(seller)
    Mandate.objects.update(revoked_at=NOW)
    assert refused_to(moved_to_customs(person), lodged(builders.draft(seller), by=seller)) == {"IN-01"}


def test_who_worked_on_it_decides_nothing_whatever_company_it_was_for(seller: User) -> None:
    """The audit chain remembers, also when no row of a company does."""
    person = agent_for(seller)
    declaration = lodged(builders.draft(seller), by=person)
    Membership.objects.filter(user=person).delete()
    customs = builders.organisation(kind="authority", name="Customs", authority="customs")
    Membership.objects.create(user=person, organisation=customs, role="officer")
    assert refused_to(person, declaration) == {"IN-01"}


def test_an_officer_who_only_decided_and_asked_is_no_trader(seller: User, customs_officer: User) -> None:
    declaration = lodged(builders.draft(seller), by=seller)
    review = Review.objects.get(declaration=declaration, authority="customs")
    ask_as_officer(review, reason_code="Q12", text="Why?", officer=customs_officer, at=NOW)
    assert own_of(customs_officer, declaration_ids=[declaration.pk]) == set()
    decision = Decision(declaration.pk, "customs", True, "C00")
    decide_as_officer(review, decision=decision, officer=customs_officer, at=NOW)
    assert not Hold.objects.filter(declaration=declaration, kind="risk", lifted_at=None).exists()


def test_nobody_is_taken_for_another_whose_number_begins_alike(seller: User, customs_officer: User) -> None:
    declaration = lodged(builders.draft(seller), by=seller)
    question = Question(declaration.pk, "tax", "Q12", "Why?")
    lifecycle.ask([question], by=f"user:{customs_officer.pk}0", at=NOW)
    assert own_of(customs_officer, declaration_ids=[declaration.pk]) == set()


def test_a_machine_is_refused_its_own_and_told_which(seller: User, rival: User) -> None:
    officer = moved_to_customs(builders.member(builders.company_of(seller), role="declarant"))
    own = lodged(builders.draft(seller), by=seller)
    other = lodged(builders.draft(rival), by=rival)
    answer = decide_by_machine(officer, other, own)
    assert (answer.status_code, paths_of(answer)) == (422, {"decisions.2.declaration": "IN-01"})
    assert decide_by_machine(officer, other).json()["outcomes"][0]["is_effective"]


def test_one_statement_tells_for_a_whole_batch(
    seller: User, customs_officer: User, django_assert_num_queries: object
) -> None:
    keys = [builders.draft(seller).pk for _ in range(12)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert own_of(customs_officer, declaration_ids=keys) == set()
    former = moved_to_customs(builders.member(builders.company_of(seller), role="viewer"))
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert own_of(former, declaration_ids=keys) == set(keys)


def test_the_page_says_so_and_offers_no_decision(seller: User) -> None:
    officer = moved_to_customs(builders.member(builders.company_of(seller), role="viewer"))
    declaration = lodged(builders.draft(seller), by=seller)
    client = Client()
    client.force_login(officer)
    page = client.get(f"/officer/customs/{declaration.reference}/").text
    assert "This is not yours to decide" in page
    assert 'name="reason_code"' not in page


def test_the_history_names_agent_company_and_mandate(seller: User, customs_officer: User) -> None:
    person = agent_for(seller)
    declaration = lodged(builders.draft(seller), by=person)
    client = Client()
    client.force_login(customs_officer)
    page = client.get(f"/officer/customs/{declaration.reference}/", {"tab": "history"}).text
    mandate = Mandate.objects.get(agent=builders.company_of(person))
    assert f"Mira Vos ({mandate.agent}, {mandate.reference})" in page


def test_no_officer_belongs_to_a_company_and_no_trader_to_an_authority(
    seller: User, customs_officer: User
) -> None:
    customs, company = builders.company_of(customs_officer), builders.company_of(seller)
    for person, place, role in ((customs_officer, company, "viewer"), (seller, customs, "officer")):
        with pytest.raises(IntegrityError, match="officer_in_no_company"), transaction.atomic():
            _join(person, place, role)


def test_no_officer_works_for_two_authorities(customs_officer: User, quarantine_officer: User) -> None:
    other = builders.company_of(quarantine_officer)
    with pytest.raises(IntegrityError, match="one_authority"), transaction.atomic():
        _join(customs_officer, other, "officer")


def test_a_place_in_a_company_never_becomes_an_officers_beside_another(seller: User) -> None:
    _join(seller, builders.organisation(kind="agent"), "viewer")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        statement = "UPDATE accounts_membership SET role = 'officer' WHERE user_id = %s AND role = 'viewer'"
        cursor.execute(statement, [seller.pk])


def _join(person: User, place: Organisation, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_membership (user_id, organisation_id, role) VALUES (%s, %s, %s)",
            [person.pk, place.pk, role],
        )
