"""S18: a copy of one's own data is complete, holds nobody else's, and is handed out to its person alone."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.utils import timezone

from declarations import lifecycle
from declarations.models import InformationRequest
from swindow.accounts.lifecycle import create_token
from swindow.accounts.models import Invitation, User
from swindow.personal_data import CATALOGUE
from swindow.privacy.copies import archive_of
from swindow.privacy.lifecycle import agree
from swindow.privacy.models import DataCopy
from swindow.vault.looks import note
from swindow.vault.secrets import seal
from tests import builders
from tests.builders import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
SignIn = Callable[[User], Client]


def fill(person: User, word: str) -> None:
    """Leave a trace of a person, marked by a word, in every kind of the catalogue that a seller has."""
    company = builders.company_of(person)
    User.objects.filter(pk=person.pk).update(name=f"{word} name")
    person.refresh_from_db()
    EmailAddress.objects.create(user=person, email=f"{word}@example.com", verified=True)
    UserSession.objects.create(user=person, ip="192.0.2.1", user_agent=f"{word} browser", session_key=word)
    create_token(person, label=f"{word} machine", at=NOW)
    seal(f"user:{person.pk}", row=f"user:{person.pk}", field="identity", value=f"{word} 42", at=NOW)
    Invitation.objects.create(
        reference=f"INV-{word}",
        organisation=company,
        email=f"{word}@example.com",
        role="viewer",
        invited_by=person,
        invited_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    builders.draft(person, lrn=f"{word}-draft")
    lodged = builders.draft(person, lrn=f"{word}-lodged")
    assert not lifecycle.lodge([lodged.pk], by=person, at=NOW)
    InformationRequest.objects.create(
        declaration=lodged,
        authority="customs",
        reason_code="Q1",
        question="Why?",
        asked_by="agency:customs",
        asked_at=NOW,
        answer=f"{word} answer",
        answered_by=person,
        answered_at=NOW,
    )
    agree(person, version=f"v-{word}"[:10], language="en", at=NOW)
    look = {"viewer": person.pk, "capacity": "portal", "what": "identity_document"}
    note(f"user:{person.pk}", reference=f"LOOK-{word}", at=NOW, **look)


def files_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_copy_holds_everything_of_its_person_and_nothing_of_another(seller: User, rival: User):
    fill(seller, "canary")
    fill(rival, "magpie")
    files = files_of(archive_of(seller, at=timezone.now()))
    assert set(files) == {"README.txt", *(f"{kind.name}.json" for kind in CATALOGUE)}
    everything = "\n".join(files.values())
    for trace in (
        *("canary name", "canary@example.com", "canary browser", "canary machine", "canary 42", "INV-canary"),
        *("canary-draft", "canary answer", "LOOK-canary", "v-canary", builders.company_of(seller).name),
    ):
        assert trace in everything, trace
    assert "magpie" not in everything
    assert builders.company_of(rival).name not in everything
    assert json.loads(files["account.json"])["rows"][0]["email"] == seller.email
    empty = {name for name, text in files.items() if name.endswith("json") and not json.loads(text)["rows"]}
    assert empty == {"examinations.json", "copies.json"}


def test_an_officers_copy_names_the_examinations(customs_officer: User, seller: User, reference_data: None):
    rows = json.loads(files_of(archive_of(customs_officer, at=NOW))["companies.json"])["rows"]
    assert rows[0]["role"] == "officer"


def test_the_words_of_a_copy_are_in_the_readers_language(seller: User):
    seller.preferred_language = "zh-hans"
    assert f"{seller.name}" in files_of(archive_of(seller, at=NOW))["README.txt"]


def test_a_copy_is_made_by_a_worker_mailed_about_and_downloaded_once_the_factor_is_fresh(
    seller: User, browser_of: SignIn, workers: Callable[[], None], own_files: Path
):
    client = browser_of(seller)
    assert client.post("/privacy/mine/copies/").url == "/privacy/mine/"
    assert "Being made" in client.get("/privacy/mine/").content.decode()
    workers()
    copy = DataCopy.objects.get()
    assert copy.status == "ready" and copy.expires_at - copy.ready_at == timedelta(days=7)
    [letter] = mail.outbox
    assert letter.to == [seller.email] and copy.reference in letter.body
    answer = client.post(f"/privacy/mine/copies/{copy.reference}/")
    assert answer["Content-Type"] == "application/zip"
    assert f'filename="{copy.reference}.zip"' in answer["Content-Disposition"]
    assert seller.email in files_of(answer.content)["account.json"]
    # What lies in the store is sealed.
    [stored] = [file for file in own_files.rglob("*") if file.is_file()]
    assert b"PK" not in stored.read_bytes()[:64] and len(answer.content) == copy.size


def test_without_a_fresh_second_step_the_copy_is_not_handed_out(
    seller: User, browser_of: SignIn, workers: Callable[[], None]
):
    client = browser_of(seller)
    client.post("/privacy/mine/copies/")
    workers()
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 1.0}]
    session.save()
    answer = client.post(f"/privacy/mine/copies/{DataCopy.objects.get().reference}/")
    assert answer.status_code == 302 and "reauthenticate" in answer.url


def test_another_persons_copy_is_404_even_for_a_colleague(
    seller: User, colleague: User, rival: User, browser_of: SignIn, workers: Callable[[], None]
):
    browser_of(seller).post("/privacy/mine/copies/")
    workers()
    reference = DataCopy.objects.get().reference
    for other in (colleague, rival):
        assert browser_of(other).post(f"/privacy/mine/copies/{reference}/").status_code == 404
        assert reference not in browser_of(other).get("/privacy/mine/").content.decode()


def test_a_copy_that_is_not_ready_or_has_expired_is_404(seller: User, browser_of: SignIn):
    client = browser_of(seller)
    client.post("/privacy/mine/copies/")
    reference = DataCopy.objects.get().reference
    assert client.post(f"/privacy/mine/copies/{reference}/").status_code == 404


def test_asking_twice_is_explained(seller: User, browser_of: SignIn, workers: Callable[[], None]):
    client = browser_of(seller)
    client.post("/privacy/mine/copies/")
    answer = client.post("/privacy/mine/copies/")
    assert answer.status_code == 409 and "PR-01" in answer.content.decode()
    for _time in range(2):
        workers()
        assert client.post("/privacy/mine/copies/").status_code == 302
    workers()
    answer = client.post("/privacy/mine/copies/")
    assert answer.status_code == 409 and "PR-02" in answer.content.decode()
    assert DataCopy.objects.count() == 3


def test_a_worker_that_runs_twice_makes_one_copy_and_one_mail(
    seller: User, browser_of: SignIn, workers: Callable[[], None]
):
    browser_of(seller).post("/privacy/mine/copies/")
    workers()
    workers()
    assert len(mail.outbox) == 1
