"""The rate that a policy takes from the ECB series: of its anchor day off holidays, or the mean of a week."""

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from tariffs.exchange.anchors import ANCHORS, DAY, MONDAY, WEEK, WEEK_STARTS, period, weekdays_of_mean
from tariffs.exchange.ecb import ECB, may_be_published, per_euro
from tariffs.exchange.policies import ExchangePolicy
from tariffs.results import ExchangeRateUsed

# Longer than any run of holidays and closing days, so that a search that finds nothing ends.
_MOST_DAYS = 30


def anchor_day(policy: ExchangePolicy, *, on: date) -> date:
    """Return the day whose rate is used on the day, off holidays; of a mean, the last day of its week."""
    anchor = ANCHORS[policy.anchor].day_of(used_during(policy, on=on)[0])
    if policy.holiday == "next_wednesday":
        while anchor in policy.holidays:
            anchor += WEEK
        return anchor
    step = DAY if policy.holiday == "next_published" else -DAY
    return _published(anchor, step=step, holidays=policy.holidays)


def used_during(policy: ExchangePolicy, *, on: date) -> tuple[date, date]:
    """Return the first day and the exclusive end of the period whose rate is that of the day."""
    cadence = ANCHORS[policy.anchor].cadence
    week_starts = WEEK_STARTS[policy.week_starts] if cadence == "week" else MONDAY
    return period(cadence, on=on, week_starts=week_starts)


def rate_by_policy(
    from_currency: str, to_currency: str, *, policy: ExchangePolicy, on: date
) -> ExchangeRateUsed:
    """Return the ECB rate that the policy takes for the day; raises CannotAssess where it is missing."""
    return _rate((from_currency, to_currency), policy, on)


def deviates(own: ExchangeRateUsed, *, fixed: ExchangeRateUsed, percent: Decimal) -> bool:
    """Tell whether the day's own rate differs from the fixed one by the percentage or more."""
    # By products: a quotient would be rounded, and the limit itself counts.
    own_part = own.numerator * fixed.denominator
    fixed_part = fixed.numerator * own.denominator
    return abs(own_part - fixed_part) * 100 >= percent * fixed_part


def is_stand_in(used: ExchangeRateUsed, *, policy: ExchangePolicy) -> bool:
    """Tell whether the ECB rate stands in for one that customs publishes itself."""
    return used.source == ECB and not policy.is_official


# A few currencies and days serve most consignments; finding a rate anew takes twenty times as long.
@lru_cache(maxsize=4_096)
def _rate(pair: tuple[str, str], policy: ExchangePolicy, on: date) -> ExchangeRateUsed:
    anchor = ANCHORS[policy.anchor]
    if anchor.mean_weeks:
        return _mean(pair, policy=policy, on=on)
    fixed = _of_day(pair, day=anchor_day(policy, on=on), rule=policy.rule)
    if anchor.cadence != "quarter" or policy.deviation_percent is None:
        return fixed
    # Banks are closed: the last business day before counts (31 USC 5151 (a)(2)).
    day = _published(on, step=-DAY, holidays=policy.holidays)
    own = _of_day(pair, day=day, rule=policy.rule)
    return own if deviates(own, fixed=fixed, percent=policy.deviation_percent) else fixed


def _of_day(pair: tuple[str, str], *, day: date, rule: str) -> ExchangeRateUsed:
    from_currency, to_currency = pair
    return ExchangeRateUsed(
        from_currency=from_currency,
        to_currency=to_currency,
        numerator=per_euro(to_currency, on=day, rule=rule),
        denominator=per_euro(from_currency, on=day, rule=rule),
        anchor=day,
        source=ECB,
    )


def _mean(pair: tuple[str, str], *, policy: ExchangePolicy, on: date) -> ExchangeRateUsed:
    first = used_during(policy, on=on)[0]
    week = weekdays_of_mean(ANCHORS[policy.anchor], first=first)
    days = [day for day in week if day not in policy.holidays and may_be_published(day)]
    if not days:
        return _of_day(pair, day=anchor_day(policy, on=on), rule=policy.rule)
    rates = [_of_day(pair, day=day, rule=policy.rule).rate for day in days]
    return ExchangeRateUsed(
        from_currency=pair[0],
        to_currency=pair[1],
        numerator=sum(rates, Decimal(0)),
        denominator=Decimal(len(rates)),
        anchor=days[-1],
        source=ECB,
    )


def _published(day: date, *, step: timedelta, holidays: frozenset[date]) -> date:
    found = day
    for _day in range(_MOST_DAYS):
        if found not in holidays and may_be_published(found):
            return found
        found += step
    return day
