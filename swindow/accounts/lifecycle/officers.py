"""Who works for an authority or administers the portal: two administrators decide, and it ends by itself."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from swindow.accounts.lifecycle.announcing import announce
from swindow.accounts.lifecycle.people import (
    PORTAL,
    close_account,
    end_sessions,
    end_tokens,
    limit_access,
)
from swindow.accounts.models import FormerMembership, Membership, OfficerAppointment, Organisation, Role, User
from swindow.copying import next_ids
from swindow.events.models import Event
from swindow.events.outbox import NewEvent, record
from swindow.problems import Problem, Refused
from swindow.references import reference

UNUSED_FOR = timedelta(days=30)


@transaction.atomic
def propose_officer(
    person: User, *, authority: Organisation | None, until: date, by: User, at: datetime
) -> OfficerAppointment:
    """Propose a person for an authority, or without one as an administrator; another one confirms.

    Raises Refused for oneself (AC-50), a person who belongs somewhere (AC-51) or is proposed (AC-52).
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    _check_person(person, by=by)
    if OfficerAppointment.objects.filter(person=person).open().exists():
        raise Refused([_proposed_already()])
    number = next_ids("accounts_officerappointment_id_seq", 1)[0]
    appointment = OfficerAppointment.objects.create(
        pk=number,
        reference=reference("APT", number, on=at.date()),
        person=person,
        authority=authority,
        access_until=until,
        proposed_by=by,
        proposed_at=at,
    )
    _tell(appointment, "officer.proposed", by=by, at=at)
    return appointment


@transaction.atomic
def confirm_officer(appointment: OfficerAppointment, *, by: User, at: datetime) -> OfficerAppointment:
    """Give the proposed person the place, until the day of the proposal.

    Raises Refused for who proposed it (AC-53), for oneself (AC-50), for a person who joined something
    meanwhile (AC-51), and when it was decided already (AC-54).
    """
    appointment = _locked(appointment)
    if appointment.proposed_by_id == by.pk:
        raise Refused([_needs_another()])
    person = User.objects.select_for_update().get(pk=appointment.person_id)
    _check_person(person, by=by)
    appointment.confirmed_by, appointment.confirmed_at = by, at
    appointment.save(update_fields=["confirmed_by", "confirmed_at"])
    _install(appointment, person, by=by, at=at)
    _tell(appointment, "officer.confirmed", by=by, at=at)
    return appointment


@transaction.atomic
def withdraw_officer(appointment: OfficerAppointment, *, by: User, at: datetime) -> OfficerAppointment:
    """Drop a proposal; raises Refused (AC-54) when it was decided already."""
    appointment = _locked(appointment)
    appointment.withdrawn_at = at
    appointment.save(update_fields=["withdrawn_at"])
    _tell(appointment, "officer.withdrawn", by=by, at=at)
    return appointment


@transaction.atomic
def dismiss_officer(place: Membership, *, by: User, at: datetime) -> FormerMembership:
    """End an officer's place, sessions and tokens at once; one administrator is enough to take power away."""
    authority = Organisation.objects.select_for_update().get(pk=place.organisation_id)
    place = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=place.pk)
    person = place.user
    former = FormerMembership.objects.create(user=person, organisation=authority, role=place.role, left_at=at)
    place.delete()
    announce(authority, "officer.dismissed", by=by, at=at, member=person.actor)
    end_tokens(person, at=at, by=by.actor)
    end_sessions(person)
    return former


def lock_unused_officers(*, at: datetime) -> list[User]:
    """Close the accounts of officers who neither signed in nor used a token for thirty days; return them."""
    limit = at - UNUSED_FOR
    places = Membership.objects.filter(role=Role.OFFICER, since__lt=limit, user__is_active=True)
    unseen = places.filter(Q(user__last_login=None) | Q(user__last_login__lt=limit))
    idle = unseen.exclude(user__api_tokens__last_used_on__gte=limit.date())
    people = [place.user for place in idle.select_related("user").order_by("user_id")]
    return [person for person in people if _is_locked(person, limit=limit, at=at)]


@transaction.atomic
def _is_locked(person: User, *, limit: datetime, at: datetime) -> bool:
    # Who was let in again by an administrator has thirty days to come.
    mercy = Event.objects.filter(subject_kind="user", subject_id=person.pk, kind="account.switched_on")
    if mercy.filter(occurred_at__gte=limit).exists():
        return False
    close_account(person, actor=PORTAL, reason="unused", at=at)
    return True


def _locked(appointment: OfficerAppointment) -> OfficerAppointment:
    rows = OfficerAppointment.objects.select_for_update(of=("self",)).select_related("authority")
    appointment = rows.get(pk=appointment.pk)
    if appointment.confirmed_at or appointment.withdrawn_at:
        raise Refused([_decided_already()])
    return appointment


def _check_person(person: User, *, by: User) -> None:
    if person.pk == by.pk:
        raise Refused([_oneself()])
    if person.is_superuser or person.memberships.exists():
        raise Refused([_belongs_somewhere()])


def _install(appointment: OfficerAppointment, person: User, *, by: User, at: datetime) -> None:
    limit_access(person, until=appointment.access_until, by=by, at=at)
    if appointment.authority is None:
        User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
        return
    authority = Organisation.objects.select_for_update().get(pk=appointment.authority.pk)
    Membership.objects.create(user=person, organisation=authority, role=Role.OFFICER, since=at)
    announce(authority, "officer.appointed", by=by, at=at, member=person.actor)


def _tell(appointment: OfficerAppointment, kind: str, *, by: User, at: datetime) -> None:
    """Append to the chain of the person whom it is about, under that person's lock."""
    User.objects.select_for_update().get(pk=appointment.person_id)
    payload = {"appointment": appointment.reference}
    record([NewEvent("user", appointment.person_id, kind, by.actor, payload)], at=at)


def _oneself() -> Problem:
    return Problem("person", "AC-50", _("Nobody appoints themselves."), _("Ask two other administrators."))


def _belongs_somewhere() -> Problem:
    return Problem(
        "person",
        "AC-51",
        _("This person has a place already: in a company, an authority or as an administrator."),
        _("End that place first; an officer belongs to one authority and to no company."),
    )


def _proposed_already() -> Problem:
    return Problem(
        "person",
        "AC-52",
        _("This person is proposed already."),
        _("Confirm the proposal, or withdraw it first."),
    )


def _needs_another() -> Problem:
    return Problem(
        "appointment",
        "AC-53",
        _("You proposed this person yourself."),
        _("Another administrator has to confirm."),
    )


def _decided_already() -> Problem:
    return Problem(
        "appointment",
        "AC-54",
        _("This proposal was confirmed or withdrawn already."),
        _("Load the page again to see how it stands."),
    )
