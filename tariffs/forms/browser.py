"""What the tariff browser asks: words or a code, and for whom a commodity's measures are shown."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from swindow.form_fields import Day, PlainText
from tariffs import nomenclature
from tariffs.commodities import clean_code
from tariffs.jurisdictions import jurisdictions, pack_jurisdiction

LONGEST_TEXT = 300
LONGEST_CODE = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose measures are wanted: country of import and origin, empty for any, and the day of the law."""

    country: str
    origin: str
    on: date

    @property
    def query(self) -> str:
        """Return it as the query of an address; what is usual or empty is left out."""
        given = {"country": self.country, "origin": self.origin, "on": self.on.isoformat()}
        return "?" + urlencode({name: value for name, value in given.items() if value})


class _Words(PlainText):
    """Words that may be left out; nothing typed is an answer too, so the label says no “optional”."""

    def validate(self, value: str) -> None:
        """Check what was typed, if anything was."""
        if value:
            super().validate(value)


class _Choice(forms.ChoiceField):
    """A choice whose first line, nothing in particular, is an answer too."""

    def validate(self, value: str) -> None:
        """Check what was chosen, if anything was."""
        if value:
            super().validate(value)


class _CountryOfImport(_Choice):
    """A country that some pack rules."""

    def valid_value(self, value: str) -> bool:
        """Tell whether a pack rules the country; their names, which cost a millisecond, are not needed."""
        return bool(pack_jurisdiction(value))


class SearchForm(forms.Form):
    """Words or the first digits of a code; with a country the duty there is shown beside each candidate."""

    use_required_attribute = False

    q = _Words(
        label=_("What are the goods, or how does the code begin?"),
        help_text=_("What they are, what they are made of, what they are for: women's running shoes, mesh"),
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    country = _CountryOfImport(
        label=_("Show the duty of"), choices=lambda: [("", _("No country")), *_countries_of_import()]
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # What htmx reads; without a script the field is an ordinary one.
        self.fields["q"].widget.attrs |= {
            "data-suggest": "suggestions",
            "hx-get": reverse("tariffs:suggestions"),
            "hx-include": "closest form",
            "hx-sync": "this:replace",
            "hx-target": "#suggestions",
            "hx-trigger": "input changed delay:120ms",
        }

    def clean_q(self) -> str:
        """Refuse digits with which no code begins."""
        text = str(self.cleaned_data["q"])
        code = clean_code(text)
        if code and _is_digits(code) and not nomenclature.search_prefix(code[:6]):
            message = _("No code begins with %(code)s. Check the digits, or describe the goods.")
            raise ValidationError(message, code="commodity_code", params={"code": code[:20]})
        return text


class MeasuresForm(forms.Form):
    """Country of import, origin and day; each may be left out."""

    use_required_attribute = False

    country = _CountryOfImport(
        label=_("Imported into"), choices=lambda: [("", _("Every country")), *_countries_of_import()]
    )
    origin = _Choice(label=_("Made in"), choices=lambda: [("", _("Any origin")), *countries])
    on = Day(label=_("Law of the day"))

    def __init__(self, data: QueryDict, *, today: date) -> None:
        given = data.copy()
        if not given.get("on", "").strip():
            given["on"] = today.isoformat()
        super().__init__(given)

    @property
    def asked(self) -> Asked:
        """Return what a valid form asks for."""
        data = self.cleaned_data
        return Asked(country=data["country"], origin=data["origin"], on=data["on"])


def known_code(text: str) -> str:
    """Return the code that the text is, when the tariff has it: 2, 4 or 6 digits, or more below six."""
    code = clean_code(text)
    is_whole = len(code) in (2, 4) or 6 <= len(code) <= LONGEST_CODE
    return code if _is_digits(code) and is_whole and nomenclature.exists(code[:6]) else ""


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _countries_of_import() -> list[tuple[str, str]]:
    return [(country.code, country.name) for country in jurisdictions()]
