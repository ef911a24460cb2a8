"""Official rates of an authority's own tables; they come from a shelf, as packs do, at first an empty one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tariffs.exchange.crossing import Quote, Quotes, cross, quotes_of
from tariffs.exchange.fixings import rate_by_policy
from tariffs.exchange.policies import ExchangePolicy
from tariffs.results import ExchangeRateUsed

_CACHED_DAYS = 1_000


@dataclass(frozen=True, slots=True)
class OfficialRate:
    """1 `from_currency` = `rate` `to_currency` from `valid_from` until `valid_to` (exclusive)."""

    from_currency: str
    to_currency: str
    rate: Decimal
    valid_from: date
    valid_to: date
    source: str


# The rates of a jurisdiction, last loaded first; the same sequence again while nothing was loaded.
TableShelf = Callable[[str], Sequence[OfficialRate]]


def no_tables(jurisdiction: str) -> Sequence[OfficialRate]:
    """Return nothing: the shelf of a process without a database."""
    return ()


@dataclass(slots=True)
class _Day:
    """The official rates of one jurisdiction and day, by pair, and what was found in them so far."""

    rates: Sequence[OfficialRate]
    quotes: Quotes
    found: dict[tuple[str, str], ExchangeRateUsed | None]


class _Shelf:
    """Where official rates come from in this process, and the days asked for so far."""

    current: TableShelf = staticmethod(no_tables)
    days: dict[tuple[str, date], _Day] = {}


def use_tables(shelf: TableShelf) -> None:
    """Take official rates from `shelf` from now on."""
    _Shelf.current = staticmethod(shelf)
    _Shelf.days.clear()


def official_rate(
    from_currency: str, to_currency: str, *, jurisdiction: str, on: date
) -> ExchangeRateUsed | None:
    """Return the jurisdiction's official rate of the day, of two the one loaded last; None without one."""
    rates = _Shelf.current(jurisdiction)
    if not rates:
        return None
    day = _Shelf.days.get((jurisdiction, on))
    if day is None or day.rates is not rates:
        day = _open_day(rates, jurisdiction=jurisdiction, on=on)
    pair = (from_currency, to_currency)
    if pair not in day.found:
        day.found[pair] = cross(day.quotes, from_currency=from_currency, to_currency=to_currency)
    return day.found[pair]


def published_rate(
    from_currency: str,
    to_currency: str,
    *,
    jurisdictions: Sequence[str],
    policy: ExchangePolicy,
    on: date,
) -> ExchangeRateUsed:
    """Return the official rate of the first jurisdiction that has one, else the ECB's by the policy.

    Raises CannotAssess where there is neither.
    """
    for jurisdiction in jurisdictions:
        used = official_rate(from_currency, to_currency, jurisdiction=jurisdiction, on=on)
        if used is not None:
            return used
    return rate_by_policy(from_currency, to_currency, policy=policy, on=on)


def _open_day(rates: Sequence[OfficialRate], *, jurisdiction: str, on: date) -> _Day:
    if len(_Shelf.days) >= _CACHED_DAYS:
        _Shelf.days.clear()
    quotes = quotes_of(_quote(rate) for rate in rates if rate.valid_from <= on < rate.valid_to)
    day = _Shelf.days[jurisdiction, on] = _Day(rates, quotes, {})
    return day


def _quote(rate: OfficialRate) -> Quote:
    return Quote(rate.from_currency, rate.to_currency, rate.rate, rate.valid_from, rate.source)
