"""S1, S3: nobody of an authority works without a second step, and acts that matter ask for it again."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from pytest_django import Settings

from swindow.accounts.models import ApiToken, User
from swindow.accounts.signing_in.second_factor import step_up
from swindow.vault.keys import new_key_line
from tests import builders
from tests.access.routes import all_routes
from tests.accounts.signing_in import (
    AUTHENTICATE,
    INDEX,
    REAUTHENTICATE,
    age_factor,
    signed_in,
    with_password,
)
from tests.authenticator import SECRET, code

pytestmark = pytest.mark.django_db
TOKENS = "/organisation/tokens/"


@pytest.fixture(autouse=True)
def fresh_second_factor() -> None:
    """People come in by the real sign-in here."""


@pytest.fixture
def newcomer(db: None) -> User:
    """An officer who has no second step yet."""
    officer = builders.officer("customs")
    Authenticator.objects.filter(user=officer).delete()
    return officer


@pytest.fixture
def administrator(db: None) -> User:
    """Staff without a second step."""
    return User.objects.create_superuser("root@example.com", builders.PASSWORD)


def test_after_the_password_alone_nobody_is_signed_in(seller: User) -> None:
    client = with_password(seller)
    assert client.get("/overview/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_code_of_the_app_signs_in_and_a_wrong_one_does_not(seller: User) -> None:
    client = with_password(seller)
    assert "Incorrect code" in client.post(AUTHENTICATE, {"code": "000000"}).content.decode()
    assert client.post(AUTHENTICATE, {"code": code()}).status_code == 302
    assert client.get("/overview/").status_code == 200


def test_a_code_works_once(seller: User) -> None:
    used = code()
    assert with_password(seller).post(AUTHENTICATE, {"code": used}).status_code == 302
    # Another process knows nothing of allauth's memory; the database does.
    with CaptureQueriesContext(connection):
        again = with_password(seller).post(AUTHENTICATE, {"code": f" {used[:3]} {used[3:]}"})
    assert "Incorrect code" in again.content.decode()


def test_secrets_are_sealed_in_the_database(seller: User) -> None:
    signed_in(seller)
    stored = Authenticator.objects.get(user=seller, type="totp").data["secret"]
    assert SECRET not in stored
    assert len(stored) > 60


@pytest.mark.parametrize("who", ["newcomer", "administrator"])
def test_staff_without_a_second_step_reach_no_route(who: str, request: pytest.FixtureRequest) -> None:
    """S1: 0 of N routes, the administrators' included."""
    client = with_password(request.getfixturevalue(who))
    assert client.get(INDEX).status_code == 200
    reached, count = [], 0
    for address in addresses():
        for method in ("get", "post"):
            count += 1
            answer = getattr(client, method)(address)
            if answer.status_code not in (404, 405) and answer.headers.get("Location") != INDEX:
                reached.append(f"{method} {address}: {answer.status_code}")
    print(f"{len(reached)} of {count} tries on {count // 2} routes reached something")
    assert not reached, "\n".join(reached)


def test_an_officer_sets_up_an_app_and_works(newcomer: User) -> None:
    client = with_password(newcomer)
    assert client.get("/officer/").headers["Location"] == INDEX
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code(secret=secret)})
    assert answer.status_code == 302
    assert client.get("/officer/").status_code == 200


def test_setting_up_a_second_step_ends_the_other_sessions(newcomer: User) -> None:
    elsewhere, client = with_password(newcomer), with_password(newcomer)
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    client.post("/accounts/2fa/totp/activate/", {"code": code(secret=secret)})
    assert elsewhere.get(INDEX).headers["Location"].startswith("/accounts/login/")


def test_a_session_that_came_in_beside_the_factor_confirms_it_first(customs_officer: User) -> None:
    """Whatever opened the session: a link in a mail, an invitation, a code."""
    client = Client()
    client.force_login(customs_officer)
    for address in ("/officer/", "/accounts/password/change/", "/accounts/email/", INDEX, "/admin/"):
        assert client.get(address).headers["Location"].startswith(REAUTHENTICATE), address
    assert client.post(f"{REAUTHENTICATE}?next=/officer/", {"code": code()}).status_code == 302
    assert client.get("/officer/").status_code == 200


