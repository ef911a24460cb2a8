"""Tests that share a running portal are run by one worker; on two, each would start a portal of its own."""

import os

import pytest


@pytest.mark.xdist_group("together")
def test_a_group_is_known_to_who_shares_the_tests_out(request: pytest.FixtureRequest) -> None:
    is_shared_out = "PYTEST_XDIST_WORKER" in os.environ
    assert request.node.nodeid.endswith("@together") == is_shared_out
