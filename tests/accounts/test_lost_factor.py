"""Whoever lost the second factor comes in again, by an administrator's word and never unnoticed."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse_lazy

from swindow.accounts.models import User
from swindow.events.models import Event
from swindow.events.worker import work_batch
from tests import builders
from tests.accounts.signing_in import INDEX, signed_in, with_password

pytestmark = pytest.mark.django_db
QUEUE = reverse_lazy("inspection:queue")


@pytest.fixture(autouse=True)
def fresh_second_factor() -> None:
    """People come in by the real sign-in here."""


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("root@example.com", builders.PASSWORD, name="Root")


def remove(person: str, *, by: str) -> None:
    call_command("remove_second_factor", person, by=by, reason="known by sight", stdout=StringIO())


def test_everything_goes_and_the_person_is_told(customs_officer: User, administrator: User) -> None:
    client = signed_in(customs_officer)
    assert client.get(QUEUE).status_code == 200
    remove(customs_officer.email.upper(), by=administrator.email)
    assert not Authenticator.objects.filter(user=customs_officer).exists()
    assert client.get(QUEUE).status_code == 302
    event = Event.objects.get(kind="account.factor_removed")
    assert (event.subject_id, event.actor) == (customs_officer.pk, administrator.actor)
    assert event.payload == {"reason": "known by sight"}
    while work_batch("notify"):
        pass
    (message,) = mail.outbox
    assert message.to == [customs_officer.email]
    assert "set up a new second step" in message.body


def test_the_password_alone_leads_an_officer_to_a_new_factor_only(
    customs_officer: User, administrator: User
) -> None:
    remove(customs_officer.email, by=administrator.email)
    answer = with_password(customs_officer).get(QUEUE)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, INDEX)


def test_nobody_helps_themselves_and_only_administrators_help(seller: User, administrator: User) -> None:
    with pytest.raises(CommandError, match="Nobody removes the own second factor"):
        remove(administrator.email, by=administrator.email)
    for person, by in ((seller.email, seller.email), ("nobody@example.com", administrator.email)):
        with pytest.raises(CommandError, match="no such person"):
            remove(person, by=by)
    assert not Event.objects.filter(kind="account.factor_removed").exists()
