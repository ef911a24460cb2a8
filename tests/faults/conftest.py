"""One laboratory for all fault tests: starting it costs more than most of them."""

import os
from collections.abc import Iterator

import pytest

from tests.faults.laboratory import ROOT, Laboratory


@pytest.fixture(scope="session")
def running_laboratory() -> Iterator[Laboratory]:
    """A private PostgreSQL, Valkey and portal; nothing of it is shared with another test."""
    laboratory = Laboratory(ROOT / "var" / "test" / f"faults-{os.getpid()}")
    try:
        laboratory.prepare()
        yield laboratory
    finally:
        laboratory.close()


@pytest.fixture
def laboratory(running_laboratory: Laboratory) -> Iterator[Laboratory]:
    """The laboratory, whose servers run and whose books balance before and after the test."""
    running_laboratory.start_servers()
    running_laboratory.said.clear()
    yield running_laboratory
    running_laboratory.start_servers()
