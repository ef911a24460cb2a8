"""Verify the audit chains: nothing changed, nothing missing in the middle."""

from collections.abc import Iterator

from swindow.events.models import GENESIS, Event
from swindow.events.outbox import event_hash


def broken_chains() -> Iterator[str]:
    """Yield one line for each event that does not follow from its predecessor."""
    subject, seq, digest = "", 0, GENESIS
    events = Event.objects.order_by("subject_kind", "subject_id", "seq").iterator(chunk_size=2000)
    for event in events:
        own = f"{event.subject_kind}:{event.subject_id}"
        if own != subject:
            subject, seq, digest = own, 0, GENESIS
        if event.seq != seq + 1 or event.previous_hash != digest:
            yield f"audit: {own} #{event.seq} does not follow #{seq}"
        if event.hash != _recomputed(event):
            yield f"audit: {own} #{event.seq} was altered"
        seq, digest = event.seq, event.hash


def _recomputed(event: Event) -> str:
    return event_hash(
        event.previous_hash,
        subject=f"{event.subject_kind}:{event.subject_id}",
        seq=event.seq,
        kind=event.kind,
        at=event.occurred_at,
        actor=event.actor,
        payload=event.payload,
    )
