"""What officers send to change one row of the law, or one parameter."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from inspection.forms.drafts import EditForm
from swindow.form_fields import Day, PlainText
from tariffs.drafting.edits import (
    Edit,
    Evidence,
    ParameterAdded,
    ParameterChanged,
    ParameterClosed,
    RateAdded,
    RateChanged,
    RateClosed,
    RateTakenOut,
)
from tariffs.duties.errors import DutyError
from tariffs.duties.parsing import parse_duty
from tariffs.expressions import ExpressionError, compile_expression

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)
_PREFIX = re.compile(r"[0-9]{0,10}", re.ASCII)
_PARAMETER = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]{1,39}", re.ASCII)
_NO_FIGURE = ("close", "take_out")
_MEASURES = (
    ("", _("Third country duty, or a tax")),
    ("suspension", _("Suspension")),
    ("preference", _("Preference")),
    ("quota", _("Tariff quota")),
)


@dataclass(frozen=True, slots=True)
class LawChoices:
    """What a draft's forms offer: types of rows, rules, countries of import, names that formulas know."""

    types: Sequence[str]
    rules: Sequence[tuple[str, str]]
    countries: Sequence[str]
    names: frozenset[str]


class EvidenceForm(EditForm):
    """A figure with its source."""

    source = PlainText(
        label=_("Source"),
        max_length=300,
        help_text=_("The address or the number of the act that says so."),
        error_messages={"required": _("Name the source.")},
    )
    source_date = Day(label=_("Date of the source"), required=False)
    is_verified = forms.BooleanField(label=_("I have compared it with the source"), required=False)

    def evidence(self) -> Evidence:
        """Return where the figure comes from."""
        data = self.cleaned_data
        return Evidence(data["source"], _iso(data.get("source_date")), is_verified=bool(data["is_verified"]))


