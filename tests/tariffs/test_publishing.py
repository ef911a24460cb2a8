"""Packs as rows: published once, superseded, never edited; the engine works from them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from swindow.problems import Refused
from tariffs import published
from tariffs.assessment import assess, replay, to_snapshot
from tariffs.lifecycle import load_packs
from tariffs.models import RegulationPack
from tariffs.pack_parsing import REGULATIONS, folder_packs
from tariffs.packs import use_shelf
from tariffs.published import forget, published_by_hash, published_shelf
from tests.tariffs.facts import item, to_china

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published_law(law_of_the_folders: None) -> Iterator[None]:
    """Work from the rows, and forget afterwards those that the test rolled back."""
    use_shelf(published_shelf, by_hash=published_by_hash)
    forget()
    yield
    forget()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of China's pack that a test may change."""
    shutil.copytree(REGULATIONS / "cn", tmp_path / "cn")
    return tmp_path


def _change(folder: Path, old: str, new: str) -> None:
    path = folder / "cn" / "pack.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_folders_become_rows_once() -> None:
    """Loading twice publishes once."""
    folders = {texts.head["jurisdiction"] for texts in folder_packs()}
    assert {pack.jurisdiction for pack in load_packs() if pack.is_new} == folders
    assert not any(pack.is_new for pack in load_packs())
    assert RegulationPack.objects.current().count() == len(folders)


def test_a_new_version_supersedes_and_the_old_one_still_replays(folder: Path) -> None:
    """A bill of last year is computed again by the law of last year."""
    load_packs(folder)
    facts = to_china(item("85101000", "100"))
    before = assess(facts)
    snapshot = to_snapshot(facts, before)
    _change(folder, 'version = "2026.11.3"', 'version = "2026.12.1"')
    _change(folder, 'name = "relief_share"\nvalue = "0.7"', 'name = "relief_share"\nvalue = "0.8"')
    load_packs(folder)
    forget()
    assert assess(facts).totals.payable > before.totals.payable
    assert assess(facts).pack_version == "2026.12.1"
    assert replay(snapshot) == before
    old = RegulationPack.objects.get(version="2026.11.3")
    assert old.superseded_by == RegulationPack.objects.current().get()


def test_changed_content_under_a_used_version_is_refused(folder: Path) -> None:
    """Whoever changes the law raises its version."""
    load_packs(folder)
    _change(folder, 'value = "0.7"', 'value = "0.8"')
    with pytest.raises(Refused, match="Raise the version"):
        load_packs(folder)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tariffs_regulationpack SET content = '{}'",
        "UPDATE tariffs_regulationpack SET valid_to = '2030-01-01'",
        "DELETE FROM tariffs_regulationpack",
        "TRUNCATE tariffs_regulationpack",
    ],
)
def test_the_database_refuses_to_change_a_published_pack(statement: str) -> None:
    """Not by shell, not by admin, not by hand."""
    load_packs()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_superseded_pack_cannot_become_current_again(folder: Path) -> None:
    """Superseding happens once."""
    load_packs(folder)
    _change(folder, 'version = "2026.11.3"', 'version = "2026.12.1"')
    load_packs(folder)
    with pytest.raises(DatabaseError), transaction.atomic():
        RegulationPack.objects.filter(version="2026.11.3").update(superseded_by=None)


def test_assessing_asks_the_database_nothing_once_warm(
    django_assert_num_queries: object,
) -> None:
    """Rules are cached by version: no query a consignment, let alone a line."""
    load_packs()
    facts = to_china(*[item("85101000", "1") for _ in range(50)])
    assess(facts)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assess(facts)


def test_a_new_version_is_seen_within_seconds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every process looks at the rows again after a few seconds."""
    load_packs(folder)
    facts = to_china(item("85101000", "100"))
    assert assess(facts).pack_version == "2026.11.3"
    _change(folder, 'version = "2026.11.3"', 'version = "2026.12.1"')
    load_packs(folder)
    assert assess(facts).pack_version == "2026.11.3"
    monkeypatch.setattr(published, "LOOK_AGAIN_SECONDS", 0)
    assert assess(facts).pack_version == "2026.12.1"


def test_without_rows_the_folders_are_the_law() -> None:
    """A portal that has published nothing yet still explains itself."""
    assert assess(to_china(item("85101000", "100"))).pack_version == "2026.11.3"
