"""Fields that read what people type strictly, and never hide it when it is wrong."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django_countries import countries

# ISO 4217 codes with a published rate; the law's own table says whether one is missing for a day.
CURRENCIES = (
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK",
    "JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "USD", "ZAR",
)  # fmt: skip
_SELECTED = mark_safe(" selected")
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)


class LongSelect(forms.Select):
    """A choice of hundreds, written in one go: Django renders a template for each option of each field."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: Mapping[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        """Return the field with its options."""
        own = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((code, _SELECTED if str(code) == chosen else "", label) for code, label in self.choices),
        )
        return format_html("<select{}>{}</select>", flatatt(own), options)


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


def country_choices() -> tuple[tuple[str, str], ...]:
    """Return every country in the reader's language, after an empty choice."""
    return _countries_in(get_language() or "en")


def currency_choices() -> Iterator[tuple[str, Any]]:
    """Yield the currencies that have a published rate, after an empty choice."""
    yield "", _("Choose")
    yield from ((code, code) for code in CURRENCIES)


@cache
def _countries_in(language: str) -> tuple[tuple[str, str], ...]:
    with override(language):
        return (("", str(_("Choose"))), *((code, str(name)) for code, name in countries))
