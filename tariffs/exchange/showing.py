"""Exchange rates to be read: all that count on one day, what is missing, and how a rate went over a year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from swindow.problems import Problem

# The module, not its names: packs take their policy from this package and may be half read at this point.
from tariffs import packs
from tariffs.exchange.anchors import ANCHORS, Cadence
from tariffs.exchange.fixings import anchor_day, is_stand_in, used_during
from tariffs.exchange.listing import USUAL, rate
from tariffs.exchange.policies import ExchangePolicy
from tariffs.facts import CannotAssess
from tariffs.results import ExchangeRateUsed

_DAY, _WEEK, _YEAR = timedelta(days=1), timedelta(days=7), timedelta(days=366)
# More than the weeks of a year, so that a walk back ends.
_MOST_POINTS = 60


@dataclass(frozen=True, slots=True)
class MissingRate:
    """A usual currency without a rate for the day, and why."""

    currency: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class DayRates:
    """What counts in a country on a day: 1 foreign unit in `currency`, from `first` to before `end`."""

    jurisdiction: str
    pack: str
    currency: str
    on: date
    first: date
    end: date
    anchor: date
    policy: ExchangePolicy
    rates: tuple[ExchangeRateUsed, ...]
    missing: tuple[MissingRate, ...]

    @property
    def last(self) -> date:
        """Return the last day of the period."""
        return self.end - _DAY

    def is_stand_in(self, used: ExchangeRateUsed) -> bool:
        """Tell whether the rate stands in for one that customs publishes itself."""
        return is_stand_in(used, policy=self.policy)


@dataclass(frozen=True, slots=True)
class Point:
    """A rate from one day on; None where there is none."""

    on: date
    rate: Decimal | None


def rates_of_day(jurisdiction: str, *, on: date) -> DayRates:
    """Return the usual currencies' rates for the day and those that are missing.

    Raises CannotAssess where no pack covers the day.
    """
    pack = packs.pack_for(jurisdiction, on=on)
    local = pack.currency_for(jurisdiction)
    rates, missing = [], []
    for currency in USUAL:
        try:
            if currency != local:
                rates.append(rate(currency, local, jurisdiction=jurisdiction, on=on))
        except CannotAssess as lack:
            missing += [MissingRate(currency, problem) for problem in lack.problems[:1]]
    first, end = used_during(pack.exchange, on=on)
    return DayRates(
        jurisdiction=jurisdiction,
        pack=pack.jurisdiction,
        currency=local,
        on=on,
        first=first,
        end=end,
        anchor=anchor_day(pack.exchange, on=on),
        policy=pack.exchange,
        rates=tuple(rates),
        missing=tuple(missing),
    )


def year_before(
    from_currency: str, to_currency: str, *, jurisdiction: str, on: date
) -> tuple[tuple[Point, ...], Cadence]:
    """Return a point for each period of the 12 months up to the day, and how long a period is.

    Where every day has a rate of its own the points are a week apart.
    """
    pack = packs.pack_for(jurisdiction, on=on)
    days = sorted(_days_back(pack.exchange, on=on))
    points = [Point(day, _rate_or_none(from_currency, to_currency, jurisdiction, day)) for day in days]
    return tuple(points), ANCHORS[pack.exchange.anchor].cadence


def usual_with(local: str) -> Sequence[str]:
    """Return the usual currencies, the local one among them."""
    return USUAL if local in USUAL else (local, *USUAL)


def _days_back(policy: ExchangePolicy, *, on: date) -> Iterator[date]:
    is_daily = ANCHORS[policy.anchor].cadence == "day"
    day = on
    for _point in range(_MOST_POINTS):
        first = day if is_daily else used_during(policy, on=day)[0]
        yield max(first, on - _YEAR)
        if first <= on - _YEAR:
            return
        day = first - (_WEEK if is_daily else _DAY)


def _rate_or_none(from_currency: str, to_currency: str, jurisdiction: str, day: date) -> Decimal | None:
    try:
        return rate(from_currency, to_currency, jurisdiction=jurisdiction, on=day).rate
    except CannotAssess:
        return None
