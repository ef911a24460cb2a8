"""A killed process costs time and nothing else: one decision, one number a paper, one charge."""

import random
import time
from pathlib import Path

import pytest

from swindow.failpoints import POINTS
from tests.faults.books import assert_books_balance, assert_cleared_once
from tests.faults.laboratory import WORKERS, Laboratory, names

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]

DONE_WITHIN = 120
# Each worker dies at its first point, and its next life at the second.
DEATHS = {
    "worker-notify": ("after_commit", "after_claim"),
    "worker-customs": ("before_claim", "in_transaction"),
    "worker-tax": ("after_claim", "after_agency_call"),
    "worker-quarantine": ("after_agency_call", "after_commit"),
    "worker-port": ("in_transaction", "before_claim"),
    "worker-documents": ("during_document", "after_claim"),
}


def test_the_deaths_are_at_every_point_and_at_least_ten() -> None:
    points = [point for both in DEATHS.values() for point in both]
    assert set(points) == set(POINTS)
    assert len(points) >= 10
    # No declaration passes the trade register.
    assert set(DEATHS) == set(WORKERS) - {"worker-registry"}


def test_a_worker_killed_at_any_point_of_a_review_decides_once(laboratory: Laboratory) -> None:
    laboratory.stop()
    deaths = Deaths(laboratory)
    laboratory.start_everything()
    ids = laboratory.seller("lodge", "6")
    seconds = laboratory.wait_until(lambda: deaths.are_over() and laboratory.is_idle(), seconds=DONE_WITHIN)
    assert seconds < DONE_WITHIN
    assert len(laboratory.said) == sum(map(len, DEATHS.values())), laboratory.said
    assert_cleared_once(laboratory, ids)
    assert_books_balance(laboratory)


def test_processes_killed_at_any_moment_from_outside_do_everything_once(laboratory: Laboratory) -> None:
    laboratory.start_everything()
    ids = laboratory.seller("lodge", "12")
    moments = random.Random(20261123)
    # The web server's parent and the scheduler among them.
    victims = moments.sample(names(), k=len(names()))
    for victim in victims:
        until = time.monotonic() + moments.uniform(0.05, 1.2)
        laboratory.wait_until(lambda until=until: time.monotonic() >= until, seconds=5)
        laboratory.kill(victim)
    laboratory.wait_until(laboratory.is_idle, seconds=DONE_WITHIN)
    assert_cleared_once(laboratory, ids)
    assert_books_balance(laboratory)


class Deaths:
    """Sets each worker's next failpoint as soon as the one before has killed it."""

    def __init__(self, laboratory: Laboratory) -> None:
        self._laboratory = laboratory
        self._left = {name: list(points) for name, points in DEATHS.items()}
        self._tokens: dict[str, Path] = {}
        for name in DEATHS:
            self._set_next(name)

    def are_over(self) -> bool:
        """Tell whether every worker died at all its points; called often, it sets the next ones."""
        for name, token in list(self._tokens.items()):
            if not token.exists():
                self._set_next(name)
        return not self._tokens

    def _set_next(self, name: str) -> None:
        self._tokens.pop(name, None)
        if self._left[name]:
            point = self._left[name].pop(0)
            self._tokens[name] = self._laboratory.set_failpoint(name, point=point)
