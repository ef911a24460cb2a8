"""Converts the amounts of one consignment: by given rates, then official tables, then the ECB series."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from django.utils.translation import gettext as _

from tariffs.exchange.crossing import Quotes, cross, given_quote, quotes_of
from tariffs.exchange.policies import ExchangePolicy
from tariffs.exchange.tables import published_rate
from tariffs.facts import CannotAssess, ConsignmentFacts, GivenRate, LegalProblem
from tariffs.results import ExchangeRateUsed


class HasExchange(Protocol):
    """What an exchanger reads of a pack; a pack imports its policy from here, not the other way round."""

    @property
    def jurisdiction(self) -> str:
        """Return the pack's jurisdiction."""

    def currency_for(self, country: str) -> str:
        """Return the currency in which the country of import assesses."""

    @property
    def exchange(self) -> ExchangePolicy:
        """Return its policy for exchange rates."""


class Exchanger:
    """Converts from and into the pack's currency, without rounding, and remembers the rates used.

    `on` may be a function: it is called only when a rate depends on the day, so a consignment in local
    currency needs no date. Both ways raise CannotAssess where there is no rate.
    """

    def __init__(
        self,
        facts: ConsignmentFacts,
        *,
        pack: HasExchange,
        on: date | Callable[[], date],
        pinned: Sequence[ExchangeRateUsed] = (),
    ) -> None:
        self._given = facts.exchange_rates
        self._country = facts.jurisdiction
        self._local = pack.currency_for(facts.jurisdiction)
        self._pack = pack
        self._on = on
        self._pinned = {(used.from_currency, used.to_currency): used for used in pinned}
        self.used: dict[str, ExchangeRateUsed] = {}

    def __call__(self, amount: Decimal, currency: str) -> Decimal:
        """Return the amount of the currency in the pack's currency."""
        if currency == self._local:
            return amount
        used = self._rate_of(currency)
        return amount * used.numerator / used.denominator

    def to(self, amount: Decimal, currency: str) -> Decimal:
        """Return the amount of the pack's currency in the other, by the same rate turned round."""
        if currency == self._local:
            return amount
        used = self._rate_of(currency)
        return amount * used.denominator / used.numerator

    @cached_property
    def _day(self) -> date:
        return self._on() if callable(self._on) else self._on

    @cached_property
    def _quotes(self) -> Quotes:
        return quotes_of(given_quote(given) for given in self._given if self._is_valid(given))

    @cached_property
    def _undated(self) -> Quotes:
        return quotes_of(given_quote(given) for given in self._given)

    def _out_of_date(self, currency: str) -> LegalProblem:
        # Given rates replace the published ones: falling back would answer with a rate nobody meant.
        return LegalProblem(
            path="exchange_rates",
            code="exchange_rate_missing",
            message=_("None of the given rates for %(currency)s is valid on %(day)s.")
            % {"currency": currency, "day": self._day},
            fix=_("Give a rate of that day, or leave the pair out."),
            rule=self._pack.exchange.rule,
        )

    def _is_valid(self, given: GivenRate) -> bool:
        is_undated = given.valid_from is None and given.valid_to is None
        return is_undated or given.is_valid(self._day)

    def _rate_of(self, currency: str) -> ExchangeRateUsed:
        used = self.used.get(currency)
        if used is None:
            used = self.used[currency] = self._find(currency)
        return used

    def _find(self, currency: str) -> ExchangeRateUsed:
        local = self._local
        pinned = self._pinned.get((currency, local))
        if pinned is not None:
            return pinned
        given = cross(self._quotes, from_currency=currency, to_currency=local)
        if given is None and cross(self._undated, from_currency=currency, to_currency=local):
            raise CannotAssess([self._out_of_date(currency)])
        return given or published_rate(
            currency,
            local,
            jurisdictions=tuple(dict.fromkeys([self._country, self._pack.jurisdiction])),
            policy=self._pack.exchange,
            on=self._day,
        )
