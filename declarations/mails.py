"""Mails about a declaration, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from declarations.models import Declaration

Teller = Callable[[Declaration, Mapping[str, Any]], None]


def tell_of_question(declaration: Declaration, payload: Mapping[str, Any]) -> None:
    """Mail that an authority asks something; the question itself is read in the portal."""
    _send(declaration, "question", lambda: _("A question about %(reference)s"))


def tell_of_refusal(declaration: Declaration, payload: Mapping[str, Any]) -> None:
    """Mail that the goods were refused, with the reason."""
    _send(declaration, "refusal", lambda: _("%(reference)s was refused"))


def tell_of_release(declaration: Declaration, payload: Mapping[str, Any]) -> None:
    """Mail that the papers are ready."""
    _send(declaration, "release", lambda: _("%(reference)s is released"))


def _send(declaration: Declaration, name: str, subject: Callable[[], str]) -> None:
    reader = declaration.created_by
    with translation.override(reader.preferred_language):
        address = settings.BASE_URL + reverse("declarations:detail", args=[declaration.reference])
        context = {"declaration": declaration, "reader": reader, "address": address}
        mail = EmailMultiAlternatives(
            subject() % {"reference": declaration.reference},
            render_to_string(f"declarations/email/{name}.txt", context),
            to=[reader.email],
        )
        mail.attach_alternative(render_to_string(f"declarations/email/{name}.html", context), "text/html")
    mail.send()
