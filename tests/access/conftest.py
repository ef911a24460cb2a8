"""The world and a trial in it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from declarations.views import buyer as buyer_page
from swindow.accounts.signing_in import middleware
from swindow.documents import views as verification_views
from swindow.documents.throttle import Bucket
from tests.access.trial import Trial
from tests.access.world import World, build


@pytest.fixture
def world(own_files: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The world, with files of its own and without the limit on public look-ups."""
    wide = Bucket(per_second=10_000, burst=10_000)
    for public in (verification_views, buyer_page):
        monkeypatch.setattr(public, "_LOOK_UPS", (wide, wide))
    # What takes equally long for everybody has a test of its own; here it would only wait.
    monkeypatch.setattr(middleware, "_EVEN_SECONDS", {})
    # Thousands of refusals are expected here; their logs would take half of the time.
    logging.disable(logging.CRITICAL)
    yield build()
    logging.disable(logging.NOTSET)


@pytest.fixture
def trial(world: World) -> Trial:
    """A trial in the world."""
    return Trial(world)