def test_a_password_is_no_way_to_change_the_factor(customs_officer: User) -> None:
    client = signed_in(customs_officer)
    age_factor(client, seconds=400)
    asked = client.get("/accounts/2fa/totp/deactivate/")
    assert asked.headers["Location"].startswith(REAUTHENTICATE)
    assert client.get("/accounts/reauthenticate/").headers["Location"].startswith(REAUTHENTICATE)


def test_the_last_second_step_of_an_officer_stays(customs_officer: User) -> None:
    client = signed_in(customs_officer)
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=customs_officer, type="totp").exists()


def test_a_seller_may_end_the_own_second_step(seller: User) -> None:
    signed_in(seller).post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=seller).exists()


def test_a_reset_password_leads_to_the_second_step(customs_officer: User) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": customs_officer.email})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get(link, follow=True)
    password = "another-lantern-harbour-7"
    client.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
    assert client.get("/officer/").status_code == 302
    answer = client.post("/accounts/login/", {"login": customs_officer.email, "password": password})
    assert answer.headers["Location"] == AUTHENTICATE


def test_a_token_of_an_officer_without_a_second_step_is_refused(newcomer: User) -> None:
    key = ApiToken.new_key()
    ApiToken.objects.create(user=newcomer, label="x", digest=ApiToken.digest_of(key))
    headers = {"Authorization": f"Bearer {key}"}
    answer = Client().get(reverse("agency_events"), headers=headers)
    assert answer.status_code == 403
    assert "second step" in answer.json()["errors"][0]["message"]
    builders.with_app(newcomer)
    assert Client().get(reverse("agency_events"), headers=headers).status_code == 200


def test_who_used_the_factor_costs_no_further_query(customs_officer: User, seller: User) -> None:
    for person in (customs_officer, seller):
        client = signed_in(person)
        client.get("/accounts/sessions/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/styleguide/")
        assert not [one for one in asked.captured_queries if "mfa_authenticator" in one["sql"]]


def addresses() -> Iterator[str]:
    """Every address of the portal that somebody signed in could try, with arguments that fit."""
    may = {
        "account_change_password", "account_confirm_email", "account_email", "account_logout",
        "account_email_verification_sent", "account_reauthenticate", "mfa_activate_totp",
        "mfa_add_webauthn", "mfa_index", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
        "set_language", "usersessions_list",
    }  # fmt: skip
    named = {"authority": "customs", "app_label": "accounts", "jurisdiction": "NL"}
    for route in all_routes():
        if route.name in may or route.name.startswith(("api:", "law:", "agency_")) or "^" in route.pattern:
            continue
        address = "/" + re.sub(
            r"<(?:\w+:)?(\w+)>", lambda found: named.get(found[1], "610910"), route.pattern
        )
        assert resolve(address)
        yield address


@step_up
def echo(request: HttpRequest) -> HttpResponse:
    """Answer with what was posted."""
    return HttpResponse(request.POST.urlencode())


def test_a_fresh_factor_lets_the_act_pass(seller: User) -> None:
    answer = signed_in(seller).post(TOKENS, {"label": "Order system"})
    assert answer.status_code == 200
    assert ApiToken.objects.filter(user=seller, label="Order system").exists()


def test_after_five_minutes_the_act_waits_for_the_factor_and_keeps_what_was_typed(seller: User) -> None:
    client = signed_in(seller)
    age_factor(client, seconds=301)
    before = client.session.session_key
    asked = client.post(TOKENS, {"label": "Order system, Shenzhen"})
    assert asked.headers["Location"].startswith(REAUTHENTICATE)
    assert not ApiToken.objects.filter(user=seller).exists()
    assert "Shenzhen" not in str(dict(client.session.items())), "what was typed is sealed"
    answer = client.post(asked.headers["Location"], {"code": code(later=1), "next": TOKENS}, follow=True)
    assert answer.redirect_chain == [(TOKENS, 307)]
    assert answer.status_code == 200
    assert ApiToken.objects.get(user=seller).label == "Order system, Shenzhen"
    assert client.session.session_key != before, "the key of the session changes at step-up"


