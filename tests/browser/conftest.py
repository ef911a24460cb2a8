"""One portal for all browser tests; the browser itself is in the common conftest."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.portal import Portal
from tests.servers import ROOT

PICTURES = ROOT / "var" / "test" / "pictures"


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """A running portal whose customs are people; nothing of it is shared with another test."""
    portal = Portal(ROOT / "var" / "test" / f"browser-{os.getpid()}")
    try:
        portal.prepare()
        portal.leave_customs_to_officers()
        portal.open()
        yield portal
    finally:
        portal.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where pictures of the stations are kept."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES
