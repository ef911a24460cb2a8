"""Who a company is: examined, decided once, by somebody else."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from swindow.accounts.lifecycle.announcing import announce
from swindow.accounts.models import Membership, Organisation, User, Verification
from swindow.copying import next_ids
from swindow.documents.models import StoredFile
from swindow.problems import Problem, Refused
from swindow.references import reference


class AlreadyDecided(Exception):
    """Somebody else decided first; names who and when."""

    def __init__(self, verification: Verification) -> None:
        self.verification = verification
        super().__init__(f"{verification.reference} was decided already")


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
    announce(organisation, "verification.submitted", by=by, at=at, verification=verification.reference)
    return verification


@transaction.atomic
def decide_verification(
    verification: Verification, *, is_accepted: bool, reason: str, by: User, at: datetime
) -> Verification:
    """Verify or refuse the company.

    Raises AlreadyDecided when another officer was first, Refused (AC-11) for the officer's own company.
    """
    organisation = Organisation.objects.select_for_update().get(pk=verification.organisation_id)
    if Membership.objects.filter(organisation=organisation, user=by).exists():
        raise Refused([_own_company()])
    verification = Verification.objects.select_for_update().get(pk=verification.pk)
    if not verification.is_open:
        raise AlreadyDecided(verification)
    accepted, refused = Verification.Status.VERIFIED, Verification.Status.REFUSED
    verification.status = accepted if is_accepted else refused
    verification.reason = reason
    verification.decided_by, verification.decided_at = by, at
    verification.save()
    organisation.verified_at = at if is_accepted else None
    organisation.save(update_fields=["verified_at"])
    announce(organisation, "verification.decided", by=by, at=at, verification=verification.reference)
    return verification


def _own_company() -> Problem:
    return Problem(
        "verdict",
        "AC-11",
        _("You belong to this company, and nobody verifies their own."),
        _("Leave it to a colleague."),
    )
