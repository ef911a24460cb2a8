"""Mandates: given, accepted, declined, changed, ended; what each side may, and what the other reads."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from declarations.models import Declaration
from swindow.accounts import handlers
from swindow.accounts.destinations import DESTINATIONS
from swindow.accounts.lifecycle import (
    MandateTerms,
    accept_mandate,
    change_mandate,
    decline_mandate,
    end_mandate,
    give_mandate,
)
from swindow.accounts.models import Act, Mandate, Organisation, User
from swindow.events.models import Event
from swindow.events.worker import Occurrence
from swindow.problems import Refused
from tariffs.jurisdictions import jurisdictions
from tariffs.lifecycle import load_packs
from tests import builders

pytestmark = pytest.mark.django_db

EVERYTHING = MandateTerms()
STANDING = Mandate.Standing
PAGE = "/organisation/agents/"


@pytest.fixture
def agent(db: None) -> User:
    """An agent without a mandate of anybody."""
    return builders.member(builders.organisation(kind="agent", name="Harbour Brokers"), name="Mira Vos")


@pytest.fixture
def offered(seller: User, agent: User) -> Mandate:
    """A mandate that waits for the agent."""
    return given(seller, agent)


def given(seller: User, agent: User, terms: MandateTerms = EVERYTHING) -> Mandate:
    company, agency = builders.company_of(seller), builders.company_of(agent)
    # The database's policies read the time at which the transaction began, and a test is one transaction.
    earlier = timezone.now() - timedelta(hours=1)
    return give_mandate(company, agent=agency, terms=terms, by=seller, at=earlier)


def as_person(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def standing(mandate: Mandate) -> str:
    return str(Mandate.objects.get(pk=mandate.pk).standing)


def post(person: User, mandate: Mandate, act: str, data: dict[str, object] | None = None) -> int:
    address = reverse(f"accounts:mandate_{act}", args=[mandate.reference])
    return int(as_person(person).post(address, data or {}).status_code)


def deliver(kind: str) -> None:
    """Give the events of a kind to their handler, as a worker does."""
    handler = handlers.mail_help if kind.startswith("help.") else handlers.mail_mandates
    events = Event.objects.filter(kind=kind).order_by("pk")
    handler([Occurrence(e.pk, e.kind, e.subject_id, e.occurred_at, e.actor, e.payload) for e in events])


def form(agent: User, **answers: object) -> dict[str, object]:
    return {"agent": builders.company_of(agent).reference, "scopes": ["prepare", "lodge"], **answers}


def test_a_mandate_counts_only_once_the_agent_accepts_it(seller: User, agent: User) -> None:
    draft = builders.draft(seller)
    address = reverse("declarations:detail", args=[draft.reference])
    assert as_person(seller).post(PAGE, form(agent)).status_code == 302
    mandate = Mandate.objects.get()
    assert standing(mandate) == STANDING.WAITING
    assert as_person(agent).get(address).status_code == 404
    assert post(agent, mandate, "accept") == 302
    assert standing(mandate) == STANDING.LIVE
    Mandate.objects.update(valid_from=timezone.now() - timedelta(hours=1))
    assert as_person(agent).get(address).status_code == 200


def test_an_agent_whose_mandate_ended_gets_404_at_once(seller: User, agent: User, offered: Mandate) -> None:
    draft, browser = builders.draft(seller), as_person(agent)
    address = reverse("declarations:detail", args=[draft.reference])
    accept_mandate(offered, by=agent, at=timezone.now())
    assert browser.get(address).status_code == 200
    assert post(seller, offered, "end") == 302
    assert browser.get(address).status_code == 404
    assert standing(offered) == STANDING.ENDED


def test_either_side_ends_a_mandate(seller: User, agent: User) -> None:
    for person in (seller, agent):
        mandate = accept_mandate(given(seller, agent), by=agent, at=timezone.now())
        assert post(person, mandate, "end") == 302
        mandate.refresh_from_db()
        assert (mandate.revoked_by, mandate.standing) == (person, STANDING.ENDED)


def test_a_declined_mandate_never_counts(seller: User, agent: User, offered: Mandate) -> None:
    assert post(agent, offered, "decline") == 302
    assert standing(offered) == STANDING.DECLINED
    assert post(agent, offered, "accept") == 409
    assert not Mandate.objects.live().exists()
    assert not Declaration.objects.allowing(agent, Act.VIEW).exists()


def test_a_withdrawn_mandate_cannot_be_accepted(seller: User, agent: User, offered: Mandate) -> None:
    assert post(seller, offered, "end") == 302
    assert standing(offered) == STANDING.WITHDRAWN
    answer = as_person(agent).post(reverse("accounts:mandate_accept", args=[offered.reference]))
    assert answer.status_code == 409
    assert "rule AC-32" in answer.content.decode()
    assert not Mandate.objects.live().exists()


def test_an_accepted_mandate_is_ended_and_not_declined(agent: User, offered: Mandate) -> None:
    accept_mandate(offered, by=agent, at=timezone.now())
    with pytest.raises(Refused, match="accepted this mandate meanwhile"):
        decline_mandate(offered, by=agent, at=timezone.now())
    assert standing(offered) == STANDING.LIVE


def test_a_mandate_out_of_its_time_counts_for_nothing(seller: User, agent: User) -> None:
    now = timezone.now()
    later = given(seller, agent, replace(EVERYTHING, valid_from=now + timedelta(days=1)))
    accept_mandate(later, by=agent, at=now)
    assert standing(later) == STANDING.UPCOMING
    assert not Mandate.objects.live().exists()
    Mandate.objects.update(valid_from=now - timedelta(days=2), valid_to=now - timedelta(days=1))
    assert standing(later) == STANDING.EXPIRED
    assert not Mandate.objects.live().exists()
    again = given(seller, agent)
    assert (standing(later), standing(again)) == (STANDING.EXPIRED, STANDING.WAITING)


def test_one_that_ran_out_while_it_waited_cannot_be_accepted(seller: User, agent: User) -> None:
    now = timezone.now()
    terms = replace(EVERYTHING, valid_from=now - timedelta(days=2), valid_to=now + timedelta(days=1))
    mandate = given(seller, agent, terms)
    with pytest.raises(Refused, match="ended meanwhile"):
        accept_mandate(mandate, by=agent, at=now + timedelta(days=1))


def test_a_second_click_changes_nothing(seller: User, agent: User) -> None:
    browser = as_person(seller)
    for _click in range(2):
        assert browser.post(PAGE, form(agent)).status_code == 302
    mandate = Mandate.objects.get()
    for act, person in (("accept", agent), ("accept", agent), ("end", seller), ("end", seller)):
        assert post(person, mandate, act) == 302
    kinds = list(Event.objects.filter(subject_id=mandate.seller_id).values_list("kind", flat=True))
    assert sorted(kinds) == ["mandate.accepted", "mandate.ended", "mandate.given"]


def test_another_mandate_for_the_same_agent_is_refused_with_the_way_out(
    seller: User, agent: User, offered: Mandate
) -> None:
    answer = as_person(seller).post(PAGE, form(agent, scopes=["prepare"]))
    assert answer.status_code == 409
    assert "rule AC-31" in answer.content.decode()
    assert offered.reference in str(answer.context["form"].errors["agent"])
    assert Mandate.objects.get() == offered


def test_new_terms_end_the_mandate_and_wait_for_the_agent(
    seller: User, agent: User, offered: Mandate
) -> None:
    accept_mandate(offered, by=agent, at=timezone.now())
    terms = {"scopes": ["prepare"], "countries": ["NL"], "value_limit": "5000", "value_currency": "EUR"}
    for _click in range(2):
        assert post(seller, offered, "change", terms) == 302
    assert standing(offered) == STANDING.ENDED
    new = Mandate.objects.get(revoked_at=None)
    assert (new.scopes, new.countries, new.value_limit) == (["prepare"], ["NL"], Decimal(5000))
    assert new.is_waiting
    assert not Mandate.objects.live().exists()
    assert Mandate.objects.count() == 2


def test_terms_of_an_ended_mandate_cannot_be_changed(seller: User, agent: User, offered: Mandate) -> None:
    end_mandate(offered, by=agent, at=timezone.now())
    with pytest.raises(Refused, match="ended meanwhile"):
        change_mandate(offered, terms=EVERYTHING, by=seller, at=timezone.now())
    assert post(seller, offered, "change", {"scopes": ["pay"]}) == 409


def test_the_last_day_counts_as_a_whole(seller: User, agent: User) -> None:
    today = timezone.now().date()
    assert as_person(seller).post(PAGE, form(agent, valid_to=today.isoformat())).status_code == 302
    mandate = Mandate.objects.get()
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC) + timedelta(days=1)
    assert (mandate.valid_to, mandate.last_day) == (midnight, today)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["view"]}, "scopes"),
        ({"countries": ["ZZ"]}, "countries"),
        ({"value_limit": "0", "value_currency": "EUR"}, "value_limit"),
        ({"value_limit": "1e9", "value_currency": "EUR"}, "value_limit"),
        ({"value_limit": "1000000000000", "value_currency": "EUR"}, "value_limit"),
        ({"value_limit": "100"}, "value_currency"),
        ({"value_currency": "EUR"}, "value_limit"),
        ({"valid_to": "2020-01-01"}, "valid_to"),
        ({"valid_from": "2090-01-02", "valid_to": "2090-01-01"}, "valid_to"),
        ({"agent": "ORG-26-9999999X"}, "agent"),
    ],
)
def test_wrong_terms_are_named_beside_their_field(
    seller: User, agent: User, answers: dict[str, object], field: str
) -> None:
    answer = as_person(seller).post(PAGE, form(agent) | answers)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not Mandate.objects.exists()


def test_a_mandate_goes_to_a_verified_agent_only(seller: User, rival: User, agent: User) -> None:
    agency = builders.company_of(agent)
    Organisation.objects.filter(pk=agency.pk).update(suspended_at=timezone.now())
    for reference in (agency.reference, builders.company_of(rival).reference):
        answer = as_person(seller).post(PAGE, form(agent) | {"agent": reference})
        assert answer.status_code == 422
        assert "rule AC-30" in answer.content.decode()
    with pytest.raises(Refused, match="not a verified agent"):
        given(seller, agent)


def test_a_suspended_agent_cannot_accept(agent: User, offered: Mandate) -> None:
    Organisation.objects.filter(pk=offered.agent_id).update(suspended_at=timezone.now())
    with pytest.raises(Refused, match="Only a verified agent"):
        accept_mandate(offered, by=agent, at=timezone.now())


def test_an_agent_appoints_nobody(agent: User) -> None:
    other = builders.organisation(kind="carrier", name="Swift Lines")
    assert as_person(agent).get(PAGE).status_code == 404
    assert as_person(agent).post(PAGE, form(agent) | {"agent": other.reference}).status_code == 404
    with pytest.raises(Refused, match="Only sellers and platforms"):
        give_mandate(builders.company_of(agent), agent=other, terms=EVERYTHING, by=agent, at=timezone.now())


def test_each_side_has_its_own_acts_and_strangers_none(
    seller: User, colleague: User, rival: User, agent: User, offered: Mandate
) -> None:
    clerk = builders.member(builders.company_of(agent), role="declarant")
    for act in ("accept", "decline", "change", "end"):
        assert post(rival, offered, act, {"scopes": ["pay"]}) == 404
        assert post(colleague, offered, act, {"scopes": ["pay"]}) == 404
        assert post(clerk, offered, act, {"scopes": ["pay"]}) == 404
    assert post(seller, offered, "accept") == 404
    assert post(seller, offered, "decline") == 404
    assert post(agent, offered, "change", {"scopes": ["pay"]}) == 404
    address = reverse("accounts:mandate", args=[offered.reference])
    seen = [as_person(each).get(address).status_code for each in (seller, colleague, agent, clerk, rival)]
    assert seen == [200, 200, 200, 200, 404]
    assert standing(offered) == STANDING.WAITING


def test_a_colleague_reads_who_acts_and_is_offered_no_form(
    colleague: User, agent: User, offered: Mandate
) -> None:
    page = as_person(colleague).get(PAGE).content.decode()
    assert offered.reference in page
    assert "Give the mandate" not in page
    assert as_person(colleague).post(PAGE, form(agent)).status_code == 404


def test_the_page_keeps_the_history(seller: User, agent: User, offered: Mandate) -> None:
    decline_mandate(offered, by=agent, at=timezone.now())
    answer = as_person(seller).get(PAGE)
    assert [mandate for mandate, _scopes in answer.context["current"]] == []
    assert answer.context["ended"] == [offered]
    assert "Declined by the agent" in answer.content.decode()


def test_both_chains_name_the_mandate(seller: User, agent: User, offered: Mandate) -> None:
    accept_mandate(offered, by=agent, at=timezone.now())
    for company in (offered.seller, offered.agent):
        events = Event.objects.filter(subject_kind="organisation", subject_id=company.pk).order_by("seq")
        assert [event.kind for event in events] == ["mandate.given", "mandate.accepted"]
        assert {event.payload["mandate"] for event in events} == {offered.reference}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_other_side_is_told_once(
    seller: User, agent: User, mailoutbox: list[EmailMessage], language: str
) -> None:
    User.objects.update(preferred_language=language)
    mandate = accept_mandate(given(seller, agent), by=agent, at=timezone.now())
    end_mandate(mandate, by=agent, at=timezone.now())
    declined = given(seller, agent)
    decline_mandate(declined, by=agent, at=timezone.now())
    for kind in ("mandate.given", "mandate.accepted", "mandate.ended", "mandate.declined"):
        deliver(kind)
    readers = [mail.to for mail in mailoutbox]
    assert readers == [[agent.email], [agent.email], [seller.email], [seller.email], [seller.email]]
    for mail, told in zip(mailoutbox, (mandate, declined, mandate, mandate, declined), strict=True):
        assert reverse("accounts:mandate", args=[told.reference]) in mail.body
        assert told.reference in mail.alternatives[0][0]


def test_new_terms_are_told_in_one_mail(
    seller: User, agent: User, offered: Mandate, mailoutbox: list[EmailMessage]
) -> None:
    change_mandate(offered, terms=MandateTerms(scopes=("pay",)), by=seller, at=timezone.now())
    deliver("mandate.ended")
    assert mailoutbox == []


def test_the_countries_offered_are_those_whose_law_the_portal_knows() -> None:
    load_packs()
    assert set(DESTINATIONS) == {each.code for each in jurisdictions()}
