"""Signing in with a second step in a real browser, a security key included; every page is looked at."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser

from swindow.accounts.models import ApiToken
from tests import authenticator, builders
from tests.browser.chromium import portal
from tests.browser.visitor import Visitor
from tests.servers import ROOT

pytestmark = [pytest.mark.usefixtures("own_database"), pytest.mark.timeout(300)]
PICTURES = ROOT / "var" / "test" / "pictures"


@pytest.fixture(autouse=True)
def fresh_second_factor() -> None:
    """People come in by the real sign-in here."""


@pytest.fixture
def address(own_database: str) -> Iterator[str]:
    """A portal at a name: browsers give no security key to an address of digits."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with portal() as address:
        yield address.replace("127.0.0.1", "localhost")


def test_a_seller_sets_up_an_app_and_confirms_an_act(browser: Browser, address: str) -> None:
    person = builders.member(builders.organisation())
    Authenticator.objects.filter(user=person).delete()
    seller = Visitor(browser, address=address, pictures=PICTURES)
    seller.sign_in(person.email, builders.PASSWORD)
    seller.go("/overview/")
    assert "Protect your account with a second step" in seller.text()
    seller.look("sign-in-offer")
    seller.press("Not now")
    seller.go("/overview/")
    assert "Protect your account" not in seller.text()
    seller.go("/accounts/2fa/")
    seller.look("sign-in-security")
    seller.look_in_chinese("sign-in-security")
    secret = _set_up(seller)
    assert "Recovery codes" in seller.text()
    seller.look("sign-in-recovery")
    seller.look_in_chinese("sign-in-recovery")
    seller.go("/accounts/sessions/")
    seller.look("sign-in-sessions")
    seller.look_in_chinese("sign-in-sessions")
    recovery = _recovery_codes(seller)
    _sign_in_again(browser, address, person.email, code=recovery[0])
    _confirm_with(seller, person_pk=person.pk, code=authenticator.code(later=1, secret=secret))
    assert not seller.complaints, "\n".join(seller.complaints)


def test_a_security_key_is_added_and_signs_in(browser: Browser, address: str) -> None:
    person = builders.officer("customs")
    Authenticator.objects.filter(user=person).delete()
    officer = Visitor(browser, address=address, pictures=PICTURES)
    _plug_in_a_key(officer)
    officer.sign_in(person.email, builders.PASSWORD)
    officer.go("/officer/")
    assert "Set it up first" in officer.text(), "nothing else opens before"
    officer.go("/accounts/2fa/webauthn/add/")
    officer.look("sign-in-key")
    officer.fill({"name": "Key on my ring"})
    officer.press("Ask for the key")
    assert "Recovery codes" in officer.text()
    officer.go("/accounts/2fa/webauthn/")
    assert "Key on my ring" in officer.text()
    officer.look("sign-in-keys")
    officer.go("/accounts/logout/")
    officer.press("Sign out")
    officer.go("/accounts/login/")
    officer.fill({"login": person.email, "password": builders.PASSWORD})
    officer.press("Sign in")
    officer.look("sign-in-second-step-key")
    officer.press("Use a security key")
    officer.go("/officer/")
    assert officer.page.url == f"{address}/officer/"
    assert not officer.complaints, "\n".join(officer.complaints)


def _set_up(seller: Visitor) -> str:
    seller.go("/accounts/2fa/totp/activate/")
    seller.look("sign-in-app")
    seller.look_in_chinese("sign-in-app")
    seller.go("/accounts/2fa/totp/activate/")
    secret = seller.page.locator(".sw-qr code").inner_text()
    seller.fill({"code": "000000"})
    seller.press("Turn it on")
    assert "Incorrect code" in seller.text()
    # A wrong code changes nothing: the same picture is still good.
    assert seller.page.locator(".sw-qr code").inner_text() == secret
    seller.fill({"code": authenticator.code(secret=secret)})
    seller.press("Turn it on")
    return secret


def _recovery_codes(seller: Visitor) -> list[str]:
    seller.go("/accounts/2fa/recovery-codes/")
    return re.findall(r"\b\d{8}\b", seller.text())


def _sign_in_again(browser: Browser, address: str, email: str, *, code: str) -> None:
    """Come in from elsewhere with a recovery code, without scripts."""
    elsewhere = Visitor(browser, address=address, pictures=PICTURES, has_scripts=False)
    elsewhere.go("/accounts/login/")
    elsewhere.fill({"login": email, "password": builders.PASSWORD})
    elsewhere.press("Sign in")
    elsewhere.look("sign-in-second-step")
    elsewhere.fill({"code": code})
    elsewhere.press("Sign in")
    elsewhere.go("/organisation/")
    assert elsewhere.page.url == f"{address}/organisation/"


def _confirm_with(seller: Visitor, *, person_pk: int, code: str) -> None:
    """Make a token when the factor is six minutes old; what was typed is done after the code."""
    seller.go("/organisation/")
    _age_factors(person_pk)
    seller.fill({"label": "Order system, Shenzhen"})
    seller.page.locator("form[action$='/organisation/tokens/'] button[type=submit]").first.click()
    seller.page.wait_for_url("**/reauthenticate/**")
    seller.look("sign-in-confirm")
    seller.look_in_chinese("sign-in-confirm")
    seller.fill({"code": code})
    seller.press("Confirm")
    assert seller.page.url.endswith("/organisation/tokens/")
    assert ApiToken.objects.get(user=person_pk).label == "Order system, Shenzhen"


def _age_factors(person_pk: int) -> None:
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        records: list[dict[str, Any]] = session.get("account_authentication_methods", [])
        if session.get("_auth_user_id") == str(person_pk):
            session["account_authentication_methods"] = [one | {"at": one["at"] - 360} for one in records]
            session.save()


def _plug_in_a_key(officer: Visitor) -> None:
    """Give the browser a key of its own that always answers, as its developers' tools can."""
    tools = officer.page.context.new_cdp_session(officer.page)
    tools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
