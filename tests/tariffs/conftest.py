"""The law of the folders: these tests need no database."""

from collections.abc import Iterator

import pytest

from tariffs.exchange import no_tables, use_tables
from tariffs.exchange.published import published_tables
from tariffs.packs import folder_shelf, use_shelf
from tariffs.published import published_by_hash, published_shelf


@pytest.fixture(autouse=True)
def law_of_the_folders() -> Iterator[None]:
    """Take packs from the folders; the published rows come back after the test."""
    use_shelf(folder_shelf)
    use_tables(no_tables)
    yield
    use_tables(published_tables)
    use_shelf(published_shelf, by_hash=published_by_hash)
