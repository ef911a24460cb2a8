"""Currencies of duty amounts: which exist, what a sign means, how small an amount can be paid."""

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from babel.numbers import list_currencies

_DOLLARS = frozenset({"AUD", "BBD", "CAD", "FJD", "HKD", "JMD", "MXN", "NZD", "SGD", "TTD", "TWD", "USD"})
_SIGNS = {"€": "EUR", "£": "GBP"}
_YEN = frozenset({"CNY", "JPY"})
# ISO 4217 minor units other than 2; CLDR's digits differ from it for some of these.
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_IN_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_PLACES = dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_IN_THOUSANDTHS.split(), 3)
# However large the amount that someone types, it can be rounded and does not end the run.
_ROOM = Context(prec=200)


def is_currency(code: str) -> bool:
    """Tell whether ISO 4217 has or had this code."""
    return code in _codes()


def currency_of(sign: str, *, local: str | None) -> str | None:
    """Return the currency that a sign means in a tariff of `local` currency; None where it could be two."""
    if sign in "$¢":
        return local if local in _DOLLARS else "USD"
    if sign == "¥":
        return local if local in _YEN else None
    return _SIGNS.get(sign)


def to_minor_unit(amount: Decimal, *, currency: str) -> Decimal:
    """Return the amount rounded half up to the currency's smallest unit (ISO 4217)."""
    step = Decimal(1).scaleb(-_PLACES.get(currency, 2))
    return amount.quantize(step, rounding=ROUND_HALF_UP, context=_ROOM)


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(list_currencies())
