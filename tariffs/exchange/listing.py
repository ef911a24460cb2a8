"""The rates that a jurisdiction uses on a day, for pages and for whoever asks for one pair."""

from datetime import date

# The module, not its names: packs take their policy from this package and may be half read at this point.
from tariffs import packs
from tariffs.exchange.tables import published_rate
from tariffs.facts import CannotAssess
from tariffs.results import ExchangeRateUsed

USUAL = (
    "USD",
    "EUR",
    "CNY",
    "GBP",
    "HKD",
    "JPY",
    "KRW",
    "SGD",
    "AUD",
    "CAD",
    "CHF",
    "INR",
    "BRL",
    "RUB",
    "KZT",
)


def rate(from_currency: str, to_currency: str, *, jurisdiction: str, on: date) -> ExchangeRateUsed:
    """Return the rate that the jurisdiction uses on the day; raises CannotAssess where it is missing."""
    pack = packs.pack_for(jurisdiction, on=on)
    return published_rate(
        from_currency,
        to_currency,
        jurisdictions=tuple(dict.fromkeys([jurisdiction, pack.jurisdiction])),
        policy=pack.exchange,
        on=on,
    )


def rates_in_force(jurisdiction: str, *, on: date) -> tuple[ExchangeRateUsed, ...]:
    """Return 1 foreign unit in local currency for the usual currencies that have a rate for the day.

    Raises CannotAssess where no pack covers the day.
    """
    local = packs.pack_for(jurisdiction, on=on).currency_for(jurisdiction)
    found = []
    for currency in USUAL:
        try:
            if currency != local:
                found.append(rate(currency, local, jurisdiction=jurisdiction, on=on))
        except CannotAssess:
            continue
    return tuple(found)
