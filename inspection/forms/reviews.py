"""What officers send: which part of the queue they want, and their decision."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from inspection.lifecycle import OBJECTION_SETTLED
from inspection.models import Authority, Lane
from inspection.queue import QueueWish
from inspection.reasons import Act, Reason, reasons_for

_REASON_LENGTH = 1000
_ACTS: dict[Act, Any] = {"approve": _("To approve"), "ask": _("To ask"), "refuse": _("To refuse")}


class QueueForm(forms.Form):
    """The filters of the queue; what cannot be understood is left out."""

    authority = forms.ChoiceField(choices=Authority, required=False)
    lane = forms.ChoiceField(choices=Lane, required=False)
    mine = forms.BooleanField(required=False)
    q = forms.CharField(max_length=40, required=False)
    after = forms.CharField(max_length=20, required=False)

    def wish(self, *, authorities: frozenset[str]) -> QueueWish:
        """Return the wish; the authority is one of the officer's own."""
        self.full_clean()
        data = self.cleaned_data
        authority = data.get("authority") or ""
        return QueueWish(
            authority=authority if authority in authorities else _first(authorities),
            lane=data.get("lane") or "",
            is_mine=bool(data.get("mine")),
            search=data.get("q") or "",
            after=data.get("after") or "",
        )


class DecisionForm(forms.Form):
    """An officer's decision on one review, with the authority's own reason codes.

    While the named buyer objects, customs approves only by saying how that was settled.
    """

    decision = forms.ChoiceField(
        choices=[("approve", _("Approve")), ("ask", _("Ask the seller")), ("refuse", _("Refuse"))],
        error_messages={"required": _("Choose whether to approve, to ask or to refuse.")},
    )
    reason_code = forms.ChoiceField(
        label=_("Reason code"), error_messages={"required": _("Choose a reason.")}
    )
    message = forms.CharField(
        label=_("Message to the seller"),
        required=False,
        max_length=2000,
        help_text=_("Needed to ask and to refuse."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, authority: str, is_objected: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.authority, self.is_objected = authority, is_objected
        groups = [(title, self._choices(act)) for act, title in _ACTS.items()]
        field = cast(forms.ChoiceField, self.fields["reason_code"])
        field.choices = [("", _("Choose")), *groups]

    def clean(self) -> dict[str, Any]:
        """Fit the reason to the act: refusing needs a code and a sentence, asking needs a text."""
        data = super().clean() or {}
        act = data.get("decision")
        if act:
            self._check_code(data, act)
            self._check_message(data, act)
        return data

    def _check_code(self, data: dict[str, Any], act: Act) -> None:
        allowed = [reason.code for reason in self._reasons(act)]
        if data.get("reason_code") not in allowed and "reason_code" not in self.errors:
            self.add_error(
                "reason_code", _("Choose one of the reasons under “%(act)s”.") % {"act": _ACTS[act]}
            )

    def _check_message(self, data: dict[str, Any], act: Act) -> None:
        message = data.get("message", "")
        if act == "ask" and not message and "message" not in self.errors:
            self.add_error("message", _("Write what you want to know."))
        if act == "refuse" and not message and "message" not in self.errors:
            self.add_error("message", _("Write why, in a sentence that the seller understands."))
        if data.get("reason_code") == OBJECTION_SETTLED and not message:
            self.add_error("message", _("Write how the buyer's objection was settled."))
        if act != "ask" and len(message) > _REASON_LENGTH:
            self.add_error("message", _("A reason has at most 1,000 characters."))

    def _reasons(self, act: Act) -> list[Reason]:
        reasons = reasons_for(self.authority, act)
        if act != "approve":
            return list(reasons)
        return [one for one in reasons if (one.code == OBJECTION_SETTLED) is self.is_objected]

    def _choices(self, act: Act) -> list[tuple[str, str]]:
        return [(reason.code, f"{reason.code} {reason.sentence}") for reason in self._reasons(act)]


def _first(authorities: frozenset[str]) -> str:
    return next(code for code in Authority.values if code in authorities)
