"""Mails about places in organisations: invitations, changed roles, ends, appointments."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from swindow.accounts.forms.members import ROLE_WORDS
from swindow.accounts.invitations import address_of
from swindow.accounts.models import Invitation, OfficerAppointment, Organisation, Role, User


def write_invitation(invitation: Invitation) -> None:
    """Mail the signed address, in the guest's language or else the inviting person's."""
    guest = User.objects.filter(email=invitation.email).first()
    with translation.override((guest or invitation.invited_by).preferred_language):
        told = {"company": invitation.organisation.name}
        context = {
            "invitation": invitation,
            "role_words": ROLE_WORDS[Role(invitation.role)],
            "action_url": address_of(invitation),
            "action_label": _("Open the invitation"),
        }
        subject = _("%(company)s invites you to the Single Window") % told
        _send(invitation.email, subject, "invitation", context)


def tell_member(member: User, *, organisation: Organisation, kind: str, role: str) -> None:
    """Mail a person what happened to the own place; `kind` is the event's."""
    with translation.override(member.preferred_language):
        told = {"company": organisation.name}
        context = {
            "kind": kind,
            "company": organisation.name,
            "member": member,
            "role": Role(role).label if role in Role else "",
            "role_words": ROLE_WORDS.get(role, ""),
            "action_url": settings.BASE_URL + reverse("home"),
            "action_label": _("Open the Single Window"),
        }
        _send(member.email, _("Your place in %(company)s") % told, "member", context)


def tell_officer(appointment: OfficerAppointment) -> None:
    """Mail a person that they were appointed, where and until when."""
    person = appointment.person
    with translation.override(person.preferred_language):
        context = {
            "appointment": appointment,
            "place": _place(appointment),
            "action_url": settings.BASE_URL + reverse("mfa_index"),
            "action_label": _("Set up the second step"),
        }
        _send(person.email, _("You were appointed at the Single Window"), "appointed", context)


def tell_of_removed_factor(person: User) -> None:
    """Mail a person that the second factor is gone, and what to do about it."""
    with translation.override(person.preferred_language):
        context = {
            "action_url": settings.BASE_URL + reverse("mfa_index"),
            "action_label": _("Set up the second step"),
        }
        _send(person.email, _("Your second step at the Single Window was removed"), "factor_removed", context)


def ask_administrators(appointment: OfficerAppointment) -> None:
    """Mail every administrator who may confirm a proposal."""
    left_out = (appointment.proposed_by_id, appointment.person_id)
    readers = User.objects.filter(is_superuser=True, is_active=True).exclude(pk__in=left_out)
    for reader in readers.order_by("pk"):
        with translation.override(reader.preferred_language):
            context = {
                "appointment": appointment,
                "place": _place(appointment),
                "action_url": settings.BASE_URL + reverse("accounts:officers"),
                "action_label": _("Look at the proposal"),
            }
            _send(reader.email, _("An appointment waits for your word"), "proposed", context)


def _place(appointment: OfficerAppointment) -> str:
    return appointment.authority.name if appointment.authority else _("Administrator of the portal")


def _send(to: str, subject: str, template: str, context: dict[str, Any]) -> None:
    text = render_to_string(f"accounts/email/{template}.txt", context)
    mail = EmailMultiAlternatives(subject, text, to=[to])
    html = render_to_string(f"accounts/email/{template}.html", context)
    mail.attach_alternative(html, "text/html")
    mail.send()
