"""PostgreSQL is restarted under load: what was acknowledged is there, and everybody comes back by himself."""

import itertools
import signal
import threading
import time

import httpx
import pytest

from tests.faults.books import assert_books_balance, assert_cleared_once
from tests.faults.laboratory import WORKERS, Laboratory, names

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]

LONGEST_GAP = 15
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT


def test_a_restarted_database_loses_nothing_that_was_acknowledged(laboratory: Laboratory) -> None:
    laboratory.start(*names())
    laboratory.wait_until(lambda: laboratory.ready_workers() == len(WORKERS), seconds=60)
    before = {name: laboratory.pid(name) for name in names()}
    with laboratory.busy_seller(), Visitor(laboratory.address) as visitor:
        for way in (FAST, IMMEDIATE):
            more = len(laboratory.acknowledged()) + 5
            laboratory.wait_until(lambda more=more: len(laboratory.acknowledged()) >= more, seconds=30)
            laboratory.restart_database(way)
        more = len(laboratory.acknowledged()) + 5
        laboratory.wait_until(lambda: len(laboratory.acknowledged()) >= more, seconds=30)
        laboratory.wait_until(visitor.is_served, seconds=LONGEST_GAP)
    laboratory.wait_until(laboratory.is_idle, seconds=120)
    # Nobody was restarted: every process found its way back.
    assert {name: laboratory.pid(name) for name in names()} == before
    assert visitor.problems() == []
    assert visitor.longest_gap() <= LONGEST_GAP
    assert_cleared_once(laboratory, laboratory.acknowledged())
    assert_books_balance(laboratory)


class Visitor:
    """Somebody who asks for a page ten times a second and notes each answer."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._answers: list[tuple[float, int, str]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._visit)

    def __enter__(self) -> "Visitor":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def is_served(self) -> bool:
        """Tell whether the newest answer is a page."""
        return bool(self._answers) and self._answers[-1][1] == 200

    def problems(self) -> list[tuple[int, str]]:
        """Return the answers that are neither a page nor an honest 503 with Retry-After."""
        return [
            (status, body)
            for _, status, body in self._answers
            if status != 200 and not (status == 503 and body == "retry")
        ]

    def longest_gap(self) -> float:
        """Return the longest time without a page, in seconds."""
        served = [at for at, status, _ in self._answers if status == 200]
        return max(later - earlier for earlier, later in itertools.pairwise(served))

    def _visit(self) -> None:
        with httpx.Client(base_url=self._address, timeout=30, trust_env=False) as client:
            while not self._stop.wait(0.1):
                answer = client.get("/readyz")
                body = "retry" if "Retry-After" in answer.headers else answer.text[:2000]
                self._answers.append((time.monotonic(), answer.status_code, body))
