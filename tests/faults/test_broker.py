"""The broker is a doorbell: flushed, killed, hanging or never rung, it only delays."""

import os
import signal
import time

import pytest

from tests.faults.books import assert_books_balance, assert_cleared_once, assert_refused_once
from tests.faults.laboratory import WORKERS, Laboratory

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]

# Open the reviews, request the charge, tell the buyer.
JOBS_EACH = 3
LODGED = 70
JOBS = LODGED * JOBS_EACH
GOOD = 15
DONE_WITHIN = 300


def test_a_flushed_broker_with_200_jobs_queued_loses_none(laboratory: Laboratory) -> None:
    laboratory.stop()
    laboratory.start("web")
    # Papers take the longest of all that follows, so most are refused.
    good = laboratory.seller("lodge", str(GOOD))
    bad = laboratory.seller("lodge", str(LODGED - GOOD), "--false-invoice")
    assert open_jobs(laboratory) == JOBS
    assert laboratory.rings() > 0
    laboratory.broker().flushall()
    laboratory.start(*WORKERS)
    laboratory.wait_until(lambda: laboratory.ready_workers() == len(WORKERS), seconds=60)
    time.sleep(2)
    # The counter-test: nobody sweeps, so nobody works.
    assert open_jobs(laboratory) == JOBS
    laboratory.start("scheduler")
    laboratory.wait_until(laboratory.is_idle, seconds=DONE_WITHIN)
    assert_cleared_once(laboratory, good)
    assert_refused_once(laboratory, bad)
    assert_books_balance(laboratory)


def test_a_ring_lost_between_commit_and_broker_is_found_by_the_sweep(laboratory: Laboratory) -> None:
    laboratory.start_everything()
    laboratory.stop("scheduler")
    ids = laboratory.seller_who_dies()
    time.sleep(2)
    assert open_jobs(laboratory) == JOBS_EACH, "only the sweep may find it"
    laboratory.start("scheduler")
    laboratory.wait_until(laboratory.is_idle, seconds=60)
    assert_cleared_once(laboratory, ids)
    assert_books_balance(laboratory)


def test_a_broker_killed_and_restarted_under_busy_workers_needs_no_hand(laboratory: Laboratory) -> None:
    laboratory.start_everything()
    with laboratory.busy_seller():
        laboratory.wait_until(lambda: len(laboratory.acknowledged()) >= 5, seconds=30)
        laboratory.kill_broker()
        before = len(laboratory.acknowledged())
        # Nobody waits for the broker: the seller goes on while it is away.
        laboratory.wait_until(lambda: len(laboratory.acknowledged()) >= before + 5, seconds=10)
        laboratory.start_servers()
        before = len(laboratory.acknowledged())
        laboratory.wait_until(lambda: len(laboratory.acknowledged()) >= before + 5, seconds=30)
    laboratory.wait_until(laboratory.is_idle, seconds=DONE_WITHIN)
    laboratory.wait_until(lambda: laboratory.ready_workers() == len(WORKERS), seconds=60)
    assert_cleared_once(laboratory, laboratory.acknowledged())
    assert_books_balance(laboratory)


def test_a_broker_that_hangs_holds_up_no_seller(laboratory: Laboratory) -> None:
    laboratory.start_everything()
    with laboratory.busy_seller():
        laboratory.wait_until(lambda: len(laboratory.acknowledged()) >= 2, seconds=30)
        broker = laboratory.servers.broker_pid
        assert broker is not None
        os.kill(broker, signal.SIGSTOP)
        try:
            before = len(laboratory.acknowledged())
            seconds = laboratory.wait_until(lambda: len(laboratory.acknowledged()) >= before + 3, seconds=30)
        finally:
            os.kill(broker, signal.SIGCONT)
    # Three declarations, one of which meets the hanging broker.
    assert seconds < 3
    laboratory.wait_until(laboratory.is_idle, seconds=DONE_WITHIN)
    assert_cleared_once(laboratory, laboratory.acknowledged())
    assert_books_balance(laboratory)


def open_jobs(laboratory: Laboratory) -> int:
    """Return how many deliveries are still to do."""
    return int(laboratory.one("SELECT count(*) FROM events_delivery WHERE done_at IS NULL"))
