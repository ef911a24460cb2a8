"""What people agree to when they sign up."""

from django import forms
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from swindow.accounts.models import User
from swindow.acting import act_as
from swindow.privacy.lifecycle import agree
from swindow.privacy.notice import CURRENT


def _label() -> SafeString:
    return format_html(
        '{} <a href="{}" target="_blank" rel="noopener">{}</a>',
        _("I have read how my data are used:"),
        reverse_lazy("privacy:notice"),
        _("privacy notice (opens in a new tab)"),
    )


class SignupForm(forms.Form):
    """Adds the privacy notice to allauth's sign-up form."""

    # The last thing before the button.
    field_order = ("email", "password1", "password2", "agrees_to_notice")

    agrees_to_notice = forms.BooleanField(
        label=lazy(_label, SafeString)(),
        error_messages={"required": gettext_lazy("Read the privacy notice and tick the box to go on.")},
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the consent of the new person; allauth calls it before it signs the person in."""
        act_as(user)
        agree(user, version=CURRENT, language=get_language() or "en", at=timezone.now())
