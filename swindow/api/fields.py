"""Strict fields: what comes in is exactly what was meant, or it is refused with its path."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from babel.numbers import list_currencies
from django.core.exceptions import ValidationError as InvalidAddress
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
_DAY = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_MOST_UNKNOWN = 50
# Cc control, Cf format (bidirectional overrides, zero width), Cs surrogates, Zl and Zp line separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class StrictSerializer(serializers.Serializer[Any]):
    """Names every field that it does not know, beside all other problems."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the validated values; raises ValidationError with all problems at once."""
        unknown = self._unknown(data)
        try:
            value: dict[str, Any] = super().to_internal_value(data)
        except ValidationError as error:
            if isinstance(error.detail, dict):
                raise ValidationError({**error.detail, **unknown}) from error
            raise
        if unknown:
            raise ValidationError(unknown)
        return value

    def _unknown(self, data: Any) -> dict[str, list[ErrorDetail]]:
        if not isinstance(data, Mapping):
            return {}
        known = {name for name, field in self.fields.items() if not field.read_only}
        names = [name for name in data if name not in known][:_MOST_UNKNOWN]
        return {
            str(name)[:60]: [ErrorDetail(str(_("There is no such field.")), code="unknown_field")]
            for name in names
        }


class Text(serializers.CharField):
    """A text in Unicode normal form C; control, invisible and direction characters are refused."""

    default_error_messages = {
        "invalid": _("Write a text."),
        "characters": _("The text contains an invisible, control or direction character."),
    }

    def __init__(self, *, max_length: int, is_multiline: bool = False, **options: Any) -> None:
        self.is_multiline = is_multiline
        super().__init__(max_length=max_length, **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the text, trimmed and normalised."""
        if not isinstance(data, str):
            self.fail("invalid")
        text = unicodedata.normalize("NFC", super().to_internal_value(data))
        allowed = "\n" if self.is_multiline else ""
        text = text.replace("\r\n", "\n") if self.is_multiline else text
        if any(mark not in allowed and unicodedata.category(mark) in _INVISIBLE for mark in text):
            self.fail("characters")
        return text


class EmailAddress(Text):
    """An e-mail address."""

    default_error_messages = {"address": _("This is not an e-mail address.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=254, **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the address."""
        address = super().to_internal_value(data)
        try:
            if address:
                validate_email(address)
        except InvalidAddress:
            self.fail("address")
        return address


class Number(serializers.DecimalField):
    """A decimal as text, ASCII digits and one point; never a float, never “1_000” or “１２”."""

    default_error_messages = {
        "number_form": _("This is not a number in the form that is needed."),
        "above_zero": _("Give a number above 0."),
    }

    def __init__(
        self, *, max_digits: int, decimal_places: int, is_zero_allowed: bool = True, **options: Any
    ) -> None:
        self.is_zero_allowed = is_zero_allowed
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **options)

    def to_internal_value(self, data: Any) -> Decimal:
        """Return the number."""
        if not isinstance(data, str) or not _NUMBER.fullmatch(data):
            self.fail("number_form")
        number = super().to_internal_value(data)
        if not number and not self.is_zero_allowed:
            self.fail("above_zero")
        return number


class WholeNumber(serializers.IntegerField):
    """A JSON integer; neither a text nor a truth value."""

    default_error_messages = {"whole_number": _("This is not a whole number.")}

    def to_internal_value(self, data: Any) -> int:
        """Return the number."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("whole_number")
        return data


class Day(serializers.DateField):
    """A day as YYYY-MM-DD."""

    default_error_messages = {"day_form": _("This is not a day.")}

    def to_internal_value(self, value: Any) -> date:
        """Return the day."""
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            self.fail("day_form")
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail("day_form")


class CountryCode(Text):
    """A country of ISO 3166, two capital letters."""

    default_error_messages = {"country": _("This is not a country.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=2, **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the code."""
        code = super().to_internal_value(data)
        if code not in _countries() and code:
            self.fail("country")
        return code


class CurrencyCode(Text):
    """A currency of ISO 4217, three capital letters."""

    default_error_messages = {"currency": _("This is not a currency.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=3, **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the code."""
        code = super().to_internal_value(data)
        if code not in _currencies() and code:
            self.fail("currency")
        return code


class OneOf(serializers.ChoiceField):
    """One of a few words; only a text can be one."""

    def __init__(self, choices: Sequence[Any], **options: Any) -> None:
        super().__init__(choices=choices, **options)

    def to_internal_value(self, data: Any) -> Any:
        """Return the word."""
        if not isinstance(data, str):
            self.fail("invalid_choice", input=str(data)[:40])
        if data not in self.choice_strings_to_values and not (data == "" and self.allow_blank):
            self.fail("invalid_choice", input=data[:40])
        return data


@cache
def _countries() -> frozenset[str]:
    return frozenset(code for code, _name in countries)


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())
