"""Who belongs to an organisation, and in which role; only its owners decide."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from swindow.accounts.lifecycle.announcing import announce
from swindow.accounts.lifecycle.people import end_sessions, end_tokens
from swindow.accounts.models import FormerMembership, Membership, Organisation, Role, User
from swindow.problems import Problem, Refused


@transaction.atomic
def change_role(organisation: Organisation, *, member: User, role: str, by: User, at: datetime) -> Membership:
    """Give a member another role; the same one again changes nothing.

    Raises Refused for somebody who is no owner any more (AC-65), for one's own role (AC-14) and for a
    person who has left meanwhile (AC-66).
    """
    organisation = locked_by_owner(organisation, by=by)
    if member.pk == by.pk:
        raise Refused([_own_role()])
    place = _place(organisation, member=member)
    before = place.role
    if role != before:
        place.role = role
        place.save(update_fields=["role"])
        announce(
            organisation, "member.role_changed", by=by, at=at, member=member.actor, role=role, was=before
        )
    return place


@transaction.atomic
def remove_member(organisation: Organisation, *, member: User, by: User, at: datetime) -> FormerMembership:
    """End a member's place, sessions and, where no place is left, tokens, all at once.

    Raises Refused (AC-65, AC-66) like `change_role`, and AC-14 for oneself: that is leaving.
    """
    organisation = locked_by_owner(organisation, by=by)
    if member.pk == by.pk:
        raise Refused([_own_place()])
    former = _end(_place(organisation, member=member), at=at)
    announce(organisation, "member.removed", by=by, at=at, member=member.actor, role=former.role)
    end_sessions(member)
    return former


@transaction.atomic
def leave_organisation(organisation: Organisation, *, by: User, at: datetime) -> FormerMembership:
    """End one's own place; raises Refused (AC-13) for the last owner."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    place = _place(organisation, member=by)
    others = organisation.memberships.filter(role=Role.OWNER).exclude(pk=place.pk)
    if place.role == Role.OWNER and not others.exists():
        raise Refused([_last_owner()])
    former = _end(place, at=at)
    announce(organisation, "member.left", by=by, at=at, role=former.role)
    return former


def locked_by_owner(organisation: Organisation, *, by: User) -> Organisation:
    """Lock an organisation and return it; raises Refused (AC-65) for who is no owner of it any more."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not organisation.memberships.filter(user=by, role=Role.OWNER).exists():
        raise Refused([_not_an_owner()])
    return organisation


def _place(organisation: Organisation, *, member: User) -> Membership:
    place = organisation.memberships.select_for_update(of=("self",)).filter(user=member).first()
    if place is None:
        raise Refused([_has_left()])
    return place


def _end(place: Membership, *, at: datetime) -> FormerMembership:
    person = place.user
    former = FormerMembership.objects.create(
        user=person, organisation_id=place.organisation_id, role=place.role, left_at=at
    )
    place.delete()
    if not person.memberships.exists():
        end_tokens(person, at=at)
    return former


def _not_an_owner() -> Problem:
    return Problem(
        "member",
        "AC-65",
        _("Only an owner decides who belongs to the company, and you are none any more."),
        _("Ask an owner."),
    )


def _own_role() -> Problem:
    return Problem("role", "AC-14", _("Nobody changes their own role."), _("Ask another owner to change it."))


def _own_place() -> Problem:
    return Problem("member", "AC-14", _("You cannot remove yourself."), _("Leave the company instead."))


def _last_owner() -> Problem:
    return Problem(
        "member",
        "AC-13",
        _("You are the last owner: without one nobody could manage the company."),
        _("Make somebody else an owner first."),
    )


def _has_left() -> Problem:
    return Problem(
        "member",
        "AC-66",
        _("This person does not belong to the company any more."),
        _("Load the page again to see who does."),
    )
