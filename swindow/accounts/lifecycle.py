"""Registration, verification and mandates: the only place that changes who somebody is here."""

from datetime import datetime

from django.db import transaction

from swindow.accounts.models import Mandate, Membership, Organisation, User, Verification
from swindow.copying import next_ids
from swindow.documents.models import StoredFile
from swindow.events.outbox import NewEvent, record
from swindow.references import reference


class AlreadyDecided(Exception):
    """Somebody else decided first; names who and when."""

    def __init__(self, verification: Verification) -> None:
        self.verification = verification
        super().__init__(f"{verification.reference} was decided already")


@transaction.atomic
def register_organisation(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """Store a company with its first member as owner."""
    number = next_ids("accounts_organisation_id_seq", 1)[0]
    organisation.pk = number
    organisation.reference = reference("ORG", number, on=at.date())
    organisation.save(force_insert=True)
    Membership.objects.create(user=by, organisation=organisation, role=Membership.Role.OWNER)
    _record(organisation, "organisation.registered", by=by, at=at)
    return organisation


@transaction.atomic
def submit_verification(
    organisation: Organisation, *, identity_document: StoredFile, by: User, at: datetime
) -> Verification:
    """Ask an officer to verify the company."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    number = next_ids("accounts_verification_id_seq", 1)[0]
    verification = Verification.objects.create(
        pk=number,
        reference=reference("VER", number, on=at.date()),
        organisation=organisation,
        identity_document=identity_document,
        submitted_by=by,
        submitted_at=at,
    )
    _record(organisation, "verification.submitted", by=by, at=at, verification=verification.reference)
    return verification


@transaction.atomic
def decide_verification(
    verification: Verification, *, is_accepted: bool, reason: str, by: User, at: datetime
) -> Verification:
    """Verify or refuse the company; raises AlreadyDecided when another officer was first."""
    organisation = Organisation.objects.select_for_update().get(pk=verification.organisation_id)
    verification = Verification.objects.select_for_update().get(pk=verification.pk)
    if verification.status != Verification.Status.SUBMITTED:
        raise AlreadyDecided(verification)
    accepted, refused = Verification.Status.VERIFIED, Verification.Status.REFUSED
    verification.status = accepted if is_accepted else refused
    verification.reason = reason
    verification.decided_by, verification.decided_at = by, at
    verification.save()
    organisation.verified_at = at if is_accepted else None
    organisation.save(update_fields=["verified_at"])
    _record(organisation, "verification.decided", by=by, at=at, verification=verification.reference)
    return verification


@transaction.atomic
def give_mandate(seller: Organisation, *, agent: Organisation, by: User, at: datetime) -> Mandate:
    """Let an agent act for a seller from now on; giving it twice changes nothing."""
    seller = Organisation.objects.select_for_update().get(pk=seller.pk)
    mandate, is_new = Mandate.objects.get_or_create(
        seller=seller, agent=agent, revoked_at=None, defaults={"valid_from": at}
    )
    if is_new:
        _record(seller, "mandate.given", by=by, at=at, agent=agent.reference)
    return mandate


@transaction.atomic
def revoke_mandate(mandate: Mandate, *, by: User, at: datetime) -> Mandate:
    """End an agent's power at once."""
    seller = Organisation.objects.select_for_update().get(pk=mandate.seller_id)
    mandate = Mandate.objects.select_related("agent").select_for_update(of=("self",)).get(pk=mandate.pk)
    if mandate.revoked_at is None:
        mandate.revoked_at = at
        mandate.save(update_fields=["revoked_at"])
        _record(seller, "mandate.revoked", by=by, at=at, agent=mandate.agent.reference)
    return mandate


def _record(organisation: Organisation, kind: str, *, by: User, at: datetime, **payload: str) -> None:
    record([NewEvent("organisation", organisation.pk, kind, by.actor, dict(payload))], at=at)
