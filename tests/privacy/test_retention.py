"""Retention by a test clock: what ran out goes, what an authority holds stays, twice is once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from declarations import lifecycle
from declarations.lifecycle import Lifting
from declarations.models import BuyerNotice, Declaration, Hold
from swindow.accounts.models import FormerMembership, Invitation, User
from swindow.documents.models import StoredFile
from swindow.personal_data import RECORD_YEARS
from swindow.privacy.copies import make_copy
from swindow.privacy.lifecycle import ask_for_copy
from swindow.privacy.models import RetentionRun
from swindow.privacy.retention import retain, retain_daily
from swindow.vault.looks import note
from swindow.vault.models import Look
from swindow.vault.secrets import reveal, seal
from tests import builders
from tests.builders import NOW

pytestmark = pytest.mark.django_db


def released(person: User, **fields: object) -> Declaration:
    """Make a declaration that was released at the builders' time."""
    declaration = builders.draft(person, **fields)
    assert not lifecycle.lodge([declaration.pk], by=person, at=NOW)
    holds = Hold.objects.filter(declaration=declaration)
    liftings = [Lifting(declaration.pk, hold.authority, hold.kind) for hold in holds]
    lifecycle.lift_holds(liftings, by="agency", at=NOW)
    place = f"declaration:{declaration.pk}"
    seal(place, row=place, field="consignee_id", value="11010519491231002X", at=NOW)
    declaration.refresh_from_db()
    assert declaration.status == "released"
    return declaration


def buyer_of(declaration: Declaration) -> tuple[str, str, str]:
    declaration.refresh_from_db()
    return declaration.consignee_name, declaration.consignee_address, declaration.consignee_email


def after(years: int) -> datetime:
    """Return the first moment at which so many years after the end of 2026 are over."""
    return datetime(2027 + years, 1, 1, tzinfo=UTC)


def test_the_buyer_is_forgotten_when_the_years_of_the_country_are_over(seller: User):
    declaration = released(seller, jurisdiction="NL", consignee_email="jan@example.com")
    assert retain(at=after(3) - timedelta(seconds=1)).removed.get("declarations") is None
    assert buyer_of(declaration)[2] == "jan@example.com"
    assert retain(at=after(3)).removed["declarations"] == 1
    assert buyer_of(declaration) == ("", "", "")
    assert reveal(f"declaration:{declaration.pk}", "consignee_id") == ""
    # The declaration itself is a record of trade and stays.
    assert declaration.status == "released"


def test_years_are_those_of_the_law():
    assert {country: RECORD_YEARS[country] for country in ("DE", "CN", "US", "GB")} == {
        "DE": 3,
        "CN": 3,
        "US": 5,
        "GB": 6,
    }


def test_a_second_run_at_the_same_time_removes_nothing(seller: User):
    released(seller)
    builders.draft(seller)
    assert retain(at=after(10)).removed
    assert retain(at=after(10)).removed == {}


def test_an_open_declaration_is_never_touched(seller: User):
    declaration = builders.draft(seller)
    assert not lifecycle.lodge([declaration.pk], by=seller, at=NOW)
    retain(at=after(50))
    assert buyer_of(declaration)[0] == "Jan de Vries"


def test_a_dispute_of_the_buyer_wins_over_time(seller: User):
    declaration = released(seller)
    notice = BuyerNotice.objects.create(
        declaration=declaration,
        digest="a" * 64,
        made_at=NOW,
        answer="disputed",
        answered_at=after(2),
        note="Not mine",
    )
    retain(at=after(4))
    assert buyer_of(declaration)[0] == "Jan de Vries"
    retain(at=after(6))
    assert buyer_of(declaration)[0] == ""
    notice.refresh_from_db()
    assert notice.note == ""


def test_an_open_hold_wins_over_time(seller: User):
    declaration = released(seller)
    Hold.objects.create(declaration=declaration, authority="customs", kind="identity", opened_at=NOW)
    retain(at=after(10))
    assert buyer_of(declaration)[0] == "Jan de Vries"


def test_a_business_buyer_is_no_private_person(seller: User):
    declaration = released(seller, consignee_type="business", consignee_name="Kite GmbH")
    retain(at=after(10))
    assert buyer_of(declaration)[0] == "Kite GmbH"


def test_drafts_untouched_for_two_years_go_with_their_files(seller: User):
    old, young = builders.draft(seller), builders.draft(seller)
    Declaration.objects.filter(pk=young.pk).update(saved_at=NOW + timedelta(days=1))
    files = StoredFile.objects.count()
    assert retain(at=NOW + timedelta(days=730, seconds=1)).removed["drafts"] == 1
    assert list(Declaration.objects.values_list("pk", flat=True)) == [young.pk]
    assert StoredFile.objects.count() == files - 1
    assert not Declaration.objects.filter(pk=old.pk).exists()


def test_a_file_that_another_declaration_shows_stays(seller: User):
    old, young = builders.draft(seller), builders.draft(seller)
    shared = old.documents.get().file
    young.documents.update(file=shared)
    Declaration.objects.filter(pk=young.pk).update(saved_at=after(5))
    retain(at=after(4))
    assert StoredFile.objects.filter(pk=shared.pk).exists()


def test_copies_end_after_seven_days(seller: User, own_files: Path):
    copy = ask_for_copy(seller, at=NOW)
    make_copy(copy, at=NOW)
    retain(at=NOW + timedelta(days=7))
    copy.refresh_from_db()
    assert copy.status == "ready"
    assert retain(at=NOW + timedelta(days=7, seconds=1)).removed["copies"] == 1
    copy.refresh_from_db()
    assert (copy.status, copy.storage_key) == ("expired", "")
    assert [file for file in own_files.rglob("*") if file.is_file()] == []


def test_old_invitations_places_and_looks_go(seller: User, rival: User):
    company = builders.company_of(seller)
    facts = {"organisation": company, "role": "viewer", "invited_by": seller, "invited_at": NOW}
    for number, name in enumerate(("old", "new")):
        Invitation.objects.create(
            reference=name, email=f"{name}@example.com", expires_at=NOW + timedelta(days=number), **facts
        )
    removed = retain(at=NOW + timedelta(days=365, seconds=1)).removed
    assert removed == {"invitations": 1}
    FormerMembership.objects.create(user=rival, organisation=company, role="viewer", left_at=NOW)
    note("organisation:1", viewer=rival.pk, capacity="portal", what="company", reference="O", at=NOW)
    assert set(retain(at=after(6)).removed) == {"invitations"}
    assert Look.objects.exists()
    assert {name: n for name, n in retain(at=after(7)).removed.items() if n} == {"companies": 1, "looks": 1}


def test_the_command_says_what_it_did(seller: User, capsys: pytest.CaptureFixture[str]):
    call_command("retain")
    assert capsys.readouterr().out == "removed: nothing\n"


def test_the_scheduler_runs_it_once_a_day(seller: User, browser_of: Callable[[User], Client]):
    retain_daily()
    retain_daily()
    assert RetentionRun.objects.count() == 1
    RetentionRun.objects.update(ran_at=RetentionRun.objects.get().ran_at - timedelta(days=1))
    retain_daily()
    assert RetentionRun.objects.count() == 2
