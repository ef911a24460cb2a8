"""The scheduler: a plain loop that sweeps, so that no beat and no broker is a single point of failure."""

import signal
import threading
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from swindow.events.sweep import sweep

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """Sweep overdue deliveries until told to stop."""

    help = "Ring again for overdue deliveries, every SWINDOW_SWEEP_SECONDS, until SIGTERM or SIGINT."

    def handle(self, *args: Any, **options: Any) -> None:
        """Loop; a database or broker that is away is waited for."""
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        while not stopping.wait(settings.SWEEP_SECONDS):
            close_old_connections()
            _sweep_or_wait()


def _sweep_or_wait() -> None:
    try:
        sweep()
    except DatabaseError as error:
        connection.close()
        log.warning("sweep_without_database", error=type(error).__name__)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("sweep_without_broker", error=type(error).__name__)
