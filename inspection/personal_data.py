"""What examinations know of an officer, for the catalogue of `swindow.personal_data`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from inspection.models import Review
from swindow.personal_data import Keeping, Outcome, Provider


def _examinations(person: int) -> Iterator[Mapping[str, Any]]:
    for review in _examined_by(person).select_related("declaration").order_by("pk"):
        yield {
            "declaration": review.declaration.reference,
            "authority": review.authority,
            "taken_at": review.taken_at,
            "status": review.status,
            "decided_at": review.decided_at,
        }


def _examined_by(person: int) -> QuerySet[Review]:
    return Review.objects.filter(Q(officer=person) | Q(decided_by=f"user:{person}"))


def _keep(person: int, at: datetime, keeping: Keeping) -> Outcome:
    kept = _examined_by(person).count()
    return Outcome(kept=kept, until=keeping.until(at) if kept else None)


EXAMINATIONS = Provider(("inspection.Review",), _examinations, _keep)
