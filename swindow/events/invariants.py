"""Is every duty of the outbox being done? One sentence a finding, for `manage.py check_invariants`."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import connection

from swindow.events.chain import broken_chains


def findings() -> Iterator[str]:
    """Yield broken audit chains, deliveries given up, and leases that nobody took over."""
    yield from broken_chains()
    yield from _dead_deliveries()
    yield from _forgotten_leases()


def _dead_deliveries() -> Iterator[str]:
    yield from _rows(
        """
        SELECT format('delivery %%s: %%s was given up after %%s attempts: %%s',
                      delivery.id, delivery.handler, delivery.attempts, left(delivery.last_error, 200))
        FROM events_delivery AS delivery WHERE delivery.dead_at IS NOT NULL ORDER BY delivery.id
        """,
        [],
    )


def _forgotten_leases() -> Iterator[str]:
    # Two leases beyond its end a sweep must long have rung and a worker have taken it over.
    yield from _rows(
        """
        SELECT format('delivery %%s: the lease of %%s ran out at %%s and nobody took over',
                      delivery.id, delivery.handler, delivery.lease_until)
        FROM events_delivery AS delivery
        WHERE delivery.done_at IS NULL AND delivery.dead_at IS NULL
          AND delivery.lease_until < clock_timestamp() - 2 * make_interval(secs => %s)
        ORDER BY delivery.id
        """,
        [settings.DELIVERY_LEASE.total_seconds()],
    )


def _rows(statement: str, parameters: Sequence[float]) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(1000):
            yield from (sentence for (sentence,) in rows)
