"""A company registers itself and corrects its data."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from swindow.accounts.lifecycle.announcing import announce
from swindow.accounts.models import Membership, Organisation, User, Verification
from swindow.copying import next_ids
from swindow.problems import Problem, Refused
from swindow.references import reference


@transaction.atomic
def register_organisation(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """Store a company with its first member as owner."""
    number = next_ids("accounts_organisation_id_seq", 1)[0]
    organisation.pk = number
    organisation.reference = reference("ORG", number, on=at.date())
    organisation.save(force_insert=True)
    Membership.objects.create(user=by, organisation=organisation, role=Membership.Role.OWNER)
    announce(organisation, "organisation.registered", by=by, at=at)
    return organisation


@transaction.atomic
def correct_organisation(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """Store changed company data; raises Refused (AC-10) once an officer examines or has verified them."""
    now = Organisation.objects.select_for_update().get(pk=organisation.pk)
    is_open = Verification.objects.filter(organisation=now, status=Verification.Status.SUBMITTED).exists()
    if now.is_verified or is_open:
        raise Refused([Problem("name", "AC-10", _("Your company data cannot be changed at the moment."))])
    organisation.save()
    announce(organisation, "organisation.corrected", by=by, at=at)
    return organisation


@transaction.atomic
def set_deferment_account(
    organisation: Organisation, *, account: str, by: User, at: datetime
) -> Organisation:
    """Store the account that charges may be taken from; empty removes it."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    organisation.deferment_account = account
    organisation.save(update_fields=["deferment_account"])
    announce(organisation, "organisation.deferment_changed", by=by, at=at)
    return organisation
