"""What there is of one goods item, in the units that duties are charged by."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tariffs.duties.evaluating import Measured, evaluate
from tariffs.duties.expression import DutyExpression
from tariffs.duties.units import read_unit
from tariffs.facts import GoodsFacts

# Where a line keeps the duty that the layer at work applies to it; no formula reads it by name.
DUTY = "applied duty"
_ZERO = Decimal(0)


def charged(scope: Mapping[str, Any], line: Mapping[str, Any], base: Decimal) -> Decimal:
    """Return what the duty that applies to the line comes to on a base, not rounded; 0 without a duty.

    Raises DutyQuantityMissing for a quantity that is not there.
    """
    duty: DutyExpression | None = line[DUTY]
    if duty is None:
        return _ZERO
    if duty.fraction is not None:
        return base * duty.fraction
    return evaluate(duty, base, measured=measured(scope, line)).amount


def measured(scope: Mapping[str, Any], line: Mapping[str, Any]) -> Measured:
    """Return the line's quantities in all units that can be told."""
    item: GoodsFacts = line["item"]
    return Measured(
        quantities=quantities_of(item),
        abv_percent=item.abv_percent,
        sucrose_percent=None,
        retail_price=line["retail_price"] if item.retail_price else None,
        convert=scope["convert"],
        on=scope["rate_date"],
    )


def quantities_of(item: GoodsFacts) -> dict[str, Decimal]:
    """Return quantities by unit: pieces, masses, content of all units; supplementary units go first."""
    found = {item.unit if read_unit(item.unit) else "p/st": item.quantity}
    content = read_unit(item.net_content_unit)
    # What the scales say of the mass is better known than what the label says.
    if content and item.net_content_value and not (content.code == "kg" and item.net_mass_kg):
        found[item.net_content_unit] = item.quantity * item.net_content_value
    if item.gross_mass_kg:
        found["kg gross"] = item.gross_mass_kg
    if item.net_mass_kg:
        found["kg"] = item.net_mass_kg
    return found | dict(item.supplementary_units)
