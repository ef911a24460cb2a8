"""The privacy notice: readable by anybody, agreed to at sign-up and again when it changes."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from swindow.accounts.models import User
from swindow.events.models import Event
from swindow.privacy import notice
from swindow.privacy.models import Consent
from tests import builders

pytestmark = pytest.mark.django_db
BAR = "sw-consent"
NEWCOMER = {"email": "noor@example.com", "password1": "a long enough one", "password2": "a long enough one"}


def test_the_notice_needs_no_account_and_speaks_both_languages():
    page = Client().get("/privacy/")
    assert page.status_code == 200
    assert "What we keep, and why" in page.content.decode()
    chinese = Client(headers={"accept-language": "zh-hans"}).get("/privacy/").content.decode()
    assert "我们保存什么，为什么" in chinese and "What we keep, and why" not in chinese


def test_both_languages_of_each_version_have_the_same_parts():
    for version in notice.VERSIONS:
        pages = [
            Client(headers={"accept-language": language}).get("/privacy/", {"version": version})
            for language in ("en", "zh-hans")
        ]
        parts = [(page.content.count(b"<h2>"), page.content.count(b"<li>")) for page in pages]
        assert parts[0] == parts[1] and parts[0][0] >= 6


def test_an_unknown_version_is_404():
    assert Client().get("/privacy/", {"version": "../../base"}).status_code == 404


def test_nobody_signs_up_without_the_notice():
    page = Client().post(reverse("account_signup"), NEWCOMER)
    assert "Read the privacy notice and tick the box to go on." in page.content.decode()
    assert not User.objects.exists()


def test_signing_up_keeps_the_consent_with_version_and_language():
    client = Client(headers={"accept-language": "zh-hans"})
    assert client.post(reverse("account_signup"), NEWCOMER | {"agrees_to_notice": "on"}).status_code == 302
    person = User.objects.get(email="noor@example.com")
    consent = Consent.objects.get(person=person)
    assert (consent.version, consent.language) == (notice.CURRENT, "zh-hans")
    assert Event.objects.filter(subject_kind="user", subject_id=person.pk, kind="notice.agreed").exists()
    assert BAR not in client.get("/privacy/mine/").content.decode()


def test_whoever_has_not_agreed_sees_the_bar_and_can_go_on_working(
    seller: User, browser_of: Callable[[User], Client]
):
    client = browser_of(seller)
    page = client.get("/overview/").content.decode()
    assert BAR in page and f"{reverse('privacy:notice')}?next=%2Foverview%2F" in page
    answer = client.post("/privacy/agree/", {"next": "/overview/"})
    assert answer.url == "/overview/"
    assert BAR not in client.get("/overview/").content.decode()


def test_the_bar_costs_a_page_no_query(seller: User, browser_of: Callable[[User], Client]):
    client = browser_of(seller)
    client.get("/privacy/looks/")
    with CaptureQueriesContext(connection) as queries:
        assert BAR in client.get("/privacy/looks/").content.decode()
    assert [one for one in queries if one["sql"].startswith('SELECT 1 AS "a" FROM "privacy_consent"')] == []


def test_a_new_version_asks_again_and_the_old_one_stays_readable(
    seller: User, browser_of: Callable[[User], Client]
):
    Consent.objects.create(person=seller, version="2026-01-01", language="en", given_at=builders.NOW)
    client = browser_of(seller)
    assert BAR in client.get("/overview/").content.decode()
    client.post("/privacy/agree/")
    assert [one.version for one in seller.consents.order_by("pk")] == ["2026-01-01", notice.CURRENT]
    page = client.get("/privacy/mine/").content.decode()
    assert "2026-01-01" in page and notice.CURRENT in page


def test_agreeing_twice_is_one_consent(seller: User, browser_of: Callable[[User], Client]):
    client = browser_of(seller)
    for _ in range(2):
        client.post("/privacy/agree/")
    assert Consent.objects.count() == 1
    assert Event.objects.filter(kind="notice.agreed").count() == 1


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\0"])
def test_agreeing_never_leads_to_another_site(seller: User, browser_of: Callable[[User], Client], then: str):
    assert browser_of(seller).post("/privacy/agree/", {"next": then}).url == "/"