def test_an_act_that_was_left_is_not_done_by_a_later_confirmation(seller: User) -> None:
    client = signed_in(seller)
    age_factor(client, seconds=301)
    client.post(TOKENS, {"label": "Left behind"})
    asked = client.get("/accounts/2fa/recovery-codes/generate/")
    client.post(asked.headers["Location"], {"code": code(later=1)}, follow=True)
    client.post(TOKENS, {"label": "Another"})
    assert [token.label for token in ApiToken.objects.filter(user=seller)] == ["Another"]


def test_a_wrong_code_does_nothing(seller: User) -> None:
    client = signed_in(seller)
    age_factor(client, seconds=301)
    asked = client.post(TOKENS, {"label": "Order system"})
    client.post(asked.headers["Location"], {"code": "000000", "next": TOKENS}, follow=True)
    assert not ApiToken.objects.filter(user=seller).exists()


def test_files_are_asked_for_again_after_the_factor(seller: User) -> None:
    client = signed_in(seller)
    age_factor(client, seconds=301)
    request = RequestFactory().post(
        "/x/",
        {"file": SimpleUploadedFile("a.png", b"x")},
        headers={"Referer": "http://testserver/organisation/"},
    )
    request.user, request.session = seller, client.session
    request._messages = Notes()  # type: ignore[attr-defined]
    answer = echo(request)
    assert answer.headers["Location"] == f"{REAUTHENTICATE}?next=%2Forganisation%2F"
    assert "attach the files" in request._messages.said[0]  # type: ignore[attr-defined]


class Notes:
    """Messages of a request that no middleware has seen."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def add(self, level: int, message: str, extra_tags: str) -> None:
        """Keep a message."""
        self.said.append(str(message))


def test_a_seller_without_a_second_step_is_led_to_set_one_up(db: None) -> None:
    person = builders.member(builders.organisation())
    Authenticator.objects.filter(user=person).delete()
    client = with_password(person)
    answer = client.post(TOKENS, {"label": "x"}, headers={"Referer": "http://testserver/organisation/"})
    assert answer.headers["Location"] == INDEX
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    codes = client.post("/accounts/2fa/totp/activate/", {"code": code(secret=secret)}, follow=True)
    assert '<a class="sw-btn" href="/organisation/">Go on where you were</a>' in codes.content.decode()


@pytest.fixture
def demonstration(settings: Settings, tmp_path: Path, seller: User) -> None:
    """A demonstration with the seller as its only invented person."""
    settings.VAR_DIR, settings.MASTER_KEYS = tmp_path, new_key_line("1")
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "logins.json").write_text(json.dumps([{"email": seller.email}]))
    Authenticator.objects.all().delete()
    builders.with_app(seller)


@pytest.mark.usefixtures("demonstration")
def test_a_demonstration_shows_the_codes_of_its_invented_people_alone(
    seller: User, settings: Settings
) -> None:
    other = builders.seller(name="Rival Trading")
    assert f">{code()}<" in with_password(seller).get(AUTHENTICATE).content.decode()
    assert "data-demonstration-code" not in with_password(other).get(AUTHENTICATE).content.decode()
    settings.DEMO = False
    assert "data-demonstration-code" not in with_password(seller).get(AUTHENTICATE).content.decode()


@pytest.mark.usefixtures("demonstration")
def test_a_demonstration_shows_no_code_that_was_used(seller: User) -> None:
    used = code()
    with_password(seller).post(AUTHENTICATE, {"code": used})
    page = with_password(seller).get(AUTHENTICATE).content.decode()
    assert "data-demonstration-code" in page
    assert f">{used}<" not in page
