"""Who belongs to a company: roles are changed, people removed, and the last owner stays."""

import re
import threading
from collections.abc import Callable

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connections
from django.test import Client

from swindow.accounts.handlers import mail_members
from swindow.accounts.history import WORDS
from swindow.accounts.lifecycle import change_role, create_token, leave_organisation, remove_member
from swindow.accounts.models import FormerMembership, Membership, Organisation, User
from swindow.events.models import Event
from swindow.events.worker import Occurrence
from swindow.problems import Refused
from tests import builders
from tests.servers import ROOT

PAGE, ROLE, REMOVE, LEAVE = (
    "/organisation/people/",
    "/organisation/people/role/",
    "/organisation/people/remove/",
    "/organisation/people/leave/",
)
HISTORY = "/organisation/history/"
_LIFECYCLE = ROOT / "swindow" / "accounts" / "lifecycle"


def as_person(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def role_of(person: User) -> str:
    return str(Membership.objects.get(user=person).role)


def told(kind: str) -> list[Occurrence]:
    """Return the events of a kind as a worker hands them out."""
    return [
        Occurrence(event.pk, event.kind, event.subject_id, event.occurred_at, event.actor, event.payload)
        for event in Event.objects.filter(kind=kind).order_by("pk")
    ]


@pytest.mark.django_db
def test_a_member_sees_who_belongs_to_the_company_and_changes_nothing(seller: User, colleague: User) -> None:
    page = as_person(colleague).get(PAGE).content.decode()
    assert seller.email in page
    assert colleague.email in page
    assert 'name="role"' not in page
    assert REMOVE not in page
    assert LEAVE in page
    for address in (ROLE, REMOVE):
        answer = as_person(colleague).post(address, {"member": seller.email, "role": "viewer"})
        assert answer.status_code == 404
    assert role_of(seller) == "owner"


@pytest.mark.django_db
def test_a_rival_sees_and_changes_nobody_of_another_company(rival: User, colleague: User) -> None:
    client = as_person(rival)
    assert colleague.email not in client.get(PAGE).content.decode()
    for address in (ROLE, REMOVE):
        answer = client.post(address, {"member": colleague.email, "role": "owner"})
        assert answer.status_code == 422
    assert role_of(colleague) == "declarant"


@pytest.mark.django_db
def test_an_officer_has_no_page_of_a_company(customs_officer: User) -> None:
    for address in (PAGE, HISTORY):
        assert as_person(customs_officer).get(address).status_code == 404


@pytest.mark.django_db
def test_an_owner_changes_a_role_and_the_person_hears_of_it(seller: User, colleague: User) -> None:
    answer = as_person(seller).post(ROLE, {"member": colleague.email.upper(), "role": "viewer"})
    assert answer.url == PAGE
    assert role_of(colleague) == "viewer"
    mail_members(told("member.role_changed"))
    (letter,) = mail.outbox
    assert letter.to == [colleague.email]
    assert "Viewer: sees declarations" in letter.body


@pytest.mark.django_db
def test_the_same_role_again_is_no_event(seller: User, colleague: User) -> None:
    as_person(seller).post(ROLE, {"member": colleague.email, "role": "declarant"})
    assert not Event.objects.filter(kind="member.role_changed").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["officer", "", "admin", "\0", "x" * 500])
def test_nobody_gets_a_role_that_a_company_does_not_give(seller: User, colleague: User, role: str) -> None:
    answer = as_person(seller).post(ROLE, {"member": colleague.email, "role": role})
    assert answer.status_code == 422
    assert role_of(colleague) == "declarant"


@pytest.mark.django_db
def test_nobody_changes_the_own_role(seller: User) -> None:
    builders.member(builders.company_of(seller))
    answer = as_person(seller).post(ROLE, {"member": seller.email, "role": "viewer"})
    assert answer.status_code == 409
    assert "rule AC-14" in answer.content.decode()
    assert role_of(seller) == "owner"


@pytest.mark.django_db
def test_a_removed_member_loses_sessions_and_tokens_at_once(seller: User, colleague: User) -> None:
    client = Client()
    client.force_login(colleague)
    UserSession.objects.update_or_create(
        session_key=client.session.session_key, defaults={"user": colleague, "ip": "127.0.0.1"}
    )
    token, _key = create_token(colleague, label="Order system", at=builders.NOW)
    assert as_person(seller).post(REMOVE, {"member": colleague.email}).url == PAGE
    assert not Membership.objects.filter(user=colleague).exists()
    assert FormerMembership.objects.get(user=colleague).role == "declarant"
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert not Session.objects.filter(session_key=client.session.session_key).exists()
    assert client.get(PAGE).status_code == 302
    mail_members(told("member.removed"))
    assert mail.outbox[0].to == [colleague.email]


@pytest.mark.django_db
def test_who_has_left_already_is_told_of_in_words(seller: User, colleague: User) -> None:
    client = as_person(seller)
    client.post(REMOVE, {"member": colleague.email})
    again = client.post(REMOVE, {"member": colleague.email})
    assert again.status_code == 422
    assert "does not belong to the company any more" in again.content.decode()


@pytest.mark.django_db
def test_an_owner_leaves_but_does_not_remove_the_own_place(seller: User) -> None:
    builders.member(builders.company_of(seller))
    client = as_person(seller)
    assert client.post(REMOVE, {"member": seller.email}).status_code == 409
    assert client.post(LEAVE).url == "/"
    assert not Membership.objects.filter(user=seller).exists()
    mail_members(told("member.left"))
    assert mail.outbox[0].to == [seller.email]


