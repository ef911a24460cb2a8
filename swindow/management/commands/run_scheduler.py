"""The scheduler: a plain loop that sweeps, so that no beat and no broker is a single point of failure."""

import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from swindow.events.sweep import sweep
from swindow.periodic import PERIODIC

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Job:
    """A periodic function and when it is due, by the monotonic clock."""

    seconds: float
    path: str
    due_at: float = 0.0


class Command(BaseCommand):
    """Sweep overdue deliveries and do periodic work until told to stop."""

    help = "Ring again for overdue deliveries, every SWINDOW_SWEEP_SECONDS, until SIGTERM or SIGINT."

    def handle(self, *args: Any, **options: Any) -> None:
        """Loop; a database or broker that is away is waited for."""
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        jobs = [_Job(seconds, path) for seconds, path in PERIODIC]
        while not stopping.wait(settings.SWEEP_SECONDS):
            close_old_connections()
            _sweep_or_wait()
            _run_due(jobs)


def _sweep_or_wait() -> None:
    try:
        sweep()
    except DatabaseError as error:
        connection.close()
        log.warning("sweep_without_database", error=type(error).__name__)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("sweep_without_broker", error=type(error).__name__)


def _run_due(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        if job.due_at <= time.monotonic():
            _run(job)
            job.due_at = time.monotonic() + job.seconds


def _run(job: _Job) -> None:
    try:
        import_string(job.path)()
    except Exception:
        # One job's fault must not stop the sweep, without which goods wait.
        connection.close()
        log.exception("periodic_failed", job=job.path)
