"""Who has seen our data: officers and agents leave a line, the own people do not, and strangers read none."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from declarations import lifecycle
from declarations.models import Declaration
from inspection.lifecycle import open_reviews
from swindow.accounts.models import User
from swindow.vault.looks import note
from swindow.vault.models import Look
from tests import builders

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def examined(seller: User, reference_data: None) -> Declaration:
    """A declaration that lies with customs."""
    declaration = builders.draft(seller)
    assert not lifecycle.lodge([declaration.pk], by=seller, at=builders.NOW)
    open_reviews([declaration.pk], at=builders.NOW)
    return declaration


def lines() -> list[tuple[str, str, str, int]]:
    return list(Look.objects.order_by("pk").values_list("capacity", "what", "reference", "times"))


def test_an_officer_who_opens_a_declaration_leaves_a_line_for_company_and_buyer(
    examined: Declaration, customs_officer: User, browser_of: SignIn
):
    client = browser_of(customs_officer)
    assert client.get(f"/officer/customs/{examined.reference}/").status_code == 200
    assert client.get(f"/officer/customs/{examined.reference}/").status_code == 200
    subjects = {f"organisation:{examined.declarant_id}", f"declaration:{examined.pk}"}
    assert set(Look.objects.values_list("subject", flat=True)) == subjects
    assert lines() == [("agency:customs", "declaration", examined.reference, 2)] * 2


def test_a_refused_look_leaves_no_line(examined: Declaration, quarantine_officer: User, browser_of: SignIn):
    assert browser_of(quarantine_officer).get(f"/officer/customs/{examined.reference}/").status_code == 404
    assert lines() == []


def test_an_agent_leaves_a_line_that_names_the_mandate(
    examined: Declaration, seller: User, broker: User, browser_of: SignIn
):
    assert browser_of(broker).get(f"/declarations/{examined.reference}/").status_code == 200
    agent = builders.company_of(broker)
    assert lines()[0] == (f"organisation:{agent.pk}", "declaration", examined.reference, 1)
    page = browser_of(seller).get("/privacy/looks/").content.decode()
    mandate = agent.mandates_held.get()
    assert f"{agent.name} ({mandate.reference})" in page and examined.reference in page


def test_the_own_people_leave_no_line(
    examined: Declaration, seller: User, colleague: User, browser_of: SignIn
):
    for person in (seller, colleague):
        assert browser_of(person).get(f"/declarations/{examined.reference}/").status_code == 200
    assert lines() == []


def test_an_officers_name_is_not_shown(
    examined: Declaration, seller: User, customs_officer: User, browser_of: SignIn
):
    browser_of(customs_officer).get(f"/officer/customs/{examined.reference}/")
    page = browser_of(seller).get("/privacy/looks/").content.decode()
    assert "An officer of customs" in page
    assert customs_officer.name not in page and customs_officer.email not in page


def test_every_member_of_the_company_reads_it_and_nobody_else_does(
    examined: Declaration,
    colleague: User,
    rival: User,
    broker: User,
    customs_officer: User,
    browser_of: SignIn,
):
    browser_of(customs_officer).get(f"/officer/customs/{examined.reference}/")
    assert examined.reference in browser_of(colleague).get("/privacy/looks/").content.decode()
    for other in (rival, broker, customs_officer):
        assert examined.reference not in browser_of(other).get("/privacy/looks/").content.decode()


def test_a_person_reads_who_saw_their_own_data(seller: User, customs_officer: User, browser_of: SignIn):
    look = {"viewer": customs_officer.pk, "capacity": "portal", "what": "identity_document"}
    note(f"user:{seller.pk}", reference="VER-26-1", at=timezone.now(), **look)
    page = browser_of(seller).get("/privacy/looks/").content.decode()
    assert "An administrator of the portal" in page and "Identity document" in page


def test_the_page_goes_back_by_key_and_shows_each_line_once(
    seller: User, customs_officer: User, browser_of: SignIn
):
    for number in range(60):
        subject = f"organisation:{builders.company_of(seller).pk}"
        look = {"viewer": customs_officer.pk, "capacity": "agency:customs", "what": "declaration"}
        note(subject, reference=f"SW-26-{number:07d}", at=timezone.now(), **look)
    client, address, seen = browser_of(seller), "/privacy/looks/", []
    while address:
        page = client.get(address).context["page"]
        seen += [line.reference for line in page.lines]
        address = f"/privacy/looks/?before={page.older}" if page.older else ""
    assert seen == [f"SW-26-{number:07d}" for number in reversed(range(60))]


@pytest.mark.parametrize("before", ["-1", "x", "٣", "9" * 60, "9223372036854775808", "\0", "0"])
def test_odd_keys_never_break_the_page(seller: User, browser_of: SignIn, before: str):
    assert browser_of(seller).get("/privacy/looks/", {"before": before}).status_code == 200


def test_a_look_is_one_statement(seller: User):
    look = {"viewer": seller.pk, "capacity": "portal", "what": "company", "reference": "ORG-1"}
    with CaptureQueriesContext(connection) as queries:
        note("organisation:1", at=timezone.now(), **look)
    assert len(queries) == 1


def test_looks_of_one_hour_are_one_line_and_the_next_hour_begins_another(seller: User):
    look = {"viewer": seller.pk, "capacity": "portal", "what": "company", "reference": "ORG-1"}
    for minutes in (0, 10, 20, 60):
        note("organisation:1", at=builders.NOW.replace(minute=5) + timedelta(minutes=minutes), **look)
    assert list(Look.objects.order_by("pk").values_list("times", flat=True)) == [3, 1]


def test_the_ledger_cannot_be_emptied(seller: User):
    look = {"viewer": seller.pk, "capacity": "portal", "what": "company", "reference": "ORG-1"}
    note("organisation:1", at=timezone.now(), **look)
    with pytest.raises(Exception, match="Cannot delete"):
        Look.objects.all().delete()
