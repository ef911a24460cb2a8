"""A place in a company is offered to one e-mail address, sent again, withdrawn, taken."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from swindow.accounts.lifecycle.announcing import announce
from swindow.accounts.lifecycle.members import locked_by_owner
from swindow.accounts.models import Invitation, Membership, Organisation, User
from swindow.copying import next_ids
from swindow.problems import Problem, Refused
from swindow.references import reference

HOLDS_FOR = timedelta(days=7)
# Whoever invites makes the portal write to strangers.
_MOST_OPEN = 50
_PAUSE = timedelta(minutes=1)


@transaction.atomic
def invite(organisation: Organisation, *, email: str, role: str, by: User, at: datetime) -> Invitation:
    """Offer a place to an address and let the portal write to it.

    Raises Refused for an address that is invited (AC-60) or belongs here (AC-61) already, for too many
    open invitations (AC-63) and for somebody who is no owner any more (AC-65).
    """
    organisation = locked_by_owner(organisation, by=by)
    email = email.lower()
    _end_expired(organisation, at=at)
    _check_address(organisation, email=email)
    number = next_ids("accounts_invitation_id_seq", 1)[0]
    invitation = Invitation.objects.create(
        pk=number,
        reference=reference("INV", number, on=at.date()),
        organisation=organisation,
        email=email,
        role=role,
        invited_by=by,
        invited_at=at,
        expires_at=at + HOLDS_FOR,
    )
    announce(organisation, "member.invited", by=by, at=at, invitation=invitation.reference, role=role)
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    """Write once more and let the seven days begin again.

    Raises Refused when it was taken or withdrawn (AC-62) or sent a moment ago (AC-63).
    """
    organisation = locked_by_owner(invitation.organisation, by=by)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise Refused([_holds_no_more()])
    if at - invitation.invited_at < _PAUSE:
        raise Refused([_sent_a_moment_ago()])
    invitation.invited_at, invitation.expires_at = at, at + HOLDS_FOR
    invitation.save(update_fields=["invited_at", "expires_at"])
    again = {"invitation": invitation.reference, "role": invitation.role}
    announce(organisation, "member.invited", by=by, at=at, **again)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    """Take an offer back at once; raises Refused (AC-62) when it was taken already."""
    organisation = locked_by_owner(invitation.organisation, by=by)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at:
        raise Refused([_holds_no_more()])
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = at
        invitation.save(update_fields=["withdrawn_at"])
        announce(organisation, "member.invitation_withdrawn", by=by, at=at, invitation=invitation.reference)
    return invitation


@transaction.atomic
def join_organisation(invitation: Invitation, *, by: User, at: datetime) -> Membership:
    """Make the invited person a member in the role of the invitation; taking it twice changes nothing.

    Raises Refused (AC-12) for somebody who belongs elsewhere: an officer in a company could decide for it;
    AC-62 for an invitation that was withdrawn, taken by another or ran out.
    """
    organisation = Organisation.objects.select_for_update().get(pk=invitation.organisation_id)
    User.objects.select_for_update().get(pk=by.pk)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    place = organisation.memberships.filter(user=by).first()
    if place is not None and invitation.accepted_by_id == by.pk:
        return place
    if not is_open(invitation, at=at):
        raise Refused([_holds_no_more()])
    if Membership.objects.filter(user=by).exclude(organisation=organisation).exists():
        raise Refused([_belongs_elsewhere()])
    return _accept(invitation, organisation, by=by, at=at)


def is_open(invitation: Invitation, *, at: datetime) -> bool:
    """Tell whether nobody took or withdrew the invitation and it has not run out."""
    return invitation.accepted_at is None and invitation.withdrawn_at is None and invitation.expires_at > at


def _accept(invitation: Invitation, organisation: Organisation, *, by: User, at: datetime) -> Membership:
    membership, is_new = Membership.objects.get_or_create(
        user=by, organisation=organisation, defaults={"role": invitation.role}
    )
    invitation.accepted_by, invitation.accepted_at = by, at
    invitation.save(update_fields=["accepted_by", "accepted_at"])
    if is_new:
        terms = {"invitation": invitation.reference, "role": membership.role}
        announce(organisation, "member.joined", by=by, at=at, **terms)
    return membership


def _end_expired(organisation: Organisation, *, at: datetime) -> None:
    """Free the addresses of invitations that ran out, so that they can be invited anew."""
    stale = Invitation.objects.filter(organisation=organisation, accepted_at=None, withdrawn_at=None)
    stale.filter(expires_at__lte=at).update(withdrawn_at=at)


def _check_address(organisation: Organisation, *, email: str) -> None:
    if organisation.memberships.filter(user__email=email).exists():
        raise Refused([_belongs_here()])
    waiting = Invitation.objects.filter(organisation=organisation, accepted_at=None, withdrawn_at=None)
    if waiting.filter(email=email).exists():
        raise Refused([_invited_already()])
    if waiting.count() >= _MOST_OPEN:
        raise Refused([_too_many()])


def _invited_already() -> Problem:
    return Problem(
        "email",
        "AC-60",
        _("This person is invited already."),
        _("Send the invitation again, or withdraw it and invite anew in another role."),
    )


def _belongs_here() -> Problem:
    return Problem(
        "email",
        "AC-61",
        _("This person belongs to your company already."),
        _("Change the role in the list of people."),
    )


def _holds_no_more() -> Problem:
    return Problem(
        "invitation", "AC-62", _("This invitation does not hold any more."), _("Ask for a new one.")
    )


def _sent_a_moment_ago() -> Problem:
    return Problem(
        "invitation", "AC-63", _("The invitation was sent a moment ago."), _("Wait a minute and try again.")
    )


def _too_many() -> Problem:
    return Problem(
        "email",
        "AC-63",
        _("Fifty invitations of your company are waiting already."),
        _("Withdraw some of them first."),
    )


def _belongs_elsewhere() -> Problem:
    return Problem(
        "invitation",
        "AC-12",
        _("You belong to another organisation already."),
        _("Sign in with another account to join this one."),
    )
