"""S18: what no law orders to keep goes; the customs record stays, with its ground, under a number."""

import datetime as dt
import json
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.serializers import serialize
from django.test import Client
from django.utils import timezone

from declarations import lifecycle
from declarations.models import Declaration
from swindow.accounts.models import ApiToken, FormerMembership, Invitation, Membership, User
from swindow.events.models import Event
from swindow.privacy.erasing import erase
from swindow.privacy.lifecycle import ask_for_erasure
from swindow.privacy.models import Erasure
from swindow.vault.models import Secret
from swindow.vault.secrets import reveal, seal
from tests import builders
from tests.builders import NOW
from tests.privacy.test_copies import fill

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PAGE, ASK = "/privacy/mine/", "/privacy/mine/erasure/"


@pytest.fixture
def canary(seller: User) -> User:
    """A person who left a trace everywhere, and a colleague who owns the company too."""
    builders.member(builders.company_of(seller), name="Second Owner")
    fill(seller, "canary")
    return seller


def rows_that_name(word: str) -> list[str]:
    """Return each row of the portal's own tables in which a word stands."""
    from_tables = [
        *(User, Invitation, ApiToken, Membership, Erasure, Secret),
        *(User.emailaddress_set.rel.related_model, User.usersession_set.rel.related_model, Authenticator),
    ]
    dumps = (json.loads(serialize("json", model.objects.all())) for model in from_tables)
    return [row["model"] for dump in dumps for row in dump if word in json.dumps(row)]


def test_a_person_is_forgotten_where_the_law_allows(
    canary: User, browser_of: SignIn, workers: Callable[[], None]
):
    address = canary.email
    client = browser_of(canary)
    assert client.post(ASK, {"is_sure": "on"}).url == PAGE
    workers()
    canary.refresh_from_db()
    assert (canary.is_active, canary.name, canary.email) == (False, "", f"erased-{canary.pk}@erased.invalid")
    assert not canary.has_usable_password()
    assert rows_that_name("canary") == []
    assert rows_that_name(address) == []
    assert reveal(f"user:{canary.pk}", "identity") == ""
    assert client.get(PAGE).status_code == 302
    # Lodged, so kept; the draft stays with the company, in which a colleague works.
    assert Declaration.objects.filter(created_by=canary).count() == 2
    assert FormerMembership.objects.filter(user=canary).exists()


def test_the_result_is_mailed_before_the_address_goes_and_names_ground_and_date(
    canary: User, workers: Callable[[], None]
):
    address = canary.email
    ask_for_erasure(canary, at=NOW)
    workers()
    [letter] = [one for one in mail.outbox if one.to == [address]]
    assert "Records of imports, which customs and tax law order to keep." in letter.body
    # The declaration was accepted in 2026 for the Netherlands, the answer anywhere: seven years.
    assert f"Until 31 December {timezone.now().year + 7}." in letter.body
    erasure = Erasure.objects.get()
    lines = {line["kind"]: line for line in erasure.outcome}
    assert lines["declarations"]["kept"] == 2 and lines["declarations"]["ground"]
    assert lines["sign_in"]["erased"] >= 2 and lines["secrets"]["erased"] == 1
    assert lines["account"]["erased"] == 1
    assert erasure.status == "done"


def test_a_declaration_alone_is_kept_by_the_years_of_its_country(seller: User, workers: Callable[[], None]):
    builders.member(builders.company_of(seller), name="Second Owner")
    lodged = builders.draft(seller)
    assert not lifecycle.lodge([lodged.pk], by=seller, at=NOW)
    ask_for_erasure(seller, at=NOW)
    workers()
    [line] = [line for line in Erasure.objects.get().outcome if line["kind"] == "declarations"]
    assert dt.date.fromisoformat(line["until"]) == dt.date(2029, 12, 31)


def test_drafts_of_somebody_who_works_alone_are_erased(seller: User, workers: Callable[[], None]):
    draft = builders.draft(seller)
    ask_for_erasure(seller, at=NOW)
    workers()
    assert not Declaration.objects.filter(pk=draft.pk).exists()
    assert Event.objects.filter(subject_id=draft.pk, kind="declaration.draft_removed").exists()


def test_the_last_owner_of_open_declarations_is_told_why_not(seller: User, browser_of: SignIn):
    lodged = builders.draft(seller)
    assert not lifecycle.lodge([lodged.pk], by=seller, at=NOW)
    page = browser_of(seller).get(PAGE).content.decode()
    assert "You are the last owner of" in page and "Erase my data</button>" not in page
    answer = browser_of(seller).post(ASK, {"is_sure": "on"})
    assert answer.status_code == 409 and "PR-05" in answer.content.decode()
    assert not Erasure.objects.exists()


def test_an_officer_is_sent_to_the_authority(customs_officer: User, browser_of: SignIn):
    answer = browser_of(customs_officer).post(ASK, {"is_sure": "on"})
    assert answer.status_code == 409 and "PR-04" in answer.content.decode()


def test_nobody_is_forgotten_without_the_tick(canary: User, browser_of: SignIn):
    answer = browser_of(canary).post(ASK)
    assert answer.status_code == 422 and "Tick the box" in answer.content.decode()
    assert not Erasure.objects.exists()


def test_without_a_fresh_second_step_nobody_is_forgotten(canary: User, browser_of: SignIn):
    client = browser_of(canary)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 1.0}]
    session.save()
    answer = client.post(ASK, {"is_sure": "on"})
    assert answer.status_code == 302 and "reauthenticate" in answer.url
    assert not Erasure.objects.exists()


def test_a_worker_that_died_after_the_first_half_goes_on_and_reports_the_same(
    canary: User, monkeypatch: pytest.MonkeyPatch
):
    erasure = ask_for_erasure(canary, at=NOW)

    def die(*arguments: object, **options: object) -> None:
        raise OSError("no mail today")

    with monkeypatch.context() as broken:
        broken.setattr("swindow.privacy.erasing.tell_of_erasure", die)
        with pytest.raises(OSError, match="no mail today"):
            erase(erasure, at=timezone.now())
    erasure.refresh_from_db()
    first = erasure.outcome
    canary.refresh_from_db()
    assert not canary.is_active and canary.email and erasure.status == "asked"
    erase(erasure, at=timezone.now())
    erase(erasure, at=timezone.now())
    erasure.refresh_from_db()
    assert erasure.outcome == first and erasure.status == "done"
    assert len([one for one in mail.outbox if one.subject == "Your data were erased"]) == 1
    assert Event.objects.filter(kind="erasure.done").count() == 1


def test_asking_twice_is_one_erasure(canary: User, browser_of: SignIn):
    client = browser_of(canary)
    client.post(ASK, {"is_sure": "on"})
    answer = client.post(ASK, {"is_sure": "on"})
    assert answer.status_code == 409 and "PR-03" in answer.content.decode()
    assert Erasure.objects.count() == 1


def test_another_persons_data_are_untouched(canary: User, rival: User, workers: Callable[[], None]):
    fill(rival, "magpie")
    before = set(rows_that_name("magpie"))
    ask_for_erasure(canary, at=NOW)
    workers()
    assert set(rows_that_name("magpie")) == before
    rival.refresh_from_db()
    assert rival.is_active and reveal(f"user:{rival.pk}", "identity") == "magpie 42"


def test_a_seal_for_somebody_forgotten_is_refused(canary: User, workers: Callable[[], None]):
    ask_for_erasure(canary, at=NOW)
    workers()
    with pytest.raises(Exception, match="were erased"):
        seal(f"user:{canary.pk}", row=f"user:{canary.pk}", field="identity", value="again", at=NOW)
