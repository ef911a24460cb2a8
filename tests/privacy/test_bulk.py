"""S9: an officer who opens very many records is stopped, and the administrators hear of it."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from declarations import lifecycle
from declarations.models import Declaration
from inspection.lifecycle import open_reviews
from swindow.accounts.models import User
from swindow.events.models import Event
from swindow.vault.looks import note, opened_by
from tests import builders
from tests.authenticator import code

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def examined(seller: User, reference_data: None) -> list[Declaration]:
    """More declarations with customs than an officer may open in a minute."""
    declarations = [builders.draft(seller) for _number in range(62)]
    keys = [declaration.pk for declaration in declarations]
    assert not lifecycle.lodge(keys, by=seller, at=builders.NOW)
    open_reviews(keys, at=builders.NOW)
    return declarations


def test_the_sixty_first_record_of_a_minute_asks_for_the_second_step(
    examined: list[Declaration], customs_officer: User, browser_of: SignIn, workers: Callable[[], None]
):
    builders.with_app(User.objects.create_superuser("root@example.com", builders.PASSWORD))
    client = browser_of(customs_officer)
    answers = [client.get(f"/officer/customs/{one.reference}/") for one in examined]
    assert [answer.status_code for answer in answers] == [200] * 60 + [302] * 2
    assert "/accounts/2fa/reauthenticate/" in answers[60].url
    assert f"next=%2Fofficer%2Fcustoms%2F{examined[60].reference}%2F" in answers[60].url
    [alarm] = Event.objects.filter(kind="access.bulk")
    assert (alarm.subject_id, alarm.payload["minute"]) == (customs_officer.pk, "60")
    workers()
    [letter] = [one for one in mail.outbox if one.subject == "An officer opens very many records"]
    assert letter.to == ["root@example.com"] and customs_officer.email not in letter.body


def test_after_the_second_step_the_officer_goes_on(
    examined: list[Declaration], customs_officer: User, browser_of: SignIn
):
    client = browser_of(customs_officer)
    opened(customs_officer, count=60, before=timedelta(seconds=1))
    address = f"/officer/customs/{examined[0].reference}/"
    answer = client.get(address)
    assert client.post(answer.url, {"code": code()}).url == address
    assert [client.get(f"/officer/customs/{one.reference}/").status_code for one in examined[:5]] == [200] * 5


def test_waiting_does_not_replace_the_second_step(
    examined: list[Declaration], customs_officer: User, browser_of: SignIn
):
    client = browser_of(customs_officer)
    opened(customs_officer, count=60, before=timedelta(seconds=58))
    address = f"/officer/customs/{examined[0].reference}/"
    assert client.get(address).status_code == 302
    time.sleep(2.5)
    assert opened_by(customs_officer.pk, at=timezone.now()).minute == 0
    assert client.get(address).status_code == 302
    # Signing in anew is a second step as well.
    assert browser_of(customs_officer).get(address).status_code == 200


def test_reading_one_record_again_and_again_is_no_theft(
    examined: list[Declaration], customs_officer: User, browser_of: SignIn
):
    client = browser_of(customs_officer)
    address = f"/officer/customs/{examined[0].reference}/"
    assert {client.get(address).status_code for _time in range(65)} == {200}


def test_five_hundred_records_within_a_day_are_too_many(
    examined: list[Declaration], customs_officer: User, browser_of: SignIn
):
    client = browser_of(customs_officer)
    opened(customs_officer, count=499, before=timedelta(hours=5))
    assert client.get(f"/officer/customs/{examined[0].reference}/").status_code == 200
    assert client.get(f"/officer/customs/{examined[1].reference}/").status_code == 302
    assert Event.objects.get(kind="access.bulk").payload["day"] == "500"


def test_what_was_opened_yesterday_does_not_count(
    examined: list[Declaration], customs_officer: User, browser_of: SignIn
):
    opened(customs_officer, count=600, before=timedelta(hours=25))
    client = browser_of(customs_officer)
    assert client.get(f"/officer/customs/{examined[0].reference}/").status_code == 200


def opened(officer: User, *, count: int, before: timedelta) -> None:
    """Let an officer have opened so many records some time ago."""
    for number in range(count):
        note(
            "organisation:1",
            viewer=officer.pk,
            capacity="agency:customs",
            what="declaration",
            reference=f"SW-26-X{number:06d}",
            at=timezone.now() - before,
        )
