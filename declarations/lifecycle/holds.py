"""Holds are lifted, and the last one lifted releases; nobody presses release."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from declarations.models import Declaration, Status
from swindow.events.outbox import NewEvent, record


@dataclass(frozen=True, slots=True)
class Lifting:
    """An authority's word that one of its holds may go."""

    declaration_id: int
    authority: str
    kind: str
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An authority's word that the goods may not enter; the reason is a sentence for the seller."""

    declaration_id: int
    authority: str
    reason_code: str
    reason: str


def lock(declaration_ids: Collection[int]) -> dict[int, str]:
    """Lock declarations in the order of their ids and return id -> status; call it before any other lock."""
    rows = (
        Declaration.objects.filter(pk__in=sorted(set(declaration_ids)))
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk", "status")
    )
    return dict(rows)


@transaction.atomic
def lift_holds(liftings: Sequence[Lifting], *, by: str, at: datetime) -> list[Lifting]:
    """Lift open holds of accepted declarations and release those that have none left.

    A fixed number of statements whatever the number of declarations. Returns the liftings that were
    still open; the others were lifted before and change nothing.
    """
    statuses = lock([lifting.declaration_id for lifting in liftings])
    wanted = [lifting for lifting in liftings if statuses.get(lifting.declaration_id) == Status.ACCEPTED]
    lifted = _lift(wanted, by=by, at=at)
    record([_lifted_event(lifting, by) for lifting in lifted], at=at)
    _release_free(sorted({lifting.declaration_id for lifting in lifted}), at=at)
    return lifted


@transaction.atomic
def reject(refusals: Sequence[Refusal], *, by: str, at: datetime) -> list[int]:
    """Refuse accepted declarations with a reason; return the ids that were still open to it."""
    lock([refusal.declaration_id for refusal in refusals])
    by_id = {refusal.declaration_id: refusal for refusal in refusals}
    rejected = _update_rejected(list(by_id.values()), at=at)
    record(
        [
            NewEvent(
                "declaration",
                number,
                "declaration.rejected",
                by,
                {"authority": by_id[number].authority, "reason_code": by_id[number].reason_code},
            )
            for number in rejected
        ],
        at=at,
    )
    return rejected


def _lift(liftings: Sequence[Lifting], *, by: str, at: datetime) -> list[Lifting]:
    rows = _fetch(
        """
        UPDATE declarations_hold AS hold
        SET lifted_at = %s, lifted_by = %s, reason_code = wish.reason_code
        FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])
             AS wish (declaration_id, authority, kind, reason_code)
        WHERE hold.declaration_id = wish.declaration_id AND hold.authority = wish.authority
          AND hold.kind = wish.kind AND hold.lifted_at IS NULL
        RETURNING hold.declaration_id, hold.authority, hold.kind, hold.reason_code
        """,
        [
            at,
            by,
            [lifting.declaration_id for lifting in liftings],
            [lifting.authority for lifting in liftings],
            [lifting.kind for lifting in liftings],
            [lifting.reason_code for lifting in liftings],
        ],
    )
    return sorted((Lifting(*row) for row in rows), key=lambda lifting: lifting.declaration_id)


def _release_free(declaration_ids: Sequence[int], *, at: datetime) -> None:
    rows = _fetch(
        """
        UPDATE declarations_declaration AS declaration SET status = 'released', released_at = %s
        WHERE id = ANY(%s) AND status = 'accepted' AND NOT EXISTS (
            SELECT 1 FROM declarations_hold AS hold
            WHERE hold.declaration_id = declaration.id AND hold.lifted_at IS NULL
        )
        RETURNING id
        """,
        [at, list(declaration_ids)],
    )
    released = sorted(number for (number,) in rows)
    record([NewEvent("declaration", number, "declaration.released", "portal") for number in released], at=at)


def _update_rejected(refusals: Sequence[Refusal], *, at: datetime) -> list[int]:
    rows = _fetch(
        """
        UPDATE declarations_declaration AS declaration
        SET status = 'rejected', rejected_at = %s, reason_code = wish.code, reason = wish.reason
        FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS wish (id, code, reason)
        WHERE declaration.id = wish.id AND declaration.status = 'accepted'
        RETURNING declaration.id
        """,
        [
            at,
            [refusal.declaration_id for refusal in refusals],
            [refusal.reason_code for refusal in refusals],
            [refusal.reason for refusal in refusals],
        ],
    )
    return sorted(number for (number,) in rows)


def _lifted_event(lifting: Lifting, by: str) -> NewEvent:
    payload = {"authority": lifting.authority, "kind": lifting.kind, "reason_code": lifting.reason_code}
    return NewEvent("declaration", lifting.declaration_id, "hold.lifted", by, payload)


def _fetch(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
