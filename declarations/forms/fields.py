"""Fields that read what people type strictly, and never hide it when it is wrong."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_countries import countries

# ISO 4217 codes with a published rate; the law's own table says whether one is missing for a day.
CURRENCIES = (
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK",
    "JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "USD", "ZAR",
)  # fmt: skip
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)
_AMOUNT_PLACES = 2
_WHOLE = re.compile(r"[0-9]{1,9}")


class PlainText(forms.CharField):
    """Text in NFC without control, direction or invisible characters; they can disguise a name."""

    def __init__(self, *, is_long: bool = False, **options: Any) -> None:
        self._allowed = "\n\r\t" if is_long else ""
        if is_long:
            options["widget"] = forms.Textarea(attrs={"rows": 4})
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        """Return the text composed, so that equal names are equal."""
        return unicodedata.normalize("NFC", super().to_python(value) or "")

    def validate(self, value: str) -> None:
        """Refuse characters that nobody can see."""
        super().validate(value)
        if any(unicodedata.category(char)[0] == "C" and char not in self._allowed for char in value):
            raise ValidationError(_("This contains an invisible character. Type it again."), code="invisible")


class StrictDecimal(forms.DecimalField):
    """A number such as 1200.50: no separators, no exponent, no digits of other scripts."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Any:
        """Return the Decimal or None; Python would read 1_000 and Arabic digits too."""
        text = str(value or "").strip()
        if text and not re.fullmatch(rf"[0-9]{{1,15}}(\.[0-9]{{1,{self.decimal_places}}})?", text):
            message = _("Write a number like 1200.50, without spaces or commas, up to %(places)d decimals.")
            raise ValidationError(message, code="number", params={"places": self.decimal_places})
        return super().to_python(text)


class StrictInteger(forms.IntegerField):
    """A whole number of western digits."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value: Any) -> int | None:
        """Return the number."""
        text = str(value or "").strip()
        if text and not _WHOLE.fullmatch(text):
            raise ValidationError(_("Write a whole number."), code="number")
        return super().to_python(text)


class Day(forms.DateField):
    """A day between 2000 and 2099."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": _("This is not a day. Write it like 2026-11-23.")},
            **options,
        )

    def validate(self, value: date | None) -> None:
        """Refuse a mistyped century."""
        super().validate(value)
        if value and not _EARLIEST <= value < _LATEST:
            raise ValidationError(_("This year cannot be right."), code="year")


def text(model: type[models.Model], name: str, *, required: bool = True, is_long: bool = False) -> PlainText:
    """Return a text field as the model bounds it."""
    options = _options(model, name, required)
    return PlainText(max_length=_column(model, name).max_length, is_long=is_long, **options)


def number(
    model: type[models.Model],
    name: str,
    *,
    required: bool = True,
    above_zero: bool = False,
    below: int | None = None,
    up_to: int | None = None,
) -> StrictDecimal:
    """Return a decimal field as the model bounds it; `below` and `up_to` repeat a constraint kindly."""
    column = _column(model, name)
    step = Decimal(1).scaleb(-column.decimal_places)
    return StrictDecimal(
        max_digits=column.max_digits,
        decimal_places=column.decimal_places,
        min_value=step if above_zero else Decimal(0),
        max_value=up_to if below is None else below - step,
        **_options(model, name, required),
    )


def day(model: type[models.Model], name: str, *, required: bool = True) -> Day:
    """Return a date field with the model's words."""
    return Day(**_options(model, name, required))


def choice(
    model: type[models.Model], name: str, *, required: bool = True, is_radio: bool = False
) -> forms.ChoiceField:
    """Return a choice as the model offers it."""
    offered = [pair for pair in _column(model, name).choices if pair[0]]
    if is_radio:
        widget = forms.RadioSelect()
        return forms.ChoiceField(choices=offered, widget=widget, **_options(model, name, required))
    return forms.ChoiceField(choices=[("", _("Choose")), *offered], **_options(model, name, required))


def country(model: type[models.Model], name: str, *, required: bool = True) -> forms.ChoiceField:
    """Return a choice of countries in the reader's language."""
    return forms.ChoiceField(choices=_countries, **_options(model, name, required))


def currency(model: type[models.Model], name: str, *, required: bool = True) -> forms.ChoiceField:
    """Return a choice of currencies."""
    choices = [("", _("Choose")), *((code, code) for code in CURRENCIES)]
    return forms.ChoiceField(choices=choices, **_options(model, name, required))


def text_of(value: Any) -> str:
    """Return a stored value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        written = f"{value:f}"
        places = len(written.partition(".")[2])
        # Amounts keep their two places; masses and quantities lose the zeros that the column adds.
        return written.rstrip("0").rstrip(".") if places > _AMOUNT_PLACES else written
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _countries() -> Iterator[tuple[str, Any]]:
    yield "", _("Choose")
    yield from countries


def _column(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _options(model: type[models.Model], name: str, required: bool) -> dict[str, Any]:
    column = _column(model, name)
    return {
        "label": capfirst(column.verbose_name),
        "help_text": column.help_text,
        "required": required,
    }
