"""Law by two people: who may do what when, what the database refuses, and what stays on record."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from swindow.accounts.models import User
from swindow.events.chain import broken_chains
from swindow.events.models import Event
from swindow.problems import Refused
from tariffs.assessment import assess, replay, to_snapshot
from tariffs.drafting.edits import FileRestored, FileWritten
from tariffs.facts import ConsignmentFacts, Dates
from tariffs.lifecycle import edit_draft, load_packs, propose, publish, send_back, start_draft, withdraw
from tariffs.models import DraftStatus, PackDraft, RegulationPack
from tariffs.pack_parsing import REGULATIONS
from tariffs.published import forget
from tests import builders
from tests.tariffs.drafts.rows import VERSION, gst_rise, limit_change
from tests.tariffs.facts import item, to_china

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_law")]
NOW = builders.NOW


def raise_gst(draft: PackDraft, *, by: User) -> PackDraft:
    """Let GST rise to 10 % next year, in the draft."""
    return edit_draft(draft, edit=gst_rise(draft.files), seen=draft.sha256, by=by, at=NOW)


def proposed(draft: PackDraft, *, by: User) -> PackDraft:
    """Let GST rise and propose it."""
    draft = raise_gst(draft, by=by)
    return propose(draft, seen=draft.sha256, by=by, at=NOW)


def to_singapore(price: str, *, on: date) -> ConsignmentFacts:
    """Return a consignment of shoes by air."""
    facts = to_china(item("640411", price, currency="SGD"))
    return replace(facts, jurisdiction="SG", currency="SGD", transport_mode="air", dates=Dates(acceptance=on))


def codes_of(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    """Return the codes of the problems."""
    return {problem.code for problem in refusal.value.problems}


def test_a_draft_becomes_law_when_a_second_person_publishes_it(
    draft: PackDraft, author: User, second: User
) -> None:
    """The new rate holds from its day on; the days before keep theirs, and old bills replay."""
    facts = to_singapore("1000", on=date(2026, 12, 31))
    before = assess(facts)
    snapshot = to_snapshot(facts, before)
    draft = proposed(draft, by=author)
    pack = publish(draft, seen=draft.sha256, by=second, at=NOW)
    forget()
    assert pack.version == f"{VERSION}-1"
    assert assess(facts).totals == before.totals
    assert assess(to_singapore("1000", on=date(2027, 1, 1))).totals.by_type["gst"] == 100
    assert assess(facts).pack_version == f"{VERSION}-1"
    assert replay(snapshot) == before
    draft.refresh_from_db()
    assert (draft.status, draft.published_by, draft.published_as) == ("published", second, pack)


def test_the_author_cannot_publish(draft: PackDraft, author: User) -> None:
    """PD-10: law is published by a second person."""
    draft = proposed(draft, by=author)
    with pytest.raises(Refused) as refusal:
        publish(draft, seen=draft.sha256, by=author, at=NOW)
    assert codes_of(refusal) == {"PD-10"}
    assert RegulationPack.objects.filter(jurisdiction="SG").count() == 1


def test_who_proposed_cannot_publish_either(draft: PackDraft, author: User, second: User) -> None:
    """PD-10: proposing is vouching."""
    draft = raise_gst(draft, by=author)
    draft = propose(draft, seen=draft.sha256, by=second, at=NOW)
    with pytest.raises(Refused) as refusal:
        publish(draft, seen=draft.sha256, by=second, at=NOW)
    assert codes_of(refusal) == {"PD-10"}
    publish(draft, seen=draft.sha256, by=builders.officer("customs"), at=NOW)


def test_the_database_refuses_that_the_author_publishes(draft: PackDraft, author: User) -> None:
    """Not by shell, not by hand."""
    draft = proposed(draft, by=author)
    other = RegulationPack.objects.filter(jurisdiction="AU").get()
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        PackDraft.objects.filter(pk=draft.pk).update(
            status=DraftStatus.PUBLISHED, published_by=author, published_at=NOW, published_as=other
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tariffs_packdraft SET status = 'published'",
        "UPDATE tariffs_packdraft SET files = '{}'",
        "UPDATE tariffs_packdraft SET note = 'another'",
        "UPDATE tariffs_packdraft SET author_id = author_id + 1",
        "DELETE FROM tariffs_packdraft",
        "TRUNCATE tariffs_packdraft",
        "INSERT INTO tariffs_packdraft SELECT * FROM tariffs_packdraft",
    ],
)
def test_the_database_refuses_to_change_a_proposed_draft_by_hand(
    draft: PackDraft, author: User, statement: str
) -> None:
    """What the second person reads is what is published."""
    proposed(draft, by=author)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_published_draft_is_never_edited(draft: PackDraft, author: User, second: User) -> None:
    """It says who made which law."""
    draft = proposed(draft, by=author)
    publish(draft, seen=draft.sha256, by=second, at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        PackDraft.objects.filter(pk=draft.pk).update(published_by=builders.officer("tax"))


def test_only_the_author_edits(draft: PackDraft, second: User) -> None:
    """PD-06: otherwise a publisher could have written what they publish."""
    with pytest.raises(Refused) as refusal:
        raise_gst(draft, by=second)
    assert codes_of(refusal) == {"PD-06"}


@pytest.mark.parametrize("authority", ["quarantine", "port"])
def test_other_authorities_write_no_law(draft: PackDraft, author: User, authority: str) -> None:
    """PD-01: customs and the tax office do."""
    stranger = builders.officer(authority)
    draft = proposed(draft, by=author)
    acts: list[Callable[[], object]] = [
        lambda: start_draft("AU", note="x", by=stranger, at=NOW),
        lambda: publish(draft, seen=draft.sha256, by=stranger, at=NOW),
        lambda: withdraw(draft, note="x", by=stranger, at=NOW),
        lambda: send_back(draft, note="x", by=stranger, at=NOW),
    ]
    for act in acts:
        with pytest.raises(Refused) as refusal:
            act()
        assert codes_of(refusal) == {"PD-01"}


def test_a_draft_with_failing_golden_cases_cannot_be_proposed(draft: PackDraft, author: User) -> None:
    """PD-08: each failing case is named."""
    edit = gst_rise(draft.files, on=date(2026, 1, 1))
    draft = edit_draft(draft, edit=edit, seen=draft.sha256, by=author, at=NOW)
    with pytest.raises(Refused) as refusal:
        propose(draft, seen=draft.sha256, by=author, at=NOW)
    assert codes_of(refusal) == {"PD-08"}
    assert "a cent above SGD 400 bears GST on the whole value" in str(refusal.value)
    draft.refresh_from_db()
    assert draft.status == DraftStatus.DRAFT


def test_a_draft_that_cannot_be_read_cannot_be_proposed(draft: PackDraft, author: User) -> None:
    """PD-07: with file and line."""
    broken = FileWritten("rates.csv", draft.files["rates.csv"].replace(",9%,", ",9 ABC / kg,"))
    draft = edit_draft(draft, edit=broken, seen=draft.sha256, by=author, at=NOW)
    with pytest.raises(Refused, match=r"rates\.csv, line 392") as refusal:
        propose(draft, seen=draft.sha256, by=author, at=NOW)
    assert codes_of(refusal) == {"PD-07"}


def test_nothing_is_decided_over_what_was_not_shown(draft: PackDraft, author: User, second: User) -> None:
    """PD-05: between reading and pressing the draft may have changed."""
    first = draft.sha256
    draft = proposed(draft, by=author)
    with pytest.raises(Refused) as refusal:
        publish(draft, seen=first, by=second, at=NOW)
    assert codes_of(refusal) == {"PD-05"}


def test_a_draft_sent_back_is_edited_and_proposed_again(draft: PackDraft, author: User, second: User) -> None:
    """The reason is on record."""
    draft = proposed(draft, by=author)
    with pytest.raises(Refused) as refusal:
        edit_draft(draft, edit=limit_change(draft.files), seen=draft.sha256, by=author, at=NOW)
    assert codes_of(refusal) == {"PD-04"}
    draft = send_back(draft, note="The limit is missing.", by=second, at=NOW)
    draft = edit_draft(draft, edit=limit_change(draft.files), seen=draft.sha256, by=author, at=NOW)
    draft = propose(draft, seen=draft.sha256, by=author, at=NOW)
    publish(draft, seen=draft.sha256, by=second, at=NOW)
    kinds = list(Event.objects.filter(subject_kind="pack_draft").values_list("kind", flat=True))
    assert kinds == [
        *("pack_draft.started", "pack_draft.edited", "pack_draft.proposed", "pack_draft.sent_back"),
        *("pack_draft.edited", "pack_draft.proposed", "pack_draft.published"),
    ]
    sent_back = Event.objects.get(kind="pack_draft.sent_back")
    assert (sent_back.actor, sent_back.payload["note"]) == (second.actor, "The limit is missing.")
    assert not list(broken_chains())


def test_one_draft_is_open_at_a_time(draft: PackDraft, author: User, second: User) -> None:
    """PD-03: two would overwrite each other."""
    with pytest.raises(Refused) as refusal:
        start_draft("SG", note="x", by=second, at=NOW)
    assert codes_of(refusal) == {"PD-03"}
    withdraw(draft, note="Not this year.", by=second, at=NOW)
    assert start_draft("SG", note="x", by=second, at=NOW).version == f"{VERSION}-1"


def test_a_jurisdiction_without_a_pack_has_no_draft(author: User) -> None:
    """PD-02: a country begins as a folder."""
    with pytest.raises(Refused) as refusal:
        start_draft("ZZ", note="x", by=author, at=NOW)
    assert codes_of(refusal) == {"PD-02"}


def test_the_next_draft_goes_on_from_what_was_published(draft: PackDraft, author: User, second: User) -> None:
    """Golden cases and rows come along, the version counts on."""
    draft = proposed(draft, by=author)
    publish(draft, seen=draft.sha256, by=second, at=NOW)
    after = start_draft("SG", note="x", by=second, at=NOW)
    assert after.version == f"{VERSION}-2"
    assert {name for name in after.files if after.files[name] != draft.files[name]} == {"pack.toml"}


def test_a_file_is_put_back_as_it_is_published(draft: PackDraft, author: User) -> None:
    """The draft's own version stays."""
    first = dict(draft.files)
    draft = edit_draft(draft, edit=FileWritten("pack.toml", "x"), seen=draft.sha256, by=author, at=NOW)
    draft = edit_draft(draft, edit=FileRestored("pack.toml"), seen=draft.sha256, by=author, at=NOW)
    assert draft.files == first


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of Singapore's folder with a newer version."""
    shutil.copytree(REGULATIONS / "sg", tmp_path / "sg")
    path = tmp_path / "sg" / "pack.toml"
    path.write_text(path.read_text().replace(f'"{VERSION}"', '"2099.1.1"'))
    return tmp_path


def test_a_folder_does_not_undo_what_officers_published(
    draft: PackDraft, author: User, second: User, folder: Path
) -> None:
    """The officers' version stays law until the folder says that it has taken it in."""
    draft = proposed(draft, by=author)
    publish(draft, seen=draft.sha256, by=second, at=NOW)
    assert [(one.is_new, one.behind) for one in load_packs(folder)] == [(False, f"{VERSION}-1")]
    path = folder / "sg" / "pack.toml"
    path.write_text(f'takes_in = "{VERSION}-1"\n{path.read_text()}')
    assert [(one.is_new, one.behind) for one in load_packs(folder)] == [(True, "")]


def test_a_draft_of_a_superseded_pack_cannot_be_published(
    draft: PackDraft, author: User, second: User, folder: Path
) -> None:
    """PD-09: it would undo what was published since."""
    draft = proposed(draft, by=author)
    load_packs(folder)
    with pytest.raises(Refused) as refusal:
        publish(draft, seen=draft.sha256, by=second, at=NOW)
    assert codes_of(refusal) == {"PD-09"}
