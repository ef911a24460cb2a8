"""Two at once: exactly one wins, the other is told who and when."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from declarations import lifecycle
from declarations.lifecycle import holds
from declarations.models import Declaration, Hold, Status
from inspection.lifecycle import DecidedAlready, Decision, decide, decide_as_officer, open_reviews
from inspection.models import Review
from swindow.events.models import Event
from tests import builders

pytestmark = pytest.mark.usefixtures("own_database")
TRIALS = 20


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads that start together; return results or exceptions in order."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def approve(key: int, authority: str) -> object:
    """Let an agency approve."""
    return decide([Decision(key, authority, True, "C00")], by=f"agency:{authority}", at=builders.NOW)


@pytest.fixture
def lodged() -> list[Declaration]:
    builders.reference_data()
    seller = builders.seller()
    drafts = [builders.draft(seller) for _ in range(TRIALS)]
    lifecycle.lodge([draft.pk for draft in drafts], by=seller, at=builders.NOW)
    open_reviews([draft.pk for draft in drafts], at=builders.NOW)
    return drafts


def test_of_two_officers_at_once_exactly_one_decides(lodged: list[Declaration]) -> None:
    customs = builders.organisation(kind="authority", name="Customs", authority="customs")
    anna, boris = builders.officer("customs", of=customs), builders.officer("customs", of=customs)
    for declaration in lodged:
        review = Review.objects.get(declaration=declaration, authority="customs")
        approval = Decision(declaration.pk, "customs", True, "C00")
        refusal = Decision(declaration.pk, "customs", False, "C21", "The goods are not as declared.")
        results = at_once(
            partial(decide_as_officer, review, decision=approval, officer=anna, at=builders.NOW),
            partial(decide_as_officer, review, decision=refusal, officer=boris, at=builders.NOW),
        )
        assert sorted(type(result).__name__ for result in results) == ["DecidedAlready", "NoneType"]
        loser = next(result for result in results if isinstance(result, DecidedAlready))
        assert loser.review.decided_by in (anna.actor, boris.actor)
        decided = Event.objects.filter(
            subject_id=declaration.pk, kind__in=("hold.lifted", "declaration.rejected")
        )
        assert decided.count() == 1


def test_two_agencies_that_lift_the_last_holds_at_once_release_once(lodged: list[Declaration]) -> None:
    keys = [declaration.pk for declaration in lodged]
    lifecycle.lift_holds(
        [lifecycle.Lifting(key, "tax", kind) for key in keys for kind in ("assessment", "payment")],
        by="agency:tax",
        at=builders.NOW,
    )
    for key in keys:
        results = at_once(*[partial(approve, key, authority) for authority in ("customs", "port")])
        assert not [result for result in results if isinstance(result, Exception)]
    assert Declaration.objects.filter(pk__in=keys, status=Status.RELEASED).count() == TRIALS
    assert Event.objects.filter(subject_id__in=keys, kind="declaration.released").count() == TRIALS
    assert not Hold.objects.filter(declaration__in=keys, lifted_at=None).exists()


def test_without_the_lock_goods_would_stay_held_or_the_chain_would_fork(
    lodged: list[Declaration], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counter-test: the same race with the lock removed does go wrong, so the test above can fail."""

    def read_without_lock(declaration_ids: list[int]) -> dict[int, str]:
        return dict(Declaration.objects.filter(pk__in=declaration_ids).values_list("pk", "status"))

    monkeypatch.setattr(holds, "lock", read_without_lock)
    monkeypatch.setattr("inspection.lifecycle.lock", read_without_lock)
    keys = [declaration.pk for declaration in lodged]
    lifecycle.lift_holds(
        [lifecycle.Lifting(key, "tax", kind) for key in keys for kind in ("assessment", "payment")],
        by="agency:tax",
        at=builders.NOW,
    )
    trouble: list[object] = []
    for key in keys:
        trouble += at_once(*[partial(approve, key, authority) for authority in ("customs", "port")])
    errors = [result for result in trouble if isinstance(result, Exception)]
    stuck = Declaration.objects.filter(pk__in=keys, status=Status.ACCEPTED).count()
    assert errors or stuck


def test_twenty_lodgings_at_once_accept_once(lodged: list[Declaration]) -> None:
    seller = lodged[0].created_by
    draft = builders.draft(seller)
    results = at_once(*[lambda: lifecycle.lodge([draft.pk], by=seller, at=builders.NOW) for _ in range(20)])
    accepted = [result for result in results if result == {}]
    assert len(accepted) == 1
    assert Event.objects.filter(subject_id=draft.pk, kind="declaration.accepted").count() == 1
