"""The doorbell: a message that says "look into the table"; losing one costs a second, never a decision."""

import time
from collections.abc import Iterable
from functools import cache
from typing import Any

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
# Somebody waits for his page while it rings, and the sweep rings anyway: measured without these
# limits, a broker that hangs cost a request 10 s and one that is down 6 s.
_IMPATIENT = {"socket_connect_timeout": 0.1, "socket_timeout": 0.1, "max_retries": 0}


class _Silence:
    """Until when (monotonic seconds) this process leaves a broker alone that did not answer."""

    until = 0.0


def ring_all(queues: Iterable[str]) -> None:
    """Ring for each queue; no request waits for a broker that is down: it is left alone for five seconds."""
    if time.monotonic() < _Silence.until:
        return
    try:
        with producers[_connection()].acquire(block=True) as producer:
            for queue in sorted(queues):
                app.send_task(
                    TASK, args=[queue], queue=queue, retry=False, ignore_result=True, producer=producer
                )
    except (OperationalError, RedisError, OSError) as error:
        _Silence.until = time.monotonic() + _QUIET_SECONDS
        log.warning("broker_unreachable", error=type(error).__name__)


def waiting_rings(queue: str) -> int:
    """Return how many rings wait unheard in the broker for this queue."""
    with app.connection_for_write(connect_timeout=settings.BROKER_TIMEOUT) as connection:
        channel: Any = connection.default_channel  # Redis behind it, which the types do not know
        return int(channel.client.llen(queue))


@cache
def _connection() -> Connection:
    return app.connection_for_write(transport_options=_IMPATIENT)
