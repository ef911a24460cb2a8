"""What concerns two organisations, a seller and an agent, is locked together and told in both chains."""

from datetime import datetime

from swindow.accounts.models import Organisation, User
from swindow.events.outbox import NewEvent, record


def lock_pair(seller: int, agent: int) -> tuple[Organisation, Organisation]:
    """Lock both rows by id, always the older first, and return the seller and the agent.

    Foreign keys may still point at them meanwhile: who lodges for the seller does not wait here.
    """
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk__in=(seller, agent)).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[seller], found[agent]


def announce_to_both(
    seller: Organisation, agent: Organisation, kind: str, *, by: User, at: datetime, **payload: str
) -> None:
    """Append an event to both chains; the caller holds both locks."""
    names = {"seller": seller.reference, "agent": agent.reference, **payload}
    events = [NewEvent("organisation", each.pk, kind, by.actor, dict(names)) for each in (seller, agent)]
    record(events, at=at)
