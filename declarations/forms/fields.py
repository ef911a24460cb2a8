"""Fields that read what people type strictly, and never hide it when it is wrong."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from swindow.form_fields import Day, PlainText, StrictDecimal, country_choices, currency_choices

_AMOUNT_PLACES = 2
_WHOLE = re.compile(r"[0-9]{1,9}")


class StrictInteger(forms.IntegerField):
    """A whole number of western digits."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value: Any) -> int | None:
        """Return the number."""
        text = str(value or "").strip()
        if text and not _WHOLE.fullmatch(text):
            raise ValidationError(_("Write a whole number."), code="number")
        return super().to_python(text)


def text(model: type[models.Model], name: str, *, required: bool = True, is_long: bool = False) -> PlainText:
    """Return a text field as the model bounds it."""
    options = _options(model, name, required)
    return PlainText(max_length=_column(model, name).max_length, is_long=is_long, **options)


def email(model: type[models.Model], name: str) -> forms.EmailField:
    """Return an optional address field with the model's words."""
    widget = forms.EmailInput(attrs={"autocomplete": "off"})
    length = _column(model, name).max_length
    return forms.EmailField(max_length=length, widget=widget, **_options(model, name, required=False))


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
    return forms.ChoiceField(choices=country_choices, **_options(model, name, required))


def currency(model: type[models.Model], name: str, *, required: bool = True) -> forms.ChoiceField:
    """Return a choice of currencies."""
    return forms.ChoiceField(choices=currency_choices, **_options(model, name, required))


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


def _column(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _options(model: type[models.Model], name: str, required: bool) -> dict[str, Any]:
    column = _column(model, name)
    return {
        "label": capfirst(column.verbose_name),
        "help_text": column.help_text,
        "required": required,
    }
