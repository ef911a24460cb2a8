"""Rounding and splitting as a pack writes them down; parts always add up to their total."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

_NOISE = Decimal("0.000000000001")
_TOO_LARGE_FOR_NOISE = Decimal(10) ** 15
_ZERO = Decimal(0)
_ONE = Decimal(1)
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
            return amount.quantize(self.step, self.mode)
        return (amount / self.step).quantize(_ONE, self.mode) * self.step

    def cut(self, amounts: Sequence[Decimal]) -> list[Decimal]:
        """Return the amounts cut down to the step."""
        if self.is_decimal_place:
            return [amount.quantize(self.step, ROUND_FLOOR) for amount in amounts]
        return [round_down(amount, self.step) for amount in amounts]

    def parts(
        self, amounts: Sequence[Decimal], *, total: Decimal, tie_of: Callable[[int], Any]
    ) -> tuple[Decimal, ...]:
        """Round lines: each by itself, or so that they add up to the rounded exact `total`."""
        if len(amounts) == 1:
            return (self(total),)
        if self.when == "each":
            return tuple([self(amount) for amount in amounts])
        return largest_remainder(amounts, total=self(total), rounding=self, tie_of=tie_of)


def without_noise(total: Decimal) -> Decimal:
    """Return a sum or quotient without its last digits: what meets a limit exactly must not pass it there."""
    # From this size on the 28 digits of a decimal leave no place for noise, nor for twelve decimals.
    if total >= _TOO_LARGE_FOR_NOISE:
        return total
    clean = total.quantize(_NOISE)
    return total if clean == total else clean


def round_down(amount: Decimal, step: Decimal) -> Decimal:
    """Return the amount cut down to full steps, as Japan cuts its tax bases to 1,000 yen."""
    return (amount / step).quantize(_ONE, ROUND_FLOOR) * step


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
    amounts: Sequence[Decimal], *, total: Decimal, rounding: Rounding, tie_of: Callable[[int], Any]
) -> tuple[Decimal, ...]:
    """Cut non-negative amounts down to the step, then hand the steps left over to the largest remainders.

    Equal remainders go by amount, then by what `tie_of` says of the line, so that the order of the lines does
    not matter.
    """
    parts = rounding.cut(amounts)
    left = int((total - sum(parts, _ZERO)) / rounding.step)
    if left:
        remainders = [amount - part for amount, part in zip(amounts, parts, strict=True)]
        order = sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)
        # What the lines are decides only where the last that gets a step equals the first that gets none.
        if left < len(order) and remainders[order[left - 1]] == remainders[order[left]]:
            order.sort(key=lambda place: (remainders[place], amounts[place], tie_of(place)), reverse=True)
        for place in order[:left]:
            parts[place] += rounding.step
    return tuple(parts)


def split(total: Decimal, *, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Split a total by weight without rounding; equally where nothing weighs anything."""
    whole = sum(weights, _ZERO)
    if not whole:
        weights, whole = [_ONE] * len(weights), Decimal(len(weights))
    return tuple([total * weight / whole for weight in weights])