class AddRateForm(EvidenceForm):
    """A new row of rates.csv."""

    type = forms.ChoiceField(label=_("Kind of row"), error_messages={"required": _("Choose a kind.")})
    hs_prefix = PlainText(
        label=_("Beginning of the commodity code"),
        max_length=10,
        required=False,
        help_text=_("Up to 10 digits; empty for all goods."),
    )
    country = forms.ChoiceField(label=_("Country of import"), required=False)
    origin = PlainText(
        label=_("Countries of origin"),
        max_length=300,
        required=False,
        help_text=_("Two letters each, with spaces between; empty for every origin."),
    )
    measure = forms.ChoiceField(label=_("Measure"), choices=_MEASURES, required=False)
    preference = PlainText(label=_("Preference code"), max_length=20, required=False)
    proof = PlainText(label=_("Proof of origin"), max_length=100, required=False)
    expression = PlainText(
        label=_("Duty or tax"),
        max_length=300,
        required=False,
        help_text=_("In the authority's words: 6.5%, free, 2.50 EUR / 100 kg. Empty for a mark."),
    )
    gate = PlainText(label=_("Only when"), max_length=300, required=False, help_text=_("A formula."))
    rule = forms.ChoiceField(label=_("Rule"), required=False)
    name_en = PlainText(label=_("Name of the goods, English"), max_length=200, required=False)
    name_zh = PlainText(label=_("Name of the goods, Chinese"), max_length=200, required=False)
    valid_from = Day(label=_("From"), required=False)
    valid_to = Day(label=_("Until (not included)"), required=False)

    def __init__(self, *args: Any, law: LawChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._law = law
        self.order_fields([*_RATE_ORDER, "seen"])
        choices = {
            "type": [("", _("Choose")), *((name, name) for name in law.types)],
            "country": [("", _("All")), *((code, code) for code in law.countries)],
            "rule": [("", _("None")), *law.rules],
        }
        for name, offered in choices.items():
            cast(forms.ChoiceField, self.fields[name]).choices = offered

    def clean_hs_prefix(self) -> str:
        """Take digits with or without spaces and points."""
        text = re.sub(r"[ .]", "", self.cleaned_data["hs_prefix"])
        if not _PREFIX.fullmatch(text):
            raise ValidationError(_("Write up to 10 digits."))
        return text

    def clean_origin(self) -> str:
        """Take codes with spaces, commas or bars between them."""
        codes = re.split(r"[\s,|]+", self.cleaned_data["origin"].strip())
        wrong = [code for code in codes if code and not _ORIGIN.fullmatch(code)]
        if wrong:
            raise ValidationError(_("%(code)s is no country code.") % {"code": wrong[0][:40]})
        # Countries have two letters; longer names are the pack's own groups.
        return "|".join(code.upper() if len(code) == 2 else code for code in codes if code)

    def clean_expression(self) -> str:
        """Refuse a duty that is not understood, with its character."""
        return _understood(self.cleaned_data["expression"])

    def clean_gate(self) -> str:
        """Refuse a formula that is not understood, with its character."""
        text: str = self.cleaned_data["gate"]
        if text:
            _check_formula(text, names=self._law.names)
        return text

    def clean(self) -> dict[str, Any]:
        """Refuse a row that ends before it begins."""
        data = super().clean() or {}
        _check_period(self, data)
        return data

    def edit(self) -> Edit:
        """Return the change."""
        data, evidence = self.cleaned_data, self.evidence()
        texts = {name: str(data.get(name) or "") for name in _RATE_TEXTS}
        days = {name: _iso(data.get(name)) for name in ("valid_from", "valid_to")}
        verified = "true" if evidence.is_verified else "false"
        source = {"source": evidence.source, "source_date": evidence.source_date}
        return RateAdded({**texts, **days, **source, "verified": verified, "enabled": "true"})


class RowForm(EvidenceForm):
    """What is done to one row: another figure from a day on, or an end."""

    act = forms.ChoiceField(
        label=_("What changes"),
        choices=[("change", _("Another figure from a day on")), ("close", _("It ends"))],
        widget=forms.RadioSelect,
        initial="change",
        error_messages={"required": _("Choose what changes.")},
    )
    on = Day(label=_("From"))

    def __init__(self, *args: Any, line: int, figure: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        self.fields["on"].error_messages["required"] = _("Give the first day on which it is so.")
        # An end needs no new figure and no source, taking out a row not even a day.
        act = self.data.get("act", "change")
        for name, acts in (("on", ("take_out",)), (figure, _NO_FIGURE), ("source", _NO_FIGURE)):
            self.fields[name].required = act not in acts
        self.order_fields(["act", "on", figure, "source", "source_date", "is_verified", "seen"])


class RateForm(RowForm):
    """What is done to one row of rates.csv."""

    expression = PlainText(
        label=_("New duty or tax"),
        max_length=300,
        error_messages={"required": _("Write the new duty, such as free or 6.5%.")},
    )

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, figure="expression", **kwargs)
        if is_own:
            # Never law: this draft added it.
            act = cast(forms.ChoiceField, self.fields["act"])
            act.choices = [*cast(list[Any], act.choices), ("take_out", _("Take this new row out again"))]

    def clean_expression(self) -> str:
        """Refuse a duty that is not understood, with its character."""
        return _understood(self.cleaned_data["expression"])

    def edit(self) -> Edit:
        """Return the change."""
        data = self.cleaned_data
        if data["act"] == "take_out":
            return RateTakenOut(self.line)
        if data["act"] == "close":
            return RateClosed(self.line, data["on"])
        return RateChanged(self.line, data["expression"], data["on"], self.evidence())


class ParameterForm(RowForm):
    """What is done to one value of a parameter."""

    value = PlainText(
        label=_("New value"), max_length=40, error_messages={"required": _("Write the new value.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, figure="value", **kwargs)

    def clean_value(self) -> str:
        """Refuse what is no number."""
        return _number(self.cleaned_data["value"])

    def edit(self) -> Edit:
        """Return the change."""
        data = self.cleaned_data
        if data["act"] == "close":
            return ParameterClosed(self.line, data["on"])
        return ParameterChanged(self.line, data["value"], data["on"], self.evidence())


class AddParameterForm(EvidenceForm):
    """A value of a parameter for days that have none, or a new parameter."""

    name = PlainText(label=_("Name"), max_length=60, help_text=_("As formulas read it: low_value_limit."))
    value = PlainText(label=_("Value"), max_length=40)
    rule = forms.ChoiceField(label=_("Rule"), error_messages={"required": _("Choose a rule.")})
    valid_from = Day(label=_("From"), required=False)
    valid_to = Day(label=_("Until (not included)"), required=False)

    def __init__(self, *args: Any, law: LawChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "value", "rule", "valid_from", "valid_to"])
        cast(forms.ChoiceField, self.fields["rule"]).choices = [("", _("Choose")), *law.rules]

    def clean_name(self) -> str:
        """Refuse what no formula could read."""
        name: str = self.cleaned_data["name"]
        if not _PARAMETER.fullmatch(name):
            raise ValidationError(_("Write small letters, digits and underscores, beginning with a letter."))
        return name

    def clean_value(self) -> str:
        """Refuse what is no number."""
        return _number(self.cleaned_data["value"])

    def clean(self) -> dict[str, Any]:
        """Refuse a value that ends before it begins."""
        data = super().clean() or {}
        _check_period(self, data)
        return data

    def edit(self) -> Edit:
        """Return the change."""
        data = self.cleaned_data
        period = {name: data.get(name) for name in ("valid_from", "valid_to")}
        return ParameterAdded(data["name"], data["value"], data["rule"], evidence=self.evidence(), **period)


_RATE_ORDER = (
    *("type", "hs_prefix", "country", "origin", "measure", "preference", "proof", "expression", "gate"),
    *("rule", "name_en", "name_zh", "valid_from", "valid_to", "source", "source_date", "is_verified"),
)
_RATE_TEXTS = (
    *("type", "hs_prefix", "country", "origin", "measure", "preference", "proof", "expression", "gate"),
    *("rule", "name_en", "name_zh"),
)


def _understood(expression: str) -> str:
    if expression:
        try:
            parse_duty(expression)
        except DutyError as error:
            raise ValidationError(f"{error}. {error.fix}", code="duty") from error
    return expression


def _check_formula(text: str, *, names: frozenset[str]) -> None:
    try:
        compile_expression(text, known=names)
    except ExpressionError as error:
        raise ValidationError(str(error), code="formula") from error
    except RecursionError as error:
        raise ValidationError(_("This formula is nested too deeply."), code="formula") from error


def _number(text: str) -> str:
    if text and not _NUMBER.fullmatch(text):
        raise ValidationError(_("Write a number like 0.7 or 2500, without spaces or commas."), code="number")
    return text


def _check_period(form: forms.Form, data: dict[str, Any]) -> None:
    begins, ends = data.get("valid_from"), data.get("valid_to")
    if begins and ends and ends <= begins:
        form.add_error("valid_to", _("This is not after the day on which it begins."))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
