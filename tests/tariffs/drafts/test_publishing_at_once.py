"""Two publishers at once: exactly one makes law, the other is told."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from swindow.accounts.models import User
from swindow.events.models import Event
from swindow.problems import Refused
from tariffs.lifecycle import edit_draft, load_packs, propose, publish, start_draft, withdraw
from tariffs.models import DraftStatus, PackDraft, RegulationPack
from tariffs.pack_parsing import REGULATIONS
from tests import builders
from tests.races.test_decisions import at_once
from tests.tariffs.drafts.rows import gst_rise

pytestmark = pytest.mark.usefixtures("own_database")
NOW = builders.NOW
TRIALS = 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(REGULATIONS / "sg", tmp_path / "sg")
    return tmp_path


def proposed(author: User) -> PackDraft:
    """Propose that GST rises a little more, which no version did before."""
    draft = start_draft("SG", note="GST rises.", by=author, at=NOW)
    text = draft.files["rates.csv"]
    edit = gst_rise(draft.files) if ",10%," not in text else None
    if edit:
        draft = edit_draft(draft, edit=edit, seen=draft.sha256, by=author, at=NOW)
    return propose(draft, seen=draft.sha256, by=author, at=NOW)


def test_of_two_publishers_at_once_exactly_one_makes_law(folder: Path) -> None:
    load_packs(folder)
    author, anna, boris = (builders.officer(authority) for authority in ("customs", "customs", "tax"))
    for trial in range(1, TRIALS + 1):
        draft = proposed(author)
        results = at_once(
            *[partial(publish, draft, seen=draft.sha256, by=person, at=NOW) for person in (anna, boris)]
        )
        assert sorted(type(result).__name__ for result in results) == ["Refused", "RegulationPack"]
        loser = next(result for result in results if isinstance(result, Refused))
        assert {problem.code for problem in loser.problems} == {"PD-04"}
        assert RegulationPack.objects.filter(jurisdiction="SG").count() == trial + 1
        assert RegulationPack.objects.current().filter(jurisdiction="SG").count() == 1
    assert Event.objects.filter(kind="pack_draft.published").count() == TRIALS


def test_publishing_and_withdrawing_at_once_end_in_one_of_both(folder: Path) -> None:
    load_packs(folder)
    author, anna, boris = (builders.officer(authority) for authority in ("customs", "customs", "tax"))
    for _trial in range(TRIALS):
        draft = proposed(author)
        before = RegulationPack.objects.count()
        results = at_once(
            partial(publish, draft, seen=draft.sha256, by=anna, at=NOW),
            partial(withdraw, draft, note="No.", by=boris, at=NOW),
        )
        assert sum(isinstance(result, Refused) for result in results) == 1, results
        draft.refresh_from_db()
        is_law = draft.status == DraftStatus.PUBLISHED
        assert RegulationPack.objects.count() == before + is_law


def test_without_the_locks_the_loser_gets_no_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The counter-test: unlocked, both pass the check, and only the database stops the second."""

    def read_without_lock(draft: PackDraft, **_wish: object) -> PackDraft:
        return PackDraft.objects.select_related("based_on").get(pk=draft.pk)

    monkeypatch.setattr("tariffs.lifecycle.drafts.lock_publishing", lambda: None)
    monkeypatch.setattr("tariffs.lifecycle.drafts._locked", read_without_lock)
    load_packs(folder)
    author, anna, boris = (builders.officer(authority) for authority in ("customs", "customs", "tax"))
    surprises: list[object] = []
    for _trial in range(TRIALS):
        draft = proposed(author)
        results = at_once(
            *[partial(publish, draft, seen=draft.sha256, by=person, at=NOW) for person in (anna, boris)]
        )
        surprises += [one for one in results if isinstance(one, Exception) and not isinstance(one, Refused)]
        assert RegulationPack.objects.current().filter(jurisdiction="SG").count() == 1
    assert surprises
