"""A published law, officers who may write it, and a draft of Singapore's next version."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from swindow.accounts.models import User
from tariffs.lifecycle import load_packs, start_draft
from tariffs.models import PackDraft
from tariffs.pack_parsing import REGULATIONS
from tariffs.packs import use_shelf
from tariffs.published import forget, published_by_hash, published_shelf
from tests import builders


@pytest.fixture(scope="session")
def two_folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of Singapore and Australia alone: what a draft does to one, the other does not feel."""
    root = tmp_path_factory.mktemp("regulations")
    for name in ("sg", "au"):
        shutil.copytree(REGULATIONS / name, root / name)
    return root


@pytest.fixture
def published_law(db: None, law_of_the_folders: None, two_folders: Path) -> Iterator[None]:
    """Work from the rows, and forget afterwards those that the test rolled back."""
    load_packs(two_folders)
    use_shelf(published_shelf, by_hash=published_by_hash)
    forget()
    yield
    forget()


@pytest.fixture
def author(db: None) -> User:
    """The officer who writes."""
    return builders.officer("customs")


@pytest.fixture
def second(db: None) -> User:
    """The officer who publishes."""
    return builders.officer("tax")


@pytest.fixture
def draft(published_law: None, author: User) -> PackDraft:
    """A draft of Singapore's next version, nothing changed yet."""
    return start_draft("SG", note="GST rises on 1 January.", by=author, at=builders.NOW)
