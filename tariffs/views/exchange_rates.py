"""The exchange rates that count in a country on a day, a converter, and how a rate went over a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tariffs.exchange import last_published_on, rate
from tariffs.exchange.anchors import ANCHORS
from tariffs.exchange.policies import ExchangePolicy, policy_of
from tariffs.exchange.showing import DayRates, rates_of_day, year_before
from tariffs.facts import CannotAssess
from tariffs.forms.exchange_rates import ExchangeRatesForm
from tariffs.law_names import jurisdiction_name, policy_sentence
from tariffs.lawbook import LawBook
from tariffs.library import current_books
from tariffs.results import ExchangeRateUsed
from tariffs.views.curve import Curve, draw


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate of the day with the address of its year."""

    used: ExchangeRateUsed
    is_stand_in: bool
    url: str


@dataclass(frozen=True, slots=True)
class Lack:
    """Currencies that have no rate for one and the same reason."""

    currencies: Sequence[str]
    message: str


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount, and what it comes to in the other currency."""

    amount: Decimal
    result: Decimal
    used: ExchangeRateUsed
    is_stand_in: bool


@dataclass(frozen=True, slots=True)
class Custom:
    """How one jurisdiction fixes its rates."""

    jurisdiction: str
    name: str
    sentence: str
    cadence: str
    policy: ExchangePolicy


@require_safe
def exchange_rates(request: HttpRequest) -> HttpResponse:
    """Show the rates of a country and day; without a country, how each country fixes them."""
    form = ExchangeRatesForm(
        request.GET if "jurisdiction" in request.GET else None, today=timezone.localdate()
    )
    context: dict[str, Any] = {"form": form, "customs": _customs()}
    if form.is_bound and form.is_valid():
        context |= _answer(form)
    return render(request, "tariffs/exchange_rates.html", context, status=422 if form.errors else 200)


def _answer(form: ExchangeRatesForm) -> dict[str, Any]:
    asked = form.cleaned_data
    try:
        day = rates_of_day(asked["jurisdiction"], on=asked["on"])
    except CannotAssess as lack:
        form.add_error("on", [ValidationError(problem.sentence) for problem in lack.problems])
        return {}
    pair = (asked["currency"], asked["to"])
    return {
        "day": day,
        "name": jurisdiction_name(day.jurisdiction),
        "sentence": policy_sentence(day.policy),
        "is_mean": "mean" in day.policy.anchor,
        "rows": [_row(used, day) for used in day.rates],
        "lacks": _lacks(day),
        "last_day_url": _last_day_url(day),
        "converted": _convert(form, day, pair=pair),
        "curve": _curve(day, pair=pair),
    }


def _convert(form: ExchangeRatesForm, day: DayRates, *, pair: tuple[str, str]) -> Converted | None:
    amount = form.cleaned_data["amount"]
    if amount is None:
        return None
    if pair[0] == pair[1]:
        form.add_error("to", ValidationError(_("Choose two different currencies.")))
        return None
    try:
        used = rate(*pair, jurisdiction=day.jurisdiction, on=day.on)
    except CannotAssess as lack:
        form.add_error("currency", [ValidationError(problem.sentence) for problem in lack.problems])
        return None
    return Converted(amount, amount * used.numerator / used.denominator, used, day.is_stand_in(used))


def _curve(day: DayRates, *, pair: tuple[str, str]) -> Curve | None:
    if pair[0] == pair[1]:
        return None
    points, cadence = year_before(*pair, jurisdiction=day.jurisdiction, on=day.on)
    return draw(points, pair=pair, until=day.on, is_stepped=cadence != "day")


def _row(used: ExchangeRateUsed, day: DayRates) -> RateRow:
    query = {"jurisdiction": day.jurisdiction, "on": day.on.isoformat(), "currency": used.from_currency}
    return RateRow(used, day.is_stand_in(used), f"?{urlencode(query)}#year")


def _lacks(day: DayRates) -> list[Lack]:
    found: dict[str, list[str]] = {}
    for missing in day.missing:
        found.setdefault(missing.problem.message, []).append(missing.currency)
    return [Lack(currencies, message) for message, currencies in found.items()]


def _last_day_url(day: DayRates) -> str:
    last: date = last_published_on()
    if not day.missing or day.on <= last:
        return ""
    return f"?{urlencode({'jurisdiction': day.jurisdiction, 'on': last.isoformat()})}"


def _customs() -> list[Custom]:
    return sorted((_custom(book) for book in current_books()), key=lambda custom: custom.name)


def _custom(book: LawBook) -> Custom:
    policy = policy_of(book.head["exchange"])
    return Custom(
        jurisdiction=book.jurisdiction,
        name=jurisdiction_name(book.jurisdiction),
        sentence=policy_sentence(policy),
        cadence=ANCHORS[policy.anchor].cadence,
        policy=policy,
    )
