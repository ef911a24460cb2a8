"""Frozen facts about one consignment: all that a regulation pack may see, never a model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from swindow.problems import Problem, Refused

ConsigneeType = Literal["private", "business"]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency (ISO 4217)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Dates:
    """The events that a rule, a rate or an exchange rate may be selected by."""

    order: date | None = None
    export: date | None = None
    arrival: date | None = None
    acceptance: date | None = None
    payment: date | None = None


@dataclass(frozen=True, slots=True)
class GivenRate:
    """An exchange rate that replaces the pack's: 1 `from_currency` = `rate` `to_currency`; end exclusive."""

    from_currency: str
    to_currency: str
    rate: Decimal
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid(self, on: date) -> bool:
        """Tell whether the rate may be used on the day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on < self.valid_to
        )


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """One goods item: prices and masses are of the whole line (DE 4/14, 6/1, 6/5), content of one unit."""

    line_no: int
    commodity_code: str
    description: str
    origin: str
    quantity: Decimal
    item_price: Money
    unit: str = "pcs"
    net_mass_kg: Decimal = Decimal(0)
    gross_mass_kg: Decimal = Decimal(0)
    net_content_value: Decimal | None = None
    net_content_unit: str = ""
    documents: frozenset[str] = frozenset()
    preference: str = ""
    additional_code: str = ""
    retail_price: Money | None = None
    abv_percent: Decimal | None = None
    supplementary_units: tuple[tuple[str, Decimal], ...] = ()
    # "What if": a duty expression that replaces the pack's rate of a type.
    given_rates: tuple[tuple[str, str], ...] = ()
    # The same for all additional duties together; None leaves the pack's.
    given_additional: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class ConsignmentFacts:
    """One consignment as declared; `jurisdiction` is the country of import, `regime` the one asked for."""

    jurisdiction: str
    dates: Dates
    goods: tuple[GoodsFacts, ...]
    currency: str
    regime: str | None = None
    consignee_type: ConsigneeType = "private"
    ship_from: str = ""
    transport_mode: str = ""
    entry_type: str = ""
    registration_scheme: str | None = None
    registration_number: str | None = None
    freight: Money | None = None
    insurance: Money | None = None
    carrier_fee: Money | None = None
    prices_include_tax: bool = False
    buyer_annual_used: Decimal = Decimal(0)
    exchange_rates: tuple[GivenRate, ...] = ()
    # What is left of a tariff quota, in its own unit, by its order number.
    quota_balances: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class LegalProblem(Problem):
    """A problem that a numbered rule of a regulation pack found."""

    rule: str = ""


class CannotAssess(Refused):
    """The facts or the tables do not suffice to assess; carries every problem found, each with its mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
