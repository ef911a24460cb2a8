"""Record events: the audit chain and the deliveries are written in the caller's transaction."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from swindow.copying import copy_rows, id_sequence, next_ids
from swindow.events.bell import ring_all
from swindow.events.models import GENESIS
from swindow.subscriptions import SUBSCRIPTIONS

_EVENT_COLUMNS = (
    "id",
    "subject_kind",
    "subject_id",
    "seq",
    "kind",
    "occurred_at",
    "actor",
    "payload",
    "previous_hash",
    "hash",
)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that has no place in its chain yet; the payload holds no personal data."""

    subject_kind: str
    subject_id: int
    kind: str
    actor: str
    payload: dict[str, Any] = field(default_factory=dict)


def record(events: Sequence[NewEvent], *, at: datetime) -> None:
    """Append the events to their chains and write one delivery per subscribed handler.

    The caller holds the lock of each subject's row, so that a chain cannot fork. Four statements
    whatever the number of events. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() must run in the transaction of the change that it records")
    if not events:
        return
    ids = next_ids(id_sequence("events_event"), len(events))
    copy_rows("events_event", _EVENT_COLUMNS, _chain(events, ids, at))
    deliveries = list(_deliveries(events, ids))
    copy_rows("events_delivery", ("event_id", "queue", "handler"), deliveries)
    _ring_after_commit({queue for _, queue, _ in deliveries})


def event_hash(
    previous: str, *, subject: str, seq: int, kind: str, at: datetime, actor: str, payload: Any
) -> str:
    """Return the SHA-256 that binds an event to its predecessor."""
    statement = json.dumps(
        [previous, subject, seq, kind, at.timestamp(), actor, payload],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(statement.encode()).hexdigest()


def _chain(events: Sequence[NewEvent], ids: Sequence[int], at: datetime) -> Iterable[tuple[Any, ...]]:
    heads = _heads(events)
    for event, number in zip(events, ids, strict=True):
        key = (event.subject_kind, event.subject_id)
        seq, previous = heads.get(key, (0, GENESIS))
        digest = event_hash(
            previous,
            subject=f"{event.subject_kind}:{event.subject_id}",
            seq=seq + 1,
            kind=event.kind,
            at=at,
            actor=event.actor,
            payload=event.payload,
        )
        heads[key] = (seq + 1, digest)
        payload = json.dumps(event.payload, ensure_ascii=False)
        yield number, *key, seq + 1, event.kind, at, event.actor, payload, previous, digest


def _heads(events: Sequence[NewEvent]) -> dict[tuple[str, int], tuple[int, str]]:
    subjects = sorted({(event.subject_kind, event.subject_id) for event in events})
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT subject.kind, subject.id, head.seq, head.hash
            FROM unnest(%s::text[], %s::bigint[]) AS subject (kind, id)
            CROSS JOIN LATERAL (
                SELECT seq, hash FROM events_event
                WHERE subject_kind = subject.kind AND subject_id = subject.id
                ORDER BY seq DESC LIMIT 1
            ) AS head
            """,
            [[kind for kind, _ in subjects], [key for _, key in subjects]],
        )
        return {(kind, key): (seq, digest) for kind, key, seq, digest in cursor.fetchall()}


def _deliveries(events: Sequence[NewEvent], ids: Sequence[int]) -> Iterable[tuple[int, str, str]]:
    for event, number in zip(events, ids, strict=True):
        for queue, handler in SUBSCRIPTIONS.get(event.kind, ()):
            yield number, queue, handler


def _ring_after_commit(queues: set[str]) -> None:
    def ring() -> None:
        ring_all(queues)

    transaction.on_commit(ring, robust=True)
