"""Finding a pair among quoted rates: as quoted, turned round, or by one hop through a third currency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_noop

from tariffs.facts import GivenRate
from tariffs.results import ExchangeRateUsed

GIVEN = gettext_noop("given with the declaration")


@dataclass(frozen=True, slots=True)
class Quote:
    """1 `from_currency` = `rate` `to_currency`, used from `valid_from` on."""

    from_currency: str
    to_currency: str
    rate: Decimal
    valid_from: date | None
    source: str


Quotes = Mapping[tuple[str, str], Quote]


def quotes_of(quotes: Iterable[Quote]) -> Quotes:
    """Return the quotes by pair; of two for one pair the first counts."""
    found: dict[tuple[str, str], Quote] = {}
    for quote in quotes:
        found.setdefault((quote.from_currency, quote.to_currency), quote)
    return found


def given_quote(given: GivenRate) -> Quote:
    """Return a rate given with the facts as a quote."""
    return Quote(given.from_currency, given.to_currency, given.rate, given.valid_from, GIVEN)


def cross(quotes: Quotes, *, from_currency: str, to_currency: str) -> ExchangeRateUsed | None:
    """Return the rate of the pair, or None where the quotes do not lead from one currency to the other."""
    leg = _leg(quotes, from_currency, to_currency)
    if leg is not None:
        return leg
    for middle in dict.fromkeys([currency for pair in quotes for currency in pair]):
        first, second = _leg(quotes, from_currency, middle), _leg(quotes, middle, to_currency)
        if first is not None and second is not None:
            return _hop(first, second)
    return None


def _leg(quotes: Quotes, from_currency: str, to_currency: str) -> ExchangeRateUsed | None:
    quote, is_direct = quotes.get((from_currency, to_currency)), True
    if quote is None:
        quote, is_direct = quotes.get((to_currency, from_currency)), False
    if quote is None:
        return None
    return ExchangeRateUsed(
        from_currency=from_currency,
        to_currency=to_currency,
        numerator=quote.rate if is_direct else Decimal(1),
        denominator=Decimal(1) if is_direct else quote.rate,
        anchor=quote.valid_from,
        source=quote.source,
    )


def _hop(first: ExchangeRateUsed, second: ExchangeRateUsed) -> ExchangeRateUsed:
    return ExchangeRateUsed(
        from_currency=first.from_currency,
        to_currency=second.to_currency,
        numerator=first.numerator * second.numerator,
        denominator=first.denominator * second.denominator,
        anchor=max([day for day in (first.anchor, second.anchor) if day is not None], default=None),
        source="; ".join(dict.fromkeys([first.source, second.source])),
    )
