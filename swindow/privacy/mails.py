"""Mails about a person's own data, in the person's language."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from swindow.accounts.models import User
from swindow.personal_data import kind_named
from swindow.privacy.models import DataCopy, Erasure


def tell_of_copy(copy: DataCopy) -> None:
    """Mail that the copy is ready; the copy itself is handed out only on the portal."""
    with translation.override(copy.person.preferred_language):
        context = {"copy": copy, "address": settings.BASE_URL + reverse("privacy:mine")}
        _send(copy.person, _("The copy of your data is ready"), "copy", context)


def tell_of_erasure(erasure: Erasure) -> None:
    """Mail what was erased and what the law keeps, before the address goes."""
    with translation.override(erasure.person.preferred_language):
        context = {"erasure": erasure, "lines": lines_of(erasure.outcome)}
        _send(erasure.person, _("Your data were erased"), "erasure", context)


def tell_of_bulk(administrator: User, *, reference: str, minute: str, day: str) -> None:
    """Mail an administrator that one officer opens more records than the work explains."""
    with translation.override(administrator.preferred_language):
        context = {"officer": reference, "minute": minute, "day": day}
        _send(administrator, _("An officer opens very many records"), "bulk", context)


def lines_of(outcome: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines of an erasure with their words in the reader's language."""
    return [
        {
            "kind": (kind := kind_named(line["kind"])),
            "erased": line["erased"],
            "kept": line["kept"],
            "ground": kind.keeping.ground,
            "until": date.fromisoformat(line["until"]) if line["until"] else None,
        }
        for line in outcome
        if line["erased"] or line["kept"]
    ]


def _send(reader: User, subject: str, name: str, context: dict[str, Any]) -> None:
    context |= {"reader": reader}
    text = render_to_string(f"privacy/email/{name}.txt", context)
    mail = EmailMultiAlternatives(subject, text, to=[reader.email])
    mail.attach_alternative(render_to_string(f"privacy/email/{name}.html", context), "text/html")
    mail.send()
