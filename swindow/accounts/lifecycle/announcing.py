"""How a change of an organisation enters its audit chain."""

from datetime import datetime

from swindow.accounts.models import Organisation, User
from swindow.events.outbox import NewEvent, record


def announce(organisation: Organisation, kind: str, *, by: User | str, at: datetime, **payload: str) -> None:
    """Append an event to the organisation's chain; the caller holds its lock. A machine acts as its name."""
    actor = by if isinstance(by, str) else by.actor
    record([NewEvent("organisation", organisation.pk, kind, actor, dict(payload))], at=at)
