"""The calendar of exchange rates: how long a rate is used, and the day that it is taken from.

Every anchor answers from the first day of the period in which its rate is used; holidays come later
(`tariffs.exchange.fixings`).
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Cadence = Literal["day", "week", "fortnight", "month", "quarter"]
MONDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = 0, 2, 3, 4, 5, 6
DAY, WEEK = timedelta(days=1), timedelta(days=7)
WEEK_STARTS = {"monday": MONDAY, "sunday": SUNDAY}


@dataclass(frozen=True, slots=True)
class Anchor:
    """One way to fix a rate; with `mean_weeks` it is the mean of the week that many weeks before."""

    cadence: Cadence
    day_of: Callable[[date], date]
    mean_weeks: int = 0


def nth_weekday(month: date, *, weekday: int, nth: int) -> date:
    """Return the nth such weekday (from 1, or from -1 at the end) of the month in which the date lies."""
    last = monthrange(month.year, month.month)[1]
    days = [day for number in range(1, last + 1) if (day := month.replace(day=number)).weekday() == weekday]
    return days[nth - 1 if nth > 0 else nth]


def period(cadence: Cadence, *, on: date, week_starts: int = MONDAY) -> tuple[date, date]:
    """Return the first day and the exclusive end of the period with one rate in which the day lies."""
    if cadence == "week":
        first = on - DAY * ((on.weekday() - week_starts) % 7)
        return first, first + WEEK
    if cadence == "fortnight":
        return _fortnight(on)
    if cadence == "month":
        return on.replace(day=1), _months_on(on, months=1)
    if cadence == "quarter":
        first = on.replace(month=on.month - (on.month - 1) % 3, day=1)
        return first, _months_on(first, months=3)
    return on, on + DAY


def weekdays_of_mean(anchor: Anchor, *, first: date) -> tuple[date, ...]:
    """Return Monday to Friday of the week whose mean is used from `first` on."""
    start = first - WEEK * anchor.mean_weeks
    week = [start + DAY * number for number in range(7)]
    return tuple([day for day in week if day.weekday() < SATURDAY])


def _fortnight(on: date) -> tuple[date, date]:
    # The first and third Thursday are never near a month's end, so three months hold both neighbours.
    months = (_months_on(on, months=-1), on, _months_on(on, months=1))
    begins = [nth_weekday(month, weekday=THURSDAY, nth=nth) + DAY for month in months for nth in (1, 3)]
    return max(day for day in begins if day <= on), min(day for day in begins if day > on)


def _months_on(day: date, *, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _of_previous_month(*, weekday: int, nth: int) -> Callable[[date], date]:
    return lambda first: nth_weekday(first - DAY, weekday=weekday, nth=nth)


def _last_friday_before(first: date) -> date:
    return first - DAY * ((first.weekday() - FRIDAY - 1) % 7 + 1)


def _friday_of_mean(weeks: int) -> Callable[[date], date]:
    return lambda first: _last_friday_before(first - WEEK * (weeks - 1))


def _first_weekday(first: date) -> date:
    while first.weekday() >= SATURDAY:
        first += DAY
    return first


ANCHORS: dict[str, Anchor] = {
    "third_wednesday_of_previous_month": Anchor("month", _of_previous_month(weekday=WEDNESDAY, nth=3)),
    "penultimate_wednesday_of_previous_month": Anchor("month", _of_previous_month(weekday=WEDNESDAY, nth=-2)),
    "penultimate_thursday_of_previous_month": Anchor("month", _of_previous_month(weekday=THURSDAY, nth=-2)),
    "same_day": Anchor("day", lambda first: first),
    "day_before": Anchor("day", lambda first: first - DAY),
    "first_business_day_of_quarter": Anchor("quarter", _first_weekday),
    "week_before": Anchor("week", _last_friday_before),
    "mean_of_week_before": Anchor("week", _friday_of_mean(1), mean_weeks=1),
    "mean_of_week_two_weeks_before": Anchor("week", _friday_of_mean(2), mean_weeks=2),
    "fortnight": Anchor("fortnight", lambda first: first - DAY),
}
