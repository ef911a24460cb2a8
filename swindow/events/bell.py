"""The doorbell: a message that says "look into the table"; losing one costs a second, never a decision."""

import time
from collections.abc import Iterable
from functools import cache

import structlog
from django.conf import settings
from kombu import Connection
from kombu.exceptions import OperationalError
from kombu.pools import producers
from redis.exceptions import RedisError

from swindow.celery import app

log = structlog.get_logger(__name__)

TASK = "swindow.events.tasks.drain"
_QUIET_SECONDS = 5.0


class _Silence:
    """Until when (monotonic seconds) this process leaves a broker alone that did not answer."""

    until = 0.0


def ring_all(queues: Iterable[str]) -> None:
    """Ring for each queue; no request waits for a broker that is down: it is left alone for five seconds."""
    if time.monotonic() < _Silence.until:
        return
    for queue in sorted(queues):
        try:
            app.send_task(TASK, args=[queue], queue=queue, retry=False, ignore_result=True)
        except (OperationalError, OSError) as error:
            _Silence.until = time.monotonic() + _QUIET_SECONDS
            log.warning("broker_unreachable", queue=queue, error=type(error).__name__)
            return


def waiting_rings(queue: str) -> int:
    """Return how many rings wait unheard in the broker for this queue."""
    with app.connection_for_write(connect_timeout=settings.BROKER_TIMEOUT) as connection:
        return int(connection.default_channel.client.llen(queue))


@cache
def _connection() -> Connection:
    return app.connection_for_write(transport_options=_IMPATIENT)
