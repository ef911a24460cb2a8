"""The laboratory, put in order before and after each fault test; it itself is in the common conftest."""

from collections.abc import Iterator

import pytest

from tests.faults.laboratory import Laboratory


@pytest.fixture
def laboratory(running_laboratory: Laboratory) -> Iterator[Laboratory]:
    """The laboratory, whose servers run and whose books balance before and after the test."""
    running_laboratory.start_servers()
    running_laboratory.said.clear()
    yield running_laboratory
    running_laboratory.start_servers()
