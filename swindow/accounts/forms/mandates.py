"""Whom a seller lets act for it, and within which limits."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from swindow.accounts.destinations import destination_choices
from swindow.accounts.directory import verified_agent
from swindow.accounts.lifecycle import MandateTerms
from swindow.accounts.models import MANDATED_ACTS, Act, Mandate, Organisation
from swindow.form_fields import Day, PlainText, StrictDecimal, currency_choices
from swindow.problems import Problem

_SCOPES = {
    Act.PREPARE: _("Prepare: enter goods, upload papers, keep your product list"),
    Act.LODGE: _("Lodge: submit declarations to customs in your name"),
    Act.PAY: _("Pay: pay charges, also from your deferment account"),
    Act.DOWNLOAD: _("Download: receive the release papers and the files"),
    Act.ANSWER: _("Answer: read the authorities' questions and answer them"),
}
_LARGEST = Decimal(10**12)


class TermsForm(forms.Form):
    """What a mandate allows and how long."""

    scopes = forms.MultipleChoiceField(
        label=_("What the agent may do"),
        choices=[(act.value, _SCOPES[act]) for act in MANDATED_ACTS],
        initial=[Act.PREPARE.value, Act.LODGE.value, Act.DOWNLOAD.value, Act.ANSWER.value],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever holds a mandate sees your declarations; what else it may do, you choose."),
        error_messages={"required": _("Choose at least one thing that the agent may do.")},
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries of import"),
        choices=destination_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none for all countries."),
    )
    value_limit = StrictDecimal(
        label=_("Limit for one declaration"),
        required=False,
        max_digits=15,
        decimal_places=2,
        help_text=_("The invoice total above which the agent may not lodge. Empty means no limit."),
    )
    value_currency = forms.ChoiceField(
        label=_("Currency of the limit"), choices=currency_choices, required=False
    )
    valid_from = Day(
        label=_("First day"), required=False, help_text=_("Empty means from the agent's acceptance on.")
    )
    valid_to = Day(label=_("Last day"), required=False, help_text=_("Empty means until one of you ends it."))

    def clean_value_limit(self) -> Decimal | None:
        """Refuse a limit that the database could not keep or that lets nothing pass."""
        limit: Decimal | None = self.cleaned_data["value_limit"]
        if limit is not None and not 0 < limit < _LARGEST:
            raise forms.ValidationError(_("Give a limit above 0 and below 1,000,000,000,000."), code="AC-36")
        return limit

    def clean(self) -> dict[str, Any]:
        """Check what concerns two fields, each beside the one to mend."""
        data = super().clean() or {}
        self._check_limit(data)
        self._check_days(data)
        return data

    def terms(self) -> MandateTerms:
        """Return what was chosen; the last day counts as a whole."""
        data = self.cleaned_data
        last: date | None = data["valid_to"]
        return MandateTerms(
            scopes=tuple(data["scopes"]),
            countries=tuple(sorted(data["countries"])),
            value_limit=data["value_limit"],
            value_currency=data["value_currency"],
            valid_from=_beginning_of(data["valid_from"]),
            valid_to=_beginning_of(last + timedelta(days=1) if last else None),
        )

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Show the law's refusals beside their fields, or above the form."""
        for problem in problems:
            field = problem.path if problem.path in self.fields else None
            self.add_error(field, forms.ValidationError(problem.sentence, code=problem.code))

    def _check_limit(self, data: dict[str, Any]) -> None:
        limit, currency = data.get("value_limit"), data.get("value_currency")
        if limit is not None and not currency:
            self._refuse("value_currency", _("Choose the currency of the limit."), "AC-36")
        if currency and limit is None and "value_limit" not in self.errors:
            message = _("Give the limit in this currency, or leave the currency empty.")
            self._refuse("value_limit", message, "AC-36")

    def _check_days(self, data: dict[str, Any]) -> None:
        first, last = data.get("valid_from"), data.get("valid_to")
        if last and last < timezone.now().date():
            self._refuse("valid_to", _("This day is over. Give today or a later day."), "AC-37")
        elif first and last and last < first:
            self._refuse("valid_to", _("The last day comes before the first."), "AC-37")

    def _refuse(self, field: str, message: Any, code: str) -> None:
        self.add_error(field, forms.ValidationError(message, code=code))


class MandateForm(TermsForm):
    """The agent who may act for the seller, and the terms."""

    agent = PlainText(
        label=_("Reference of the agent"),
        max_length=20,
        help_text=_("It stands in the directory and on the agent's own page, for example ORG-26-0000012K."),
        error_messages={"required": _("Give the agent's reference, or choose an agent in the directory.")},
    )
    field_order = ("agent",)

    def clean_agent(self) -> Organisation:
        """Return the verified agent with this reference."""
        agent = verified_agent(str(self.cleaned_data["agent"]).upper().replace(" ", ""))
        if agent is None:
            message = _("No verified agent has this reference. Copy it from the directory or ask the agent.")
            raise forms.ValidationError(message, code="AC-30")
        return agent


def as_initial(mandate: Mandate) -> dict[str, Any]:
    """Return a mandate's terms as the form shows them."""
    return {
        "scopes": mandate.scopes,
        "countries": mandate.countries,
        "value_limit": mandate.value_limit,
        "value_currency": mandate.value_currency,
        "valid_from": mandate.valid_from.date() if mandate.valid_from > timezone.now() else None,
        "valid_to": mandate.last_day,
    }


def _beginning_of(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
