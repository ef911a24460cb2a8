"""A published law, officers who may write it, and a draft of Singapore's next version."""

from collections.abc import Iterator

import pytest

from swindow.accounts.models import User
from tariffs.lifecycle import load_packs, start_draft
from tariffs.models import PackDraft
from tariffs.packs import use_shelf
from tariffs.published import forget, published_by_hash, published_shelf
from tests import builders


@pytest.fixture
def published_law(db: None, law_of_the_folders: None) -> Iterator[None]:
    """Work from the rows, and forget afterwards those that the test rolled back."""
    load_packs()
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
