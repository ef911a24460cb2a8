"""The sweep: ring again for what is due, so that a flushed broker or a lost message only delays."""

from django.db import connection

from swindow.events.bell import ring_all, waiting_rings


def overdue_queues() -> list[str]:
    """Return the queues that have a due delivery which nobody holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT queue FROM events_delivery
            WHERE done_at IS NULL AND dead_at IS NULL AND run_after <= clock_timestamp()
              AND (lease_until IS NULL OR lease_until < clock_timestamp())
            ORDER BY queue
            """
        )
        return [queue for (queue,) in cursor.fetchall()]


def sweep() -> list[str]:
    """Ring for every overdue queue whose last ring was heard already; return those queues."""
    silent = [queue for queue in overdue_queues() if not waiting_rings(queue)]
    ring_all(silent)
    return silent
