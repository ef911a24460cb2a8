"""PostgreSQL is restarted under load: what was acknowledged is there, and everybody comes back by himself."""

import signal

import pytest

from tests.faults.books import assert_books_balance, assert_cleared_once
from tests.faults.laboratory import Laboratory, names
from tests.faults.platform import Platform

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]

LONGEST_GAP = 15
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT


def test_a_restarted_database_loses_nothing_that_was_acknowledged(laboratory: Laboratory) -> None:
    laboratory.start_everything()
    before = {name: laboratory.pid(name) for name in names()}
    with Platform(laboratory.address, token=laboratory.token, file=laboratory.file) as platform:
        for way in (FAST, IMMEDIATE):
            wait_for_more(laboratory, platform)
            laboratory.stop_database(way)
            # Long enough that requests and workers meet it.
            outages = platform.outages
            laboratory.wait_until(lambda outages=outages: platform.outages > outages + 1, seconds=10)
            laboratory.start_servers()
        wait_for_more(laboratory, platform)
    laboratory.wait_until(laboratory.is_idle, seconds=120)
    assert platform.problems == []
    assert platform.longest_gap() <= LONGEST_GAP
    # Nobody was restarted: every process found its way back.
    assert {name: laboratory.pid(name) for name in names()} == before
    kept = laboratory.ids_of(platform.acknowledged)
    assert len(kept) == len(platform.acknowledged)
    assert_cleared_once(laboratory, kept, holds=4)
    assert_books_balance(laboratory)


def wait_for_more(laboratory: Laboratory, platform: Platform) -> None:
    """Wait until five more declarations are acknowledged."""
    more = len(platform.acknowledged) + 5
    laboratory.wait_until(lambda: len(platform.acknowledged) >= more, seconds=60)
