"""Clearance papers get their numbers in a transaction; their files are made outside of it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from declarations.lifecycle.holds import lock
from declarations.models import ClearanceDocument, Status
from swindow.documents.lifecycle import DocumentToIssue, reserve_all
from swindow.events.outbox import NewEvent, record


@transaction.atomic
def reserve_papers(
    wanted: Sequence[tuple[int, str, DocumentToIssue]], *, at: datetime
) -> list[ClearanceDocument]:
    """Give each (declaration, kind) of released declarations its paper; again changes nothing.

    A fixed number of statements whatever the number of papers. Returns the papers without a file yet.
    """
    statuses = lock([key for key, _, _ in wanted])
    wanted = [one for one in wanted if statuses.get(one[0]) == Status.RELEASED]
    reserved = reserve_all([request for _, _, request in wanted], at=at)
    ClearanceDocument.objects.bulk_create(
        [
            ClearanceDocument(declaration_id=key, kind=kind, document=document)
            for (key, kind, _), document in zip(wanted, reserved, strict=True)
        ],
        ignore_conflicts=True,
    )
    return list(
        ClearanceDocument.objects.filter(
            declaration__in=[key for key, _, _ in wanted], issued_at=None, superseded_at=None
        )
        .select_related("document")
        .order_by("pk")
    )


@transaction.atomic
def mark_issued(declaration_ids: Collection[int], *, at: datetime) -> None:
    """Announce, once, the declarations whose papers are all live."""
    lock(declaration_ids)
    ready = ClearanceDocument.objects.filter(
        declaration__in=declaration_ids, issued_at=None, document__state="live"
    )
    keys = set(ready.values_list("declaration_id", flat=True))
    ready.update(issued_at=at)
    waiting = ClearanceDocument.objects.filter(declaration__in=keys, issued_at=None, superseded_at=None)
    done = keys - set(waiting.values_list("declaration_id", flat=True))
    record([NewEvent("declaration", key, "documents.issued", "portal") for key in sorted(done)], at=at)
