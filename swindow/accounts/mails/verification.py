"""Mails about a company's verification, in the reader's language."""

from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from swindow.accounts.models import Role, User, Verification, VerificationEntry

# Event -> subject, and the template that tells it.
_LETTERS: Mapping[str, tuple[Promise, str]] = {
    "verification.asked": (_("A question about your company"), "verification_asked"),
    "verification.suspended": (_("Your company is suspended"), "verification_suspended"),
    "verification.reinstated": (_("Your company is no longer suspended"), "verification_reinstated"),
    "verification.expiring": (_("Your company's verification ends soon"), "verification_expiring"),
    "verification.expired": (_("Your company's verification has run out"), "verification_expired"),
}
_DECIDED = "verification.decided"


def tell_of_verification(verification: Verification, *, kind: str = _DECIDED) -> None:
    """Mail to the company's owners, and to who sent the case, what an event says and what to do next."""
    for reader in _readers(verification):
        with translation.override(reader.preferred_language):
            _tell(verification, reader, kind=kind)


def _tell(verification: Verification, reader: User, *, kind: str) -> None:
    subject, template = _LETTERS.get(kind) or _decision(verification)
    context = {
        "verification": verification,
        "reader": reader,
        "address": settings.BASE_URL + reverse("accounts:organisation"),
        "question": _last_question(verification) if kind == "verification.asked" else "",
    }
    mail = EmailMultiAlternatives(
        str(subject), render_to_string(f"accounts/email/{template}.txt", context), to=[reader.email]
    )
    mail.attach_alternative(render_to_string(f"accounts/email/{template}.html", context), "text/html")
    mail.send()


def _decision(verification: Verification) -> tuple[str | Promise, str]:
    # By its day, not by its status: it may have been suspended since.
    is_accepted = verification.valid_until is not None
    if verification.proposed and not is_accepted:
        return _("The change of your company data was refused"), "verification_change_refused"
    status = Verification.Status.VERIFIED if is_accepted else Verification.Status.REFUSED
    return _("Your company's verification: %(status)s") % {"status": status.label}, "verification"


def _readers(verification: Verification) -> list[User]:
    """Return the owners who can sign in, and the sender who still belongs to the company."""
    places = verification.organisation.memberships.filter(user__is_active=True).select_related("user")
    return [
        place.user
        for place in places.order_by("pk")
        if place.role == Role.OWNER or place.user_id == verification.submitted_by_id
    ]


def _last_question(verification: Verification) -> str:
    asked = verification.entries.filter(kind=VerificationEntry.Kind.ASKED).last()
    return asked.text if asked else ""
