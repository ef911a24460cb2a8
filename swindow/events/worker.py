"""Claim due deliveries in batches under a lease and hand them to their handlers."""

import json
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from swindow.failpoints import reach

log = structlog.get_logger(__name__)

# A paper takes a fifth of a second, so a lease must not cover hundreds of them.
BATCHES = {"documents": 8}
_DRAIN_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event as its handlers see it."""

    id: int
    kind: str
    subject_id: int
    occurred_at: datetime
    actor: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery leased to this process until the lease runs out."""

    delivery_id: int
    handler: str
    attempts: int
    occurrence: Occurrence


class TryAgain(Exception):
    """The whole batch failed for a reason outside of its events, such as a network that is away."""


# What a handler could not finish yet: event id -> when to call again.
Later = Mapping[int, datetime]
Handler = Callable[[Sequence[Occurrence]], Later | None]


def drain_queue(queue: str) -> bool:
    """Work off the queue's due deliveries for at most twenty seconds; True when more may be due."""
    ends_at = time.monotonic() + _DRAIN_SECONDS
    while time.monotonic() < ends_at:
        if not work_batch(queue):
            return False
    return True


def work_batch(queue: str) -> int:
    """Claim one batch and run its handlers; return how many deliveries were claimed."""
    reach("before_claim")
    token = secrets.randbits(62)
    claims = _claim(queue, token=token)
    if not claims:
        return 0
    reach("after_claim")
    by_handler: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_handler[claim.handler].append(claim)
    for path, batch in by_handler.items():
        _run(path, batch, token=token)
    return len(claims)


def _claim(queue: str, *, token: int) -> list[Claim]:
    batch = BATCHES.get(queue, settings.DELIVERY_BATCH)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH due AS (
                SELECT id FROM events_delivery
                WHERE queue = %s AND done_at IS NULL AND dead_at IS NULL
                  AND run_after <= clock_timestamp()
                  AND (lease_until IS NULL OR lease_until < clock_timestamp())
                ORDER BY run_after, id LIMIT %s FOR UPDATE SKIP LOCKED
            ), leased AS (
                UPDATE events_delivery AS delivery
                SET lease_until = clock_timestamp() + make_interval(secs => %s),
                    lease_token = %s, attempts = attempts + 1
                FROM due WHERE delivery.id = due.id
                RETURNING delivery.id, delivery.handler, delivery.attempts, delivery.event_id
            )
            SELECT leased.id, leased.handler, leased.attempts, event.id, event.kind,
                   event.subject_id, event.occurred_at, event.actor, event.payload::text
            FROM leased JOIN events_event AS event ON event.id = leased.event_id
            ORDER BY event.id
            """,
            [queue, batch, settings.DELIVERY_LEASE.total_seconds(), token],
        )
        return [_as_claim(row) for row in cursor.fetchall()]


def _as_claim(row: Sequence[Any]) -> Claim:
    delivery_id, handler, attempts, event_id, kind, subject_id, occurred_at, actor, payload = row
    occurrence = Occurrence(event_id, kind, subject_id, occurred_at, actor, json.loads(payload))
    return Claim(delivery_id, handler, attempts, occurrence)


def _run(path: str, batch: Sequence[Claim], *, token: int) -> None:
    handler: Handler = import_string(path)
    try:
        later = handler([claim.occurrence for claim in batch]) or {}
    except TryAgain as error:
        for claim in batch:
            _fail(claim, error, token=token)
        return
    except Exception as error:
        if len(batch) == 1:
            _fail(batch[0], error, token=token)
            return
        # One poisoned event must not stop its neighbours: try each alone.
        for claim in batch:
            _run(path, [claim], token=token)
        return
    reach("after_commit")
    finished = [claim.delivery_id for claim in batch if claim.occurrence.id not in later]
    _finish(finished, token=token)
    _postpone([claim for claim in batch if claim.occurrence.id in later], later, token=token)


def _finish(delivery_ids: Sequence[int], *, token: int) -> None:
    if not delivery_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE events_delivery
            SET done_at = clock_timestamp(), lease_until = NULL, lease_token = NULL
            WHERE id = ANY(%s) AND lease_token = %s
            """,
            [list(delivery_ids), token],
        )


def _postpone(claims: Sequence[Claim], later: Later, *, token: int) -> None:
    if not claims:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE events_delivery AS delivery
            SET run_after = wish.at, lease_until = NULL, lease_token = NULL, attempts = attempts - 1
            FROM unnest(%s::bigint[], %s::timestamptz[]) AS wish (id, at)
            WHERE delivery.id = wish.id AND delivery.lease_token = %s
            """,
            [
                [claim.delivery_id for claim in claims],
                [later[claim.occurrence.id] for claim in claims],
                token,
            ],
        )


def _fail(claim: Claim, error: Exception, *, token: int) -> None:
    is_last = claim.attempts >= settings.DELIVERY_MAX_ATTEMPTS
    log.error(
        "delivery_failed", exc_info=error, handler=claim.handler, event_id=claim.occurrence.id, dead=is_last
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE events_delivery
            SET lease_until = NULL, lease_token = NULL, last_error = %s,
                dead_at = CASE WHEN %s THEN clock_timestamp() END,
                run_after = clock_timestamp() + make_interval(secs => %s)
            WHERE id = %s AND lease_token = %s
            """,
            [
                f"{type(error).__name__}: {error}"[:2000],
                is_last,
                _backoff_seconds(claim.attempts),
                claim.delivery_id,
                token,
            ],
        )


def _backoff_seconds(attempts: int) -> float:
    """Wait 1, 2, 4 … seconds, at most five minutes, with jitter so that retries do not march in step."""
    return float(min(300, 2 ** (attempts - 1)) * (0.75 + secrets.randbelow(500) / 1000))