@pytest.mark.django_db
def test_the_last_owner_stays(seller: User, colleague: User) -> None:
    client = as_person(seller)
    assert LEAVE not in client.get(PAGE).content.decode()
    answer = client.post(LEAVE)
    assert answer.status_code == 409
    assert "rule AC-13" in answer.content.decode()
    assert role_of(seller) == "owner"


@pytest.mark.django_db
def test_a_colleague_who_leaves_sees_nothing_of_the_company_any_more(seller: User, colleague: User) -> None:
    client = as_person(colleague)
    assert client.post(LEAVE).status_code == 302
    assert client.get(PAGE).status_code == 404


@pytest.mark.django_db
def test_who_is_no_owner_any_more_is_refused_by_the_lifecycle_as_well(seller: User, colleague: User) -> None:
    company = builders.company_of(seller)
    with pytest.raises(Refused, match="Only an owner"):
        change_role(company, member=seller, role="viewer", by=colleague, at=builders.NOW)
    with pytest.raises(Refused, match="Only an owner"):
        remove_member(company, member=seller, by=colleague, at=builders.NOW)


@pytest.mark.django_db
def test_the_history_tells_who_did_what_in_words(seller: User, colleague: User) -> None:
    client = as_person(seller)
    client.post("/organisation/invitations/", {"email": "guest@example.com", "role": "finance"})
    client.post(ROLE, {"member": colleague.email, "role": "preparer"})
    client.post(REMOVE, {"member": colleague.email})
    for reader in (client, as_person(builders.member(builders.company_of(seller), role="viewer"))):
        page = reader.get(HISTORY).content.decode()
        assert "Invited guest@example.com as Finance" in page
        assert "Changed the role of Chen Yu from Declarant to Preparer" in page
        assert "Removed Chen Yu (Preparer)" in page


@pytest.mark.django_db
def test_the_history_has_pages_and_a_steady_cost(seller: User, django_assert_max_num_queries: object) -> None:
    client, company = as_person(seller), builders.company_of(seller)
    for number in range(30):
        member = builders.member(company, role="viewer", name=f"Person {number}")
        change_role(company, member=member, role="finance", by=seller, at=builders.NOW)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        first = client.get(HISTORY)
    assert len(first.context["lines"]) == 25
    second = client.get(first.context["older_url"])
    assert [line.seq for line in second.context["lines"]] == [5, 4, 3, 2, 1]
    assert not second.context["older_url"]
    assert client.get(second.context["newer_url"]).context["lines"][0].seq == 30
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        assert client.get(PAGE).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["0", "-1", "9" * 400, "١٢", "\0", "x"])
def test_an_odd_place_in_the_history_begins_at_the_newest(seller: User, place: str) -> None:
    company = builders.company_of(seller)
    member = builders.member(company, role="viewer")
    change_role(company, member=member, role="finance", by=seller, at=builders.NOW)
    answer = as_person(seller).get(HISTORY, {"before": place, "after": place})
    assert len(answer.context["lines"]) == 1


@pytest.mark.django_db
def test_the_history_names_the_agent_with_its_company_and_the_officer_by_the_authority(
    seller: User, broker: User, customs_officer: User
) -> None:
    company, authority = builders.company_of(seller), builders.company_of(customs_officer)
    agent = builders.company_of(broker)
    for person, seq in ((broker, 1), (customs_officer, 2)):
        Event.objects.create(
            subject_kind="organisation", subject_id=company.pk, seq=seq, kind="mandate.ended",
            occurred_at=builders.NOW, actor=f"{person.actor} MAN-26-0000012K",
            payload={"agent": agent.reference}, previous_hash="0" * 64, hash=f"{seq:064x}",
        )  # fmt: skip
    page = as_person(seller).get(HISTORY).content.decode()
    assert f"Mira Vos, {agent.name}" in page
    assert f"An officer of {authority.name}" in page
    assert "Anna de Wit" not in page


def test_whatever_is_announced_of_a_company_has_words() -> None:
    source = "".join(path.read_text() for path in sorted(_LIFECYCLE.glob("*.py")))
    announced = set(
        re.findall(r'"((?:organisation|member|mandate|help|profile|verification)\.[a-z_]+)"', source)
    )
    assert len(announced) > 20
    assert announced <= set(WORDS), announced - set(WORDS)


def test_two_owners_who_degrade_each_other_leave_one_owner(own_database: str) -> None:
    first = builders.seller()
    company = builders.company_of(first)
    second = builders.member(company)
    acts = [
        lambda: change_role(company, member=second, role="viewer", by=first, at=builders.NOW),
        lambda: change_role(company, member=first, role="viewer", by=second, at=builders.NOW),
    ]
    assert sorted(_at_once(acts)) == ["Refused", "done"]
    assert company.memberships.filter(role="owner").count() == 1


def test_two_owners_who_leave_at_once_leave_one_owner(own_database: str) -> None:
    first = builders.seller()
    company = builders.company_of(first)
    people = (first, builders.member(company))
    assert sorted(_at_once([_leaving(company, person) for person in people])) == ["Refused", "done"]
    assert company.memberships.filter(role="owner").count() == 1


def _leaving(company: Organisation, person: User) -> Callable[[], object]:
    return lambda: leave_organisation(company, by=person, at=builders.NOW)


def _at_once(acts: list[Callable[[], object]]) -> list[str]:
    barrier, said = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
            said.append("done")
        except Refused:
            said.append("Refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said
