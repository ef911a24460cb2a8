"""What accounts do when something was announced; handlers may run twice."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from swindow.accounts.lifecycle import hear_registry
from swindow.accounts.mails.mandates import tell_of_help, tell_of_mandate
from swindow.accounts.mails.members import (
    ask_administrators,
    tell_member,
    tell_of_removed_factor,
    tell_officer,
    write_invitation,
)
from swindow.accounts.mails.verification import tell_of_verification
from swindow.accounts.models import (
    HelpRequest,
    Invitation,
    Mandate,
    OfficerAppointment,
    Organisation,
    User,
    Verification,
)
from swindow.accounts.registry import answer_time, look_up
from swindow.events.worker import Later, Occurrence


def ask_registry(events: Sequence[Occurrence]) -> Later:
    """Ask the simulated trade register about the companies that asked to be verified."""
    now = timezone.now()
    later: dict[int, datetime] = {}
    for event in events:
        case = _case_of(event)
        ends_at = event.occurred_at + answer_time(case.pk)
        if ends_at > now:
            later[event.id] = ends_at
            continue
        company = case.organisation
        facts = {"country": str(company.country), "number": company.registration_number, "name": company.name}
        new = case.proposed
        asked = facts | {
            key: new[name]
            for key, name in (("country", "country"), ("number", "registration_number"), ("name", "name"))
            if name in new
        }
        hear_registry(case, answer=look_up(**asked), at=now)
    return later


def mail_verifications(events: Sequence[Occurrence]) -> None:
    """Tell the owners what happened to their company's verification."""
    for event in events:
        tell_of_verification(_case_of(event), kind=event.kind)


def mail_invitations(events: Sequence[Occurrence]) -> None:
    """Write to whom a place was offered, while the offer still holds."""
    for event in events:
        offers = Invitation.objects.open().select_related("organisation", "invited_by")
        invitation = offers.filter(reference=event.payload["invitation"]).first()
        if invitation is not None:
            write_invitation(invitation)


def mail_members(events: Sequence[Occurrence]) -> None:
    """Tell people what happened to their place."""
    for event in events:
        actor = event.payload.get("member", event.actor)
        member = User.objects.get(pk=actor.removeprefix("user:").partition(" ")[0])
        organisation = Organisation.objects.get(pk=event.subject_id)
        tell_member(member, organisation=organisation, kind=event.kind, role=event.payload["role"])


def mail_mandates(events: Sequence[Occurrence]) -> None:
    """Tell the other side what happened to a mandate; each event stands in both chains and counts once."""
    mandates = Mandate.objects.filter(reference__in=[event.payload["mandate"] for event in events])
    found = {each.reference: each for each in mandates.select_related("seller", "agent")}
    for event in events:
        mandate = found[event.payload["mandate"]]
        # New terms are told by the new mandate's own mail.
        if event.subject_id == mandate.seller_id and not event.payload.get("anew"):
            tell_of_mandate(mandate, kind=event.kind, side=event.payload.get("side", ""))


def mail_help(events: Sequence[Occurrence]) -> None:
    """Tell the agent of a request, and the seller of its answer."""
    asked = HelpRequest.objects.filter(reference__in=[event.payload["request"] for event in events])
    found = {each.reference: each for each in asked.select_related("seller", "agent")}
    for event in events:
        asking = found[event.payload["request"]]
        if event.subject_id == asking.seller_id:
            tell_of_help(asking, kind=event.kind)


def mail_proposals(events: Sequence[Occurrence]) -> None:
    """Ask another administrator about each proposed appointment."""
    for appointment in _appointments(events):
        ask_administrators(appointment)


def mail_appointments(events: Sequence[Occurrence]) -> None:
    """Tell people that they were appointed."""
    for appointment in _appointments(events):
        tell_officer(appointment)


def mail_removed_factors(events: Sequence[Occurrence]) -> None:
    """Tell people that an administrator removed their second factor, so that nobody does it unnoticed."""
    for event in events:
        tell_of_removed_factor(User.objects.get(pk=event.subject_id))


def _appointments(events: Sequence[Occurrence]) -> list[OfficerAppointment]:
    references = [event.payload["appointment"] for event in events]
    found = OfficerAppointment.objects.filter(reference__in=references)
    return list(found.select_related("person", "authority", "proposed_by"))


def _case_of(event: Occurrence) -> Verification:
    cases = Verification.objects.select_related("submitted_by", "organisation")
    return cases.get(reference=event.payload["verification"])
