"""Rounding and splitting as a pack writes them down; parts always add up to their total."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

_FINEST = -12
_NOISE = Decimal(1).scaleb(_FINEST)
MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
}


@dataclass(frozen=True, slots=True)
class Rounding:
    """A step (0.01, 1, 100 ...) and a mode; `when` is each, or parts of a rounded sum."""

    step: Decimal
    mode: str = ROUND_HALF_UP
    when: str = "each"
    is_decimal_place: bool = True

    def __call__(self, amount: Decimal) -> Decimal:
        """Return the amount on the step."""
        if self.is_decimal_place:
            return amount.quantize(self.step, rounding=self.mode)
        return (amount / self.step).quantize(Decimal(1), rounding=self.mode) * self.step

    def parts(
        self, amounts: Sequence[Decimal], *, total: Decimal, ties: Sequence[Any]
    ) -> tuple[Decimal, ...]:
        """Round lines: each by itself, or so that they add up to the rounded exact `total`."""
        if len(amounts) == 1:
            return (self(total),)
        if self.when == "each":
            return tuple([self(amount) for amount in amounts])
        return largest_remainder(amounts, total=self(total), step=self.step, ties=ties)


def without_noise(total: Decimal) -> Decimal:
    """Return a sum or quotient without its last digits: what meets a limit exactly must not pass it there."""
    exponent = total.as_tuple().exponent
    return total.quantize(_NOISE) if isinstance(exponent, int) and exponent < _FINEST else total


def round_down(amount: Decimal, step: Decimal) -> Decimal:
    """Return the amount cut down to full steps, as Japan cuts its tax bases to 1,000 yen."""
    return (amount / step).quantize(Decimal(1), rounding=ROUND_FLOOR) * step


def rounding_of(step: str, *, mode: str, when: str = "each") -> Rounding:
    """Return the rounding that a pack names; raises KeyError for a mode that is not known."""
    size = Decimal(step)
    return Rounding(
        step=size,
        mode=MODES[mode],
        when=when,
        is_decimal_place=size <= 1 and size.as_tuple().digits == (1,),
    )


def largest_remainder(
    amounts: Sequence[Decimal], *, total: Decimal, step: Decimal, ties: Sequence[Any]
) -> tuple[Decimal, ...]:
    """Cut non-negative amounts down to the step, then hand the steps left over to the largest remainders.

    Equal remainders go by amount, then by `ties`, so that the order of the lines does not matter.
    """
    units = [(amount / step).quantize(Decimal(1), rounding=ROUND_FLOOR) for amount in amounts]
    left = int(total / step - sum(units))
    if not left:
        return tuple([unit * step for unit in units])
    order = sorted(
        range(len(amounts)),
        key=lambda place: (amounts[place] / step - units[place], amounts[place], ties[place]),
        reverse=True,
    )
    for place in order[:left]:
        units[place] += 1
    return tuple([unit * step for unit in units])


def split(total: Decimal, *, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Split a total by weight without rounding; equally where nothing weighs anything."""
    whole = sum(weights, Decimal(0))
    if not whole:
        weights, whole = [Decimal(1)] * len(weights), Decimal(len(weights))
    return tuple([total * weight / whole for weight in weights])
