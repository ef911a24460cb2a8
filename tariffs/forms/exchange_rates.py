"""What is asked of the page of exchange rates: a country, a day, and an amount to convert."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tariffs.exchange.showing import usual_with
from tariffs.law_names import jurisdiction_name
from tariffs.library import book_named, current_books

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# Before the euro there are no reference rates; after this century no law is known.
EARLIEST, LATEST = date(1999, 1, 4), date(2100, 1, 1)


class ExchangeRatesForm(forms.Form):
    """Country and day; an amount with its two currencies where something is to be converted."""

    jurisdiction = forms.ChoiceField(label=_("Country of import"))
    on = forms.DateField(
        label=_("Day"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write year, month and day, for example 2026-11-23.")},
    )
    amount = forms.DecimalField(
        label=_("Amount"),
        required=False,
        min_value=Decimal(0),
        max_digits=15,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=_("From currency"), required=False)
    to = forms.ChoiceField(label=_("To currency"), required=False)

    def __init__(self, data: Any = None, *, today: date, **options: Any) -> None:
        super().__init__(_with_usual(data, today=today), initial={"on": today}, **options)
        chosen = str(self.data.get("jurisdiction", "")) if self.is_bound else ""
        currencies = [(code, code) for code in usual_with(local_currency(chosen) or "EUR")]
        self.fields["jurisdiction"].choices = [("", _("Choose")), *_places()]  # type: ignore[attr-defined]
        if self.is_bound and not _DAY.fullmatch(str(self.data.get("on", ""))):
            # A field for dates shows nothing else, and what was typed would be lost.
            self.fields["on"].widget = forms.TextInput()
        for name in ("currency", "to"):
            self.fields[name].choices = [("", "–"), *currencies]  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        """Return the day, if rates can be known for it."""
        day: date = self.cleaned_data["on"]
        if not EARLIEST <= day < LATEST:
            raise forms.ValidationError(_("Choose a day from 4 January 1999 to the end of 2099."))
        return day


def local_currency(jurisdiction: str) -> str:
    """Return the currency of a country or of a union; empty where no law is known."""
    book = book_named(jurisdiction)
    return book.currency_for(jurisdiction) if book else ""


def _places() -> Sequence[tuple[str, str]]:
    codes = {code for book in current_books() for code in (book.jurisdiction, *book.countries)}
    return sorted(((code, jurisdiction_name(code)) for code in codes), key=lambda place: place[1])


def _with_usual(data: Any, *, today: date) -> Any:
    """Fill in what an address left out: today, and the local currency to convert into."""
    if data is None:
        return None
    filled = data.copy()
    local = local_currency(str(filled.get("jurisdiction", "")))
    usual = {"on": today.isoformat(), "to": local, "currency": "USD" if local != "USD" else "EUR"}
    for name, value in usual.items():
        if not filled.get(name):
            filled[name] = value
    return filled
