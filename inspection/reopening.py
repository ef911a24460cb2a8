"""A review of customs that a named buyer's objection makes red, and opens again when it was approved."""

import json
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import connection, transaction

from declarations.lifecycle import lock
from declarations.lifecycle.buyers import objected
from inspection.models import Agency, Authority, Review
from inspection.rules import OBJECTION
from swindow.events.outbox import NewEvent, record


@transaction.atomic
def take_up_objections(declaration_ids: Collection[int], *, at: datetime) -> list[int]:
    """Put declarations whose named buyer objects before an officer of customs; again changes nothing.

    An open review becomes red, which no machine decides; one that was approved opens again, so that the
    queue shows it. Returns the declarations whose review was opened again.
    """
    lock(declaration_ids)
    kept = objected(declaration_ids)
    if not kept:
        return []
    _weigh(kept)
    reviews = Review.objects.filter(declaration__in=kept, authority=Authority.CUSTOMS)
    approved = reviews.filter(status=Review.Status.APPROVED)
    again = sorted(approved.values_list("declaration_id", flat=True))
    limits = dict(Agency.objects.values_list("authority", "decide_within_hours"))
    approved.update(
        status=Review.Status.OPEN,
        officer=None,
        taken_at=None,
        opened_at=at,
        due_at=at + timedelta(hours=limits.get(Authority.CUSTOMS, 4)),
        decided_at=None,
        decided_by="",
        reason_code="",
        reason="",
    )
    facts = {"authority": Authority.CUSTOMS.value}
    record([NewEvent("declaration", key, "review.reopened", "portal", facts) for key in again], at=at)
    return again


def _weigh(declaration_ids: Collection[int]) -> None:
    """Make the reviews of customs red by a finding of its own, once."""
    finding = json.dumps([{"kind": "risk"} | asdict(OBJECTION)])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE inspection_review
            SET lane = 'red', score = LEAST(100, score + %s), findings = findings || %s::jsonb
            WHERE declaration_id = ANY(%s) AND authority = 'customs' AND status IN ('open', 'approved')
              AND NOT findings @> jsonb_build_array(jsonb_build_object('rule', %s::text))
            """,
            [OBJECTION.points, finding, sorted(declaration_ids), OBJECTION.rule],
        )
