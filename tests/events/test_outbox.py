"""The outbox: events need the transaction of their change; chains bind; rows are the truth."""

from datetime import timedelta

import psycopg2
import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from swindow.events import worker
from swindow.events.chain import broken_chains
from swindow.events.models import Delivery, Event
from swindow.events.outbox import NewEvent, record
from swindow.events.sweep import overdue_queues
from swindow.subscriptions import SUBSCRIPTIONS
from tests import builders, servers

pytestmark = pytest.mark.usefixtures("own_database")

KIND = "declaration.accepted"


@pytest.fixture(autouse=True)
def two_listeners(monkeypatch: pytest.MonkeyPatch) -> None:
    """One handler on the queue notify and one on tax, whoever else listens in the portal."""
    listeners = (
        ("notify", "inspection.handlers.open_reviews"),
        ("tax", "declarations.handlers.charge_deferment_accounts"),
    )
    monkeypatch.setitem(SUBSCRIPTIONS, KIND, listeners)


def announce(*subjects: int) -> None:
    with transaction.atomic():
        record([NewEvent("declaration", key, KIND, "user:1", {"n": 1}) for key in subjects], at=builders.NOW)


def test_an_event_cannot_be_recorded_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record([NewEvent("declaration", 1, "declaration.drafted", "user:1")], at=builders.NOW)


def test_an_event_of_a_transaction_that_fails_was_never_there() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record([NewEvent("declaration", 1, KIND, "user:1")], at=builders.NOW)
        raise ZeroDivisionError
    assert not Event.objects.exists()
    assert not Delivery.objects.exists()


def test_events_of_one_subject_form_a_chain_also_within_one_call() -> None:
    announce(7, 7, 8)
    announce(7)
    assert list(Event.objects.filter(subject_id=7).order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]
    assert list(broken_chains()) == []


def test_a_change_by_the_owner_of_the_tables_is_found(own_database: str) -> None:
    announce(7, 7, 8)
    assert list(broken_chains()) == []
    run_as_owner(
        own_database,
        "ALTER TABLE events_event DISABLE TRIGGER USER",
        "UPDATE events_event SET payload = '{\"n\": 2}' WHERE subject_id = 7 AND seq = 1",
    )
    assert list(broken_chains()) == ["audit: declaration:7 #1 was altered"]


def test_an_event_missing_in_the_middle_is_found(own_database: str) -> None:
    announce(7, 7, 7)
    run_as_owner(
        own_database,
        "ALTER TABLE events_event DISABLE TRIGGER USER",
        "DELETE FROM events_delivery",
        "DELETE FROM events_event WHERE seq = 2",
    )
    assert list(broken_chains()) == ["audit: declaration:7 #3 does not follow #1"]


def run_as_owner(database: str, *statements: str) -> None:
    """Do what the application's role cannot."""
    owner = psycopg2.connect(servers.database_url(database, role="DATABASE_OWNER_URL"))
    with owner, owner.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    owner.close()


def test_a_poisoned_event_does_not_stop_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    announce(1, 2, 3)
    seen: list[int] = []

    def handle(events: list[worker.Occurrence]) -> None:
        if any(event.subject_id == 2 for event in events):
            raise ValueError("poison")
        seen.extend(event.subject_id for event in events)

    monkeypatch.setattr(worker, "import_string", lambda path: handle)
    worker.work_batch("notify")
    assert seen == [1, 3]
    failed = Delivery.objects.get(event__subject_id=2, queue="notify")
    assert (failed.attempts, failed.done_at, failed.dead_at) == (1, None, None)
    assert failed.last_error == "ValueError: poison"
    assert failed.run_after > timezone.now()


def test_a_delivery_that_always_fails_is_put_aside_for_a_person(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    announce(1)
    settings.DELIVERY_MAX_ATTEMPTS = 2
    monkeypatch.setattr(worker, "_backoff_seconds", lambda attempts: 0.0)
    monkeypatch.setattr(worker, "import_string", lambda path: lambda events: 1 / 0)
    for _ in range(3):
        worker.work_batch("notify")
    delivery = Delivery.objects.get(queue="notify")
    assert delivery.attempts == 2
    assert delivery.dead_at is not None


def test_postponing_is_not_an_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    announce(1)
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(worker, "import_string", lambda path: lambda events: {events[0].id: later})
    worker.work_batch("notify")
    delivery = Delivery.objects.get(queue="notify")
    assert (delivery.attempts, delivery.run_after, delivery.lease_token) == (0, later, None)
    assert overdue_queues() == ["tax"]


def test_a_leased_delivery_is_free_again_when_its_lease_ran_out(settings: Settings) -> None:
    announce(1)
    settings.DELIVERY_LEASE = timedelta(seconds=30)
    assert len(worker._claim("notify", token=1)) == 1
    assert worker._claim("notify", token=2) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_delivery SET lease_until = clock_timestamp() - interval '1 second'"
            " WHERE lease_token = 1"
        )
    assert len(worker._claim("notify", token=3)) == 1
    worker._finish([Delivery.objects.get(queue="notify").pk], token=1)
    assert Delivery.objects.get(queue="notify").done_at is None, (
        "a worker that lost its lease finishes nothing"
    )


def test_a_network_that_is_away_is_not_asked_for_each_event_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    announce(1, 2, 3)
    calls: list[int] = []

    def handle(events: list[worker.Occurrence]) -> None:
        calls.append(len(events))
        raise worker.TryAgain("away")

    monkeypatch.setattr(worker, "import_string", lambda path: handle)
    worker.work_batch("notify")
    assert calls == [3]
    assert set(Delivery.objects.filter(queue="notify").values_list("attempts", flat=True)) == {1}
