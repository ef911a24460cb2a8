"""An agent is given power to act for a seller, and loses it."""

from datetime import datetime

from django.db import transaction

from swindow.accounts.lifecycle.announcing import announce
from swindow.accounts.models import Mandate, Organisation, User
from swindow.copying import next_ids
from swindow.references import reference


@transaction.atomic
def give_mandate(seller: Organisation, *, agent: Organisation, by: User, at: datetime) -> Mandate:
    """Let an agent act for a seller from now on; giving it twice changes nothing."""
    seller = Organisation.objects.select_for_update().get(pk=seller.pk)
    number = next_ids("accounts_mandate_id_seq", 1)[0]
    terms = {
        "pk": number,
        "reference": reference("MAN", number, on=at.date()),
        "given_by": by,
        "given_at": at,
        "valid_from": at,
        "accepted_at": at,
    }
    mandate, is_new = Mandate.objects.get_or_create(
        seller=seller, agent=agent, revoked_at=None, defaults=terms
    )
    if is_new:
        announce(seller, "mandate.given", by=by, at=at, agent=agent.reference)
    return mandate


@transaction.atomic
def revoke_mandate(mandate: Mandate, *, by: User, at: datetime) -> Mandate:
    """End an agent's power at once."""
    seller = Organisation.objects.select_for_update().get(pk=mandate.seller_id)
    mandate = Mandate.objects.select_related("agent").select_for_update(of=("self",)).get(pk=mandate.pk)
    if mandate.revoked_at is None:
        mandate.revoked_at = at
        mandate.save(update_fields=["revoked_at"])
        announce(seller, "mandate.revoked", by=by, at=at, agent=mandate.agent.reference)
    return mandate
