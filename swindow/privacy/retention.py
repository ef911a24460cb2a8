"""Retention: what is kept longer than its policy says goes; a hold by an authority wins over time."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from swindow.personal_data import CATALOGUE, DataKind
from swindow.privacy.models import RetentionRun


def retain(*, at: datetime) -> RetentionRun:
    """Remove what ran out, kind by kind; a second run at the same time removes nothing."""
    removed = {kind.name: _expire(kind, at=at) for kind in CATALOGUE}
    return RetentionRun.objects.create(ran_at=at, removed={name: n for name, n in removed.items() if n})


def retain_daily() -> None:
    """Run the job unless it ran within the day; for the scheduler, which calls it more often."""
    now = timezone.now()
    last = RetentionRun.objects.order_by("-ran_at").values_list("ran_at", flat=True).first()
    if last is None or last.date() < now.date():
        retain(at=now)


@transaction.atomic
def _expire(kind: DataKind, *, at: datetime) -> int:
    return kind.provider.expire(at, kind.keeping)
