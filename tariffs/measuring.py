"""What there is of one goods item, in the units that duties are charged by."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tariffs.duties.evaluating import Measured, evaluate
from tariffs.duties.expression import DutyExpression
from tariffs.duties.units import read_unit
from tariffs.facts import GoodsFacts

_ZERO = Decimal(0)


class LineRate:
    """The rate that a layer applies to one line: called with a base it answers the amount, not rounded."""

    __slots__ = ("_item", "_line", "_measured", "duty")

    def __init__(self, item: GoodsFacts, *, line: Mapping[str, Any]) -> None:
        self._item, self._line = item, line
        self._measured: Measured | None = None
        self.duty: DutyExpression | None = None

    def __call__(self, base: Decimal) -> Decimal:
        """Return the duty on the base; raises DutyQuantityMissing for a quantity that is not there."""
        duty = self.duty
        if duty is None:
            return _ZERO
        if duty.fraction is not None:
            return base * duty.fraction
        return evaluate(duty, base, measured=self.measured).amount

    @property
    def measured(self) -> Measured:
        """Return the line's quantities, put together when a duty first asks for them."""
        if self._measured is None:
            self._measured = Measured(
                quantities=quantities_of(self._item),
                abv_percent=self._item.abv_percent,
                sucrose_percent=None,
                retail_price=self._line["retail_price"] if self._item.retail_price else None,
                convert=self._line["convert"],
                on=self._line["rate_date"],
            )
        return self._measured


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
