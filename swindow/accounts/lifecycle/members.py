"""Who belongs to an organisation, and in which role."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from swindow.accounts.lifecycle.announcing import announce
from swindow.accounts.models import Membership, Organisation, User
from swindow.problems import Problem, Refused


@transaction.atomic
def join_organisation(organisation: Organisation, *, by: User, at: datetime) -> Membership:
    """Make an invited person a member; joining twice changes nothing.

    Raises Refused (AC-12) for somebody who belongs elsewhere: an officer in a company could decide for it.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    User.objects.select_for_update().get(pk=by.pk)
    elsewhere = Membership.objects.filter(user=by).exclude(organisation=organisation)
    if elsewhere.exists():
        raise Refused([_belongs_elsewhere()])
    membership, is_new = Membership.objects.get_or_create(
        user=by, organisation=organisation, defaults={"role": Membership.Role.DECLARANT}
    )
    if is_new:
        announce(organisation, "member.joined", by=by, at=at)
    return membership


def _belongs_elsewhere() -> Problem:
    return Problem(
        "invitation",
        "AC-12",
        _("You belong to another organisation already."),
        _("Sign in with another account to join this one."),
    )
