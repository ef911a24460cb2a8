"""Mails about mandates and requests for help, to the other side, each reader in their own language."""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from swindow.accounts.models import HelpRequest, Mandate, Organisation, Role, User
from swindow.accounts.wording import country_words, term_rows

_DEALERS = (Role.OWNER, Role.DECLARANT)


def tell_of_mandate(mandate: Mandate, *, kind: str, side: str) -> None:
    """Tell the other side's owners; `side` is who ended it: seller or agent."""
    subjects: dict[str, Callable[[], str]] = {
        "mandate.given": lambda: _("%(seller)s offers you a mandate"),
        "mandate.accepted": lambda: _("%(agent)s acts for you now"),
        "mandate.declined": lambda: _("%(agent)s has declined your mandate"),
        "mandate.ended": lambda: _("The mandate %(mandate)s has ended"),
    }
    to_agent = kind == "mandate.given" or (kind == "mandate.ended" and side == "seller")
    readers = mandate.agent if to_agent else mandate.seller
    names = {"seller": mandate.seller.name, "agent": mandate.agent.name, "mandate": mandate.reference}
    for reader in _people_of(readers, (Role.OWNER,)):
        with translation.override(reader.preferred_language):
            _send(
                reader,
                "mandate",
                subject=subjects[kind]() % names,
                action=(reverse("accounts:mandate", args=[mandate.reference]), _("Open the mandate")),
                facts={"mandate": mandate, "kind": kind, "side": side, "rows": term_rows(mandate), **names},
            )


def tell_of_help(asking: HelpRequest, *, kind: str) -> None:
    """Tell the agent that a seller asks or withdraws, and the seller what the agent answers."""
    subjects: dict[str, Callable[[], str]] = {
        "help.asked": lambda: _("%(seller)s asks for your help"),
        "help.accepted": lambda: _("%(agent)s would act for you"),
        "help.declined": lambda: _("%(agent)s cannot help you"),
        "help.withdrawn": lambda: _("%(seller)s needs your help no longer"),
    }
    readers = asking.agent if kind in ("help.asked", "help.withdrawn") else asking.seller
    names = {"seller": asking.seller.name, "agent": asking.agent.name}
    for reader in _people_of(readers, _DEALERS):
        with translation.override(reader.preferred_language):
            facts = {"asking": asking, "kind": kind, "countries": country_words(asking.countries), **names}
            _send(
                reader,
                "help",
                subject=subjects[kind]() % names,
                action=(reverse("accounts:help", args=[asking.reference]), _("Open the request")),
                facts=facts,
            )


def _people_of(company: Organisation, roles: Sequence[str]) -> list[User]:
    places = {"memberships__organisation": company, "memberships__role__in": roles}
    return list(User.objects.filter(is_active=True, **places).order_by("pk"))


def _send(reader: User, name: str, *, subject: str, action: tuple[str, str], facts: dict[str, Any]) -> None:
    address, label = action
    context = {**facts, "action_url": settings.BASE_URL + address, "action_label": label}
    text = render_to_string(f"accounts/email/{name}.txt", context)
    # A company's name stands in the subject, which is one line.
    mail = EmailMultiAlternatives(" ".join(subject.split()), text, to=[reader.email])
    mail.attach_alternative(render_to_string(f"accounts/email/{name}.html", context), "text/html")
    mail.send()
