"""What the tests measure."""

from datetime import date
from decimal import Decimal

from tariffs.duties.evaluating import DutyAmount, Measured, evaluate
from tariffs.duties.parsing import parse_duty

# 1 of the currency = so many euros
RATES = {"EUR": Decimal(1), "GBP": Decimal("1.2"), "USD": Decimal("0.9")}


def to_euros(amount: Decimal, currency: str) -> Decimal:
    return amount * RATES[currency]


def measured(
    quantities: dict[str, str] | None = None,
    *,
    abv: str | None = None,
    sucrose: str | None = None,
    retail_price: str | None = None,
    on: date | None = None,
) -> Measured:
    """Return what is measured, written as texts; the local currency is the euro."""
    return Measured(
        quantities={unit: Decimal(value) for unit, value in (quantities or {}).items()},
        abv_percent=Decimal(abv) if abv else None,
        sucrose_percent=Decimal(sucrose) if sucrose else None,
        retail_price=Decimal(retail_price) if retail_price else None,
        convert=to_euros,
        on=on,
    )


def due(text: str, value: str, known: Measured | None = None) -> DutyAmount:
    """Return the duty on goods of this value in euros."""
    return evaluate(parse_duty(text), Decimal(value), measured=known or measured())
