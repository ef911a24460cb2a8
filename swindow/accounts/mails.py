"""Mails about accounts, in the reader's language."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from swindow.accounts.models import Verification


def tell_of_verification(verification: Verification) -> None:
    """Mail what the officer decided and what to do next."""
    reader = verification.submitted_by
    with translation.override(reader.preferred_language):
        address = settings.BASE_URL + reverse("accounts:organisation")
        context = {"verification": verification, "reader": reader, "address": address}
        mail = EmailMultiAlternatives(
            _("Your company's verification: %(status)s") % {"status": verification.get_status_display()},
            render_to_string("accounts/email/verification.txt", context),
            to=[reader.email],
        )
        mail.attach_alternative(render_to_string("accounts/email/verification.html", context), "text/html")
    mail.send()
