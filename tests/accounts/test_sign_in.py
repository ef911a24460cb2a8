"""S21 and the life of sessions: wrong tries are counted, words are the same for everybody, sessions end."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from swindow.accounts.models import SignInFailure, User
from swindow.accounts.signing_in.throttle import remove_old_failures
from tests import builders
from tests.accounts.signing_in import (
    AUTHENTICATE,
    INDEX,
    LOGIN,
    REAUTHENTICATE,
    age_factor,
    signed_in,
    with_password,
)
from tests.authenticator import code

pytestmark = pytest.mark.django_db
WRONG = "not the password at all"
SESSIONS = "/accounts/sessions/"


@pytest.fixture(autouse=True)
def fresh_second_factor() -> None:
    """People come in by the real sign-in here."""


def attempt(email: str, password: str = WRONG, *, address: str = "192.0.2.1") -> tuple[int, str, str]:
    """Try to sign in; return status, Retry-After and the page."""
    answer = Client(REMOTE_ADDR=address).post(LOGIN, {"login": email, "password": password})
    return answer.status_code, answer.headers.get("Retry-After", ""), answer.content.decode()


def later(minutes: float) -> None:
    """Let time pass since every counted try."""
    for row in SignInFailure.objects.all():
        row.last_at -= timedelta(minutes=minutes)
        row.save()


def test_five_wrong_passwords_are_free_then_the_wait_grows(seller: User) -> None:
    assert [attempt(seller.email)[0] for _ in range(5)] == [200] * 5
    waits = []
    for minutes in (1, 2, 4, 8, 15, 15):
        status, retry_after, page = attempt(seller.email)
        assert status == 429
        assert f"Wait {minutes} minute" in page
        waits.append(round(int(retry_after) / 60))
        later(minutes=15)
        # One more may be checked after the wait, and is wrong again.
        SignInFailure.objects.filter(count__gt=5).update(count=5 + len(waits) - 1)
        assert attempt(seller.email)[0] == 200
    assert waits == [1, 2, 4, 8, 15, 15]


def test_a_wait_refuses_the_right_password_too_and_ends(seller: User) -> None:
    for _ in range(6):
        attempt(seller.email)
    assert attempt(seller.email, builders.PASSWORD)[0] == 429
    later(minutes=16)
    assert attempt(seller.email, builders.PASSWORD)[0] == 302
    assert not SignInFailure.objects.filter(count__gt=1).exists(), "the right one wipes the wrong ones"


def test_another_address_is_free_until_twenty_for_the_account(seller: User) -> None:
    for number in range(20):
        assert attempt(seller.email, address=f"192.0.2.{number // 4}")[0] == 200
    assert attempt(seller.email, address="192.0.2.99")[0] == 429


def test_a_name_in_other_letters_is_the_same_account(seller: User) -> None:
    for _ in range(5):
        attempt(f" {seller.email.upper()} ")
    assert attempt(seller.email)[0] == 429


def test_known_and_unknown_accounts_read_the_same(seller: User) -> None:
    pages = []
    for email in (seller.email, "nobody-here@example.com"):
        tries = [attempt(email) for _ in range(7)]
        pages.append([(status, wait, _plain(page, email)) for status, wait, page in tries])
    assert pages[0] == pages[1]


def test_a_new_password_by_mail_ends_the_wait_of_the_account(seller: User) -> None:
    for number in range(21):
        attempt(seller.email, address=f"192.0.2.{number}")
    client = Client()
    client.post("/accounts/password/reset/", {"email": seller.email})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get(link, follow=True)
    password = "another-lantern-harbour-7"
    client.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
    assert attempt(seller.email, password)[0] == 302


def test_wrong_codes_are_counted_like_passwords(seller: User) -> None:
    client = with_password(seller)
    statuses = [client.post(AUTHENTICATE, {"code": f"00000{n}"}).status_code for n in range(6)]
    assert statuses == [200] * 5 + [429]
    assert client.post(AUTHENTICATE, {"code": code()}).status_code == 429


def test_wrong_recovery_codes_are_counted_too(seller: User) -> None:
    client = signed_in(seller)
    age_factor(client, seconds=400)
    statuses = [client.post(REAUTHENTICATE, {"code": f"0000000{n}"}).status_code for n in range(6)]
    assert statuses == [200] * 5 + [429]


def test_a_reset_is_answered_the_same_and_mails_the_known_alone(seller: User) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": email})
        for email in (seller.email, "nobody-here@example.com")
    ]
    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1
    assert [one.to for one in mail.outbox] == [[seller.email]]


def test_a_sign_up_with_a_known_address_is_answered_as_with_a_new_one(
    seller: User, settings: Settings
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    EmailAddress.objects.create(user=seller, email=seller.email, verified=True, primary=True)
    answers = []
    password = "lantern-harbour-93-kite"
    fields = {"password1": password, "password2": password, "agrees_to_notice": "on"}
    for email in (seller.email, "new-here@example.com"):
        answers.append(Client().post("/accounts/signup/", fields | {"email": email}))
    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1
    assert [one.to for one in mail.outbox] == [[seller.email], ["new-here@example.com"]]


def test_what_is_too_old_to_count_is_removed(seller: User) -> None:
    attempt(seller.email)
    assert remove_old_failures(at=timezone.now() + timedelta(hours=11)) == 0
    assert remove_old_failures(at=timezone.now() + timedelta(hours=13)) == 2


@pytest.mark.parametrize(("who", "idle"), [("seller", 30), ("customs_officer", 15)])
def test_a_session_ends_after_idle_minutes(who: str, idle: int, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get(INDEX).status_code == 200
    _rest(client, seen=idle * 60 - 30)
    assert client.get(INDEX).status_code == 200
    _rest(client, seen=idle * 60)
    answer = client.get(INDEX, follow=True)
    assert answer.redirect_chain[0][0].startswith(LOGIN)
    assert "You were signed out" in answer.content.decode()


@pytest.mark.parametrize(("who", "hours"), [("seller", 12), ("customs_officer", 8)])
def test_a_session_ends_after_a_working_day_however_busy(
    who: str, hours: int, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(who))
    client.get(INDEX)
    _rest(client, began=hours * 3600 - 30)
    assert client.get(INDEX).status_code == 200
    _rest(client, began=60)
    assert client.get(INDEX).status_code == 302


def test_a_session_is_written_once_a_minute(seller: User) -> None:
    client = signed_in(seller)
    client.get(INDEX)
    before = client.session["visit"]
    client.get(INDEX)
    assert client.session["visit"] == before
    _rest(client, seen=61)
    client.get(INDEX)
    assert client.session["visit"]["seen"] > before["seen"] - 1


def test_the_list_shows_every_session_and_ends_one_or_all_others(seller: User) -> None:
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36"
    here = signed_in(seller)
    others = [with_password(seller, Client(HTTP_USER_AGENT=windows)) for _ in range(2)]
    for later_by, other in enumerate(others, start=0):
        # Each code works once, so these take the neighbours of the one that was used.
        other.post(AUTHENTICATE, {"code": code(later=1 if later_by else -1)})
    page = here.get(SESSIONS).content.decode()
    assert page.count("Chrome on Windows") == 2
    assert "This one" in page
    row = UserSession.objects.get(session_key=others[0].session.session_key)
    assert here.post(f"{SESSIONS}{row.pk}/end/").status_code == 302
    assert others[0].get(INDEX).status_code == 302
    assert others[1].get(INDEX).status_code == 200
    here.post(SESSIONS)
    assert others[1].get(INDEX).status_code == 302
    assert here.get(INDEX).status_code == 200


def test_a_rivals_session_is_not_there(seller: User, rival: User) -> None:
    signed_in(seller)
    row = UserSession.objects.get(user=seller)
    assert signed_in(rival).post(f"{SESSIONS}{row.pk}/end/").status_code == 404
    assert UserSession.objects.filter(pk=row.pk).exists()


def test_a_changed_password_ends_the_other_sessions(seller: User) -> None:
    elsewhere = signed_in(seller)
    here = with_password(seller)
    here.post(AUTHENTICATE, {"code": code(later=1)})
    new = "another-lantern-harbour-7"
    fields = {"oldpassword": builders.PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", fields).status_code == 302
    assert here.get(INDEX).status_code == 200
    assert elsewhere.get(INDEX).status_code == 302


def test_the_key_of_a_session_changes_at_sign_in(seller: User) -> None:
    client = Client()
    client.get("/overview/")
    with_password(seller, client)
    before = client.session.session_key
    client.post(AUTHENTICATE, {"code": code()})
    assert client.session.session_key != before


def test_an_account_whose_last_day_has_passed_neither_stays_nor_comes_in(customs_officer: User) -> None:
    client = signed_in(customs_officer)
    customs_officer.access_until = timezone.now().date() - timedelta(days=1)
    customs_officer.save()
    assert client.get("/officer/").status_code == 302
    answer = Client().post(LOGIN, {"login": customs_officer.email, "password": builders.PASSWORD})
    assert answer.headers["Location"] == "/accounts/inactive/"


def _rest(client: Client, *, seen: float = 0, began: float = 0) -> None:
    """Let the last visit, or the beginning, of a session be so many seconds longer ago."""
    session = client.session
    visit = session["visit"]
    session["visit"] = visit | {"seen": visit["seen"] - seen, "began": visit["began"] - began}
    session.save()


def _plain(page: str, email: str) -> list[str]:
    """Return a page without what was typed and without keys."""
    keyed = ("nonce", "csrfmiddlewaretoken")
    return [line.replace(email, "…") for line in page.splitlines() if not any(key in line for key in keyed)]
