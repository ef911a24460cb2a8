"""Mails about a declaration, in the reader's language."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_countries import countries

from declarations.models import Declaration
from declarations.notices import use_of
from declarations.statement import Statement
from swindow.accounts.models import Role, User

Teller = Callable[[Declaration, Mapping[str, Any]], None]
# Buyers have no account that says what they read; others are written to in English.
_BUYERS_LANGUAGE = {"CN": "zh-hans"}
# What a program that shows mails would turn into a link.
_LINK_MARKS = re.compile(r"://|@|\.(?=[^\W\d])")


def tell_of_question(declaration: Declaration, payload: Mapping[str, Any]) -> None:
    """Mail that an authority asks something; the question itself is read in the portal."""
    _send(declaration, "question", lambda: _("A question about %(reference)s"))


def tell_of_refusal(declaration: Declaration, payload: Mapping[str, Any]) -> None:
    """Mail that the goods were refused, with the reason."""
    _send(declaration, "refusal", lambda: _("%(reference)s was refused"))


def tell_of_release(declaration: Declaration, payload: Mapping[str, Any]) -> None:
    """Mail that the papers are ready."""
    _send(declaration, "release", lambda: _("%(reference)s is released"))


def tell_of_objection(declaration: Declaration, payload: Mapping[str, Any]) -> None:
    """Mail the company's owners and whoever made the declaration, who may be an agent."""
    is_held = bool(payload.get("kind"))
    for reader in _concerned(declaration):
        _send(
            declaration,
            "objection",
            lambda: _("The buyer named in %(reference)s objects"),
            reader=reader,
            is_held=is_held,
        )


def tell_buyer(statement: Statement, *, address: str, code: str) -> None:
    """Mail the named buyer who declared what in their name, with the address of the notice's page."""
    language = _BUYERS_LANGUAGE.get(str(statement.declaration.jurisdiction), "en")
    with translation.override(language):
        use = use_of(statement)
        context = {
            "use": use,
            # The seller's words go to somebody who does not know the portal: no link of theirs comes along.
            "seller": without_links(use.seller),
            "order_number": without_links(use.order_number),
            "goods": [(without_links(description), quantity) for description, quantity in use.goods],
            "country": countries.name(use.country),
            "action_url": settings.BASE_URL + reverse("declarations:buyer", args=[code]),
            "action_label": _("Confirm or object"),
        }
        _post(_("An import in your name"), "buyer", context, to=address)


def without_links(text: str) -> str:
    """Return a text in which no program finds an address to open."""
    return _LINK_MARKS.sub(lambda mark: f"{mark.group()[0]} ", text)


def _concerned(declaration: Declaration) -> list[User]:
    owners = Q(memberships__organisation=declaration.declarant_id, memberships__role=Role.OWNER)
    people = User.objects.filter(owners | Q(pk=declaration.created_by_id), is_active=True).distinct()
    # A mandate may have ended meanwhile.
    return [
        person
        for person in people.order_by("pk")
        if Declaration.objects.for_actor(person).filter(pk=declaration.pk).exists()
    ]


def _send(
    declaration: Declaration,
    name: str,
    subject: Callable[[], str],
    *,
    reader: User | None = None,
    **shown: Any,
) -> None:
    reader = reader or declaration.created_by
    with translation.override(reader.preferred_language):
        address = settings.BASE_URL + reverse("declarations:detail", args=[declaration.reference])
        context = {"declaration": declaration, "reader": reader, "address": address, **shown}
        _post(subject() % {"reference": declaration.reference}, name, context, to=reader.email)


def _post(subject: str, name: str, context: Mapping[str, Any], *, to: str) -> None:
    mail = EmailMultiAlternatives(
        subject, render_to_string(f"declarations/email/{name}.txt", context), to=[to]
    )
    mail.attach_alternative(render_to_string(f"declarations/email/{name}.html", context), "text/html")
    mail.send()
