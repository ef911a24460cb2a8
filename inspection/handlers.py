"""What inspection does when something was announced; handlers may run twice."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from inspection.lifecycle import open_reviews as open_reviews_of
from inspection.lifecycle import take_up_objections as take_up_objections_to
from inspection.models import Agency, Authority
from inspection.simulator import earliest_starts, thinking_time, work
from swindow.events.worker import Later, Occurrence


def open_reviews(events: Sequence[Occurrence]) -> None:
    """Open the reviews of accepted declarations."""
    open_reviews_of([event.subject_id for event in events], at=timezone.now())


def take_up_objections(events: Sequence[Occurrence]) -> None:
    """Put what a named buyer objects to before an officer of customs."""
    take_up_objections_to([event.subject_id for event in events], at=timezone.now())


def review_for_customs(events: Sequence[Occurrence]) -> Later:
    """Let the simulated customs examine."""
    return _review(Authority.CUSTOMS, events)


def review_for_tax(events: Sequence[Occurrence]) -> Later:
    """Let the simulated tax office examine."""
    return _review(Authority.TAX, events)


def review_for_quarantine(events: Sequence[Occurrence]) -> Later:
    """Let the simulated quarantine service examine."""
    return _review(Authority.QUARANTINE, events)


def review_for_port(events: Sequence[Occurrence]) -> Later:
    """Let the simulated port report the arrival."""
    return _review(Authority.PORT, events)


def _review(authority: Authority, events: Sequence[Occurrence]) -> Later:
    agency = Agency.objects.filter(authority=authority, is_simulated=True).first()
    if agency is None:
        return {}
    now = timezone.now()
    starts = earliest_starts(authority, [event.subject_id for event in events])
    later: dict[int, datetime] = {}
    ready: list[int] = []
    for event in events:
        thinking = thinking_time(agency, subject_id=event.subject_id, event_kind=event.kind)
        ends_at = max(event.occurred_at + thinking, starts.get(event.subject_id, now))
        if ends_at > now:
            later[event.id] = ends_at
        else:
            ready.append(event.subject_id)
    work(authority, ready, at=now)
    return later
