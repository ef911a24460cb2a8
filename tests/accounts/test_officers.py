"""S4: two administrators make an officer, one is enough to end it, and what nobody uses is locked."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from swindow.accounts.handlers import mail_appointments, mail_proposals
from swindow.accounts.lifecycle import (
    create_token,
    lock_unused_officers,
    propose_officer,
    switch_off,
    switch_on,
)
from swindow.accounts.models import ApiToken, Membership, OfficerAppointment, Organisation, User
from swindow.events.models import Event
from tests import builders
from tests.accounts.test_people import as_person, told

pytestmark = pytest.mark.django_db
PAGE = "/officers/"


def administrator(email: str) -> User:
    """Make an administrator with a second step."""
    return builders.with_app(User.objects.create_superuser(email, builders.PASSWORD))


@pytest.fixture
def first(db: None) -> User:
    """An administrator."""
    return administrator("first@example.com")


@pytest.fixture
def second(db: None) -> User:
    """Another administrator."""
    return administrator("second@example.com")


@pytest.fixture
def person(db: None) -> User:
    """Somebody with an account who belongs nowhere."""
    return builders.user("Boris Ivanov")


@pytest.fixture
def authority(customs_officer: User) -> Organisation:
    """Customs."""
    return builders.company_of(customs_officer)


def in_a_year() -> date:
    return timezone.now().date() + timedelta(days=365)


def proposal(person: User, *, authority: Organisation | None, by: User) -> OfficerAppointment:
    return propose_officer(person, authority=authority, until=in_a_year(), by=by, at=timezone.now())


def test_two_administrators_make_an_officer(
    first: User, second: User, person: User, authority: Organisation
) -> None:
    terms = {"person": person.email.upper(), "place": authority.reference, "access_until": in_a_year()}
    assert as_person(first).post(f"{PAGE}propose/", terms).url == PAGE
    assert not Membership.objects.filter(user=person).exists()
    mail_proposals(told("officer.proposed"))
    assert [letter.to for letter in mail.outbox] == [[second.email]]
    reference = OfficerAppointment.objects.get().reference
    assert f"{reference}/confirm/" not in as_person(first).get(PAGE).content.decode()
    assert f"{reference}/confirm/" in as_person(second).get(PAGE).content.decode()
    assert as_person(second).post(f"{PAGE}{reference}/confirm/").url == PAGE
    place = Membership.objects.get(user=person)
    assert (place.role, place.organisation) == ("officer", authority)
    person.refresh_from_db()
    assert person.access_until == in_a_year()
    mail_appointments(told("officer.confirmed"))
    assert mail.outbox[-1].to == [person.email]


def test_two_administrators_make_a_third(first: User, second: User, person: User) -> None:
    terms = {"person": person.email, "place": "administrator", "access_until": in_a_year()}
    as_person(first).post(f"{PAGE}propose/", terms)
    as_person(second).post(f"{PAGE}{OfficerAppointment.objects.get().reference}/confirm/")
    person.refresh_from_db()
    assert person.is_staff
    assert person.is_superuser


def test_who_proposed_does_not_confirm(first: User, person: User, authority: Organisation) -> None:
    reference = proposal(person, authority=authority, by=first).reference
    answer = as_person(first).post(f"{PAGE}{reference}/confirm/")
    assert answer.status_code == 409
    assert "rule AC-53" in answer.content.decode()
    assert not Membership.objects.filter(user=person).exists()


def test_the_database_refuses_one_person_as_both_administrators(
    first: User, second: User, person: User, authority: Organisation
) -> None:
    appointment = proposal(person, authority=authority, by=first)
    row = OfficerAppointment.objects.filter(pk=appointment.pk)
    for who in (first, person):
        with pytest.raises(IntegrityError, match="appointment_"), transaction.atomic():
            row.update(confirmed_by=who, confirmed_at=timezone.now())
    assert row.update(confirmed_by=second, confirmed_at=timezone.now()) == 1


def test_nobody_is_confirmed_twice_or_after_the_proposal_was_withdrawn(
    first: User, second: User, person: User, authority: Organisation
) -> None:
    reference = proposal(person, authority=authority, by=first).reference
    client = as_person(second)
    assert as_person(first).post(f"{PAGE}{reference}/withdraw/").url == PAGE
    for act in ("confirm", "withdraw"):
        answer = client.post(f"{PAGE}{reference}/{act}/")
        assert answer.status_code == 409
        assert "rule AC-54" in answer.content.decode()


def test_who_has_a_place_becomes_no_officer(first: User, seller: User, authority: Organisation) -> None:
    """AC-51: an officer in a company could decide for it."""
    terms = {"person": seller.email, "place": authority.reference, "access_until": in_a_year()}
    answer = as_person(first).post(f"{PAGE}propose/", terms)
    assert answer.status_code == 422
    assert "rule AC-51" in answer.content.decode()
    assert f'value="{seller.email}"' in answer.content.decode()


def test_who_joined_a_company_meanwhile_is_not_confirmed(
    first: User, second: User, person: User, authority: Organisation
) -> None:
    reference = proposal(person, authority=authority, by=first).reference
    Membership.objects.create(user=person, organisation=builders.organisation(), role="viewer")
    assert as_person(second).post(f"{PAGE}{reference}/confirm/").status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("person", ""),
        ("person", "nobody@example.com"),
        ("person", "\0"),
        ("place", "ORG-26-0000000X"),
        ("place", ""),
        ("access_until", ""),
        ("access_until", "2026-02-30"),
        ("access_until", "2020-01-01"),
        ("access_until", "9999-12-31"),
    ],
)
def test_a_bad_proposal_is_explained(
    first: User, person: User, authority: Organisation, field: str, value: str
) -> None:
    good = {"person": person.email, "place": authority.reference, "access_until": in_a_year()}
    answer = as_person(first).post(f"{PAGE}propose/", good | {field: value})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not OfficerAppointment.objects.exists()


def test_the_pages_are_there_for_administrators_alone(
    first: User, person: User, authority: Organisation, seller: User, customs_officer: User
) -> None:
    reference = proposal(person, authority=authority, by=first).reference
    for reader in (seller, customs_officer):
        client = as_person(reader)
        assert client.get(PAGE).status_code == 404
        for act in ("propose", "dismiss", f"{reference}/confirm", f"{reference}/withdraw"):
            assert client.post(f"{PAGE}{act}/").status_code == 404
    assert Client().get(PAGE).status_code == 302


def test_an_officer_is_dismissed_at_once(first: User, customs_officer: User) -> None:
    token, _key = create_token(customs_officer, label="Agency", at=builders.NOW)
    officer, administrator = as_person(customs_officer), as_person(first)
    assert officer.get("/officer/").status_code == 200
    assert administrator.post(f"{PAGE}dismiss/", {"officer": customs_officer.email}).url == PAGE
    assert officer.get("/officer/").status_code in (302, 404)
    token.refresh_from_db()
    assert token.revoked_at is not None
    again = administrator.post(f"{PAGE}dismiss/", {"officer": customs_officer.email})
    assert again.status_code == 422


def test_an_officer_who_is_not_here_for_thirty_days_is_locked(customs_officer: User) -> None:
    at = timezone.now()
    month_ago = at - timedelta(days=31)
    Membership.objects.filter(user=customs_officer).update(since=month_ago)
    User.objects.filter(pk=customs_officer.pk).update(last_login=at - timedelta(days=29))
    assert lock_unused_officers(at=at) == []
    User.objects.filter(pk=customs_officer.pk).update(last_login=month_ago)
    assert lock_unused_officers(at=at) == [customs_officer]
    customs_officer.refresh_from_db()
    assert not customs_officer.is_active
    assert Event.objects.get(kind="account.switched_off").payload == {"reason": "unused"}
    assert lock_unused_officers(at=at) == []


def test_a_new_officer_a_used_machine_and_a_seller_are_not_locked(
    customs_officer: User, quarantine_officer: User, seller: User
) -> None:
    at = timezone.now()
    Membership.objects.filter(user__in=(quarantine_officer, seller)).update(since=at - timedelta(days=90))
    create_token(quarantine_officer, label="Agency", at=at)
    ApiToken.objects.update(last_used_on=at.date())
    assert lock_unused_officers(at=at) == []


def test_an_officer_who_is_let_in_again_has_thirty_days(customs_officer: User, first: User) -> None:
    at = timezone.now()
    Membership.objects.filter(user=customs_officer).update(since=at - timedelta(days=90))
    lock_unused_officers(at=at)
    switch_on(customs_officer, by=first, at=at)
    assert lock_unused_officers(at=at + timedelta(days=29)) == []
    assert lock_unused_officers(at=at + timedelta(days=31)) == [customs_officer]


def test_an_administrator_switches_an_account_off_and_everything_ends(first: User, seller: User) -> None:
    token, _key = create_token(seller, label="Order system", at=builders.NOW)
    trader, administrator = as_person(seller), as_person(first)
    address = f"/admin/accounts/user/{seller.pk}/change/"
    typed = {"name": seller.name, "preferred_language": "en", "access_until": ""}
    assert administrator.post(address, typed).status_code == 302
    seller.refresh_from_db()
    assert not seller.is_active
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert trader.get("/organisation/").status_code == 302
    assert administrator.post(address, typed | {"is_active": "on"}).status_code == 302
    kinds = Event.objects.filter(subject_kind="user", subject_id=seller.pk).order_by("seq")
    assert [event.kind for event in kinds][-3:] == [
        "account.switched_off",
        "token.revoked",
        "account.switched_on",
    ]


def test_the_admin_makes_no_staff_and_no_officer(first: User, seller: User) -> None:
    """One administrator alone gives nobody power."""
    address = f"/admin/accounts/user/{seller.pk}/change/"
    typed = {"name": "x", "preferred_language": "en", "is_active": "on"}
    as_person(first).post(address, typed | {"is_staff": "on", "is_superuser": "on"})
    seller.refresh_from_db()
    assert not seller.is_staff
    assert not seller.is_superuser
    page = as_person(first).get(f"/admin/accounts/organisation/{builders.company_of(seller).pk}/change/")
    assert "memberships-0" not in page.content.decode()


def test_switching_off_twice_is_one_event(first: User, seller: User) -> None:
    for _time in range(2):
        switch_off(seller, by=first, at=builders.NOW)
    assert Event.objects.filter(kind="account.switched_off").count() == 1
