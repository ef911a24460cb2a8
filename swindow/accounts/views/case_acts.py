"""What an officer may do with a case at the moment, each act with its form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from swindow.accounts import lifecycle
from swindow.accounts.forms import AskForm, ReasonForm, ReinstateForm, VerifyForm
from swindow.accounts.models import User, Verification
from swindow.components import DecisionOption

Status = Verification.Status
_Typed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its form, what it does, and its words."""

    form: type[forms.Form]
    do: Callable[[Verification, _Typed, User, datetime], Verification]
    label: Promise
    button: Promise
    done: Promise
    icon: str
    kind: str


def open_acts(case: Verification, *, in_force: Verification | None) -> list[str]:
    """Return what can be done with the case, the likeliest first."""
    if case.status == Status.SUSPENDED:
        return ["reinstate"]
    if case.status == Status.VERIFIED:
        return ["suspend"] if case == in_force else []
    if not case.is_open:
        return []
    asking = [] if case.status == Status.ASKED else ["ask"]
    if case.registry == Verification.Registry.PENDING:
        return [*asking, "refuse"]
    is_clear = case.registry == Verification.Registry.FOUND
    return ["verify", *asking, "refuse"] if is_clear else [*asking, "verify", "refuse"]


def act_tabs(case: Verification, acts: list[str], *, chosen: str) -> list[tuple[str, DecisionOption]]:
    """Return each act with the address that shows its form."""
    address = reverse("accounts:verification", args=[case.reference])
    return [
        (
            f"{address}?act={name}",
            DecisionOption(name, ACTS[name].label, ACTS[name].icon, "", ACTS[name].kind, name == chosen),  # type: ignore[arg-type]
        )
        for name in acts
    ]


def _ask(case: Verification, typed: _Typed, by: User, at: datetime) -> Verification:
    return lifecycle.ask_company(case, text=typed["text"], by=by, at=at)


def _verify(case: Verification, typed: _Typed, by: User, at: datetime) -> Verification:
    until = typed["valid_until"]
    return lifecycle.decide_verification(case, is_accepted=True, reason="", valid_until=until, by=by, at=at)


def _refuse(case: Verification, typed: _Typed, by: User, at: datetime) -> Verification:
    return lifecycle.decide_verification(case, is_accepted=False, reason=typed["reason"], by=by, at=at)


def _suspend(case: Verification, typed: _Typed, by: User, at: datetime) -> Verification:
    return lifecycle.suspend_company(case, reason=typed["reason"], by=by, at=at)


def _reinstate(case: Verification, typed: _Typed, by: User, at: datetime) -> Verification:
    return lifecycle.reinstate_company(case, reason=typed["reason"], by=by, at=at)


ACTS: Mapping[str, Act] = {
    "verify": Act(
        VerifyForm,
        _verify,
        _("Verify"),
        _("Verify the company"),
        _("%(case)s: the company is verified and told by mail."),
        "shield-check",
        "ok",
    ),
    "ask": Act(
        AskForm,
        _ask,
        _("Ask"),
        _("Send the question"),
        _("%(case)s: the question is on its way."),
        "message-question",
        "info",
    ),
    "refuse": Act(
        ReasonForm,
        _refuse,
        _("Refuse"),
        _("Refuse the company"),
        _("%(case)s: the company is refused and told by mail."),
        "ban",
        "bad",
    ),
    "suspend": Act(
        ReasonForm,
        _suspend,
        _("Suspend"),
        _("Suspend the company"),
        _("%(case)s: the company is suspended and may not lodge."),
        "hand-stop",
        "bad",
    ),
    "reinstate": Act(
        ReinstateForm,
        _reinstate,
        _("Lift the suspension"),
        _("Lift the suspension"),
        _("%(case)s: the company may lodge again."),
        "circle-check",
        "ok",
    ),
}
