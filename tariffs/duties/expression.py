"""A duty as it was understood: sums of percentages and amounts, bounded by MIN and MAX, by season."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tariffs.duties.units import Unit

Limit = Literal["MIN", "MAX"]
Sign = Literal["+", "-"]
Day = tuple[int, int]

_END_OF_FEBRUARY: Day = (2, 28)
_LEAP_DAY: Day = (2, 29)


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage of the customs value, or of the sum of the parts of value that `of` names."""

    rate: Decimal
    fraction: Decimal
    of: tuple[str, ...]
    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount per unit, or flat where there is no unit; no currency means the local one."""

    amount: Decimal
    currency: str
    unit: Unit | None
    text: str
    position: int


Part = Percent | Amount


@dataclass(frozen=True, slots=True)
class Sum:
    """Parts that are added or taken off, in the order of the text."""

    parts: tuple[tuple[Sign, Part], ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A sum, then each MIN or MAX with its own sum: the last one decides over all that stands before it."""

    first: Sum
    limits: tuple[tuple[Limit, Sum], ...] = ()

    def parts(self) -> Iterator[Part]:
        """Give every part, in the order of the text."""
        for one in (self.first, *(bound for _limit, bound in self.limits)):
            for _sign, part in one.parts:
                yield part


@dataclass(frozen=True, slots=True)
class Season:
    """What is due in some spans of the year, ends included; without spans, in what is left of the year."""

    spans: tuple[tuple[Day, Day], ...]
    bounds: Bounds

    def holds(self, on: date) -> bool:
        """Tell whether the day lies in one of the spans; a span may run over the end of the year."""
        return any(_lies_in((on.month, on.day), first, last) for first, last in self.spans)


@dataclass(frozen=True, slots=True)
class DutyExpression:
    """A duty that was understood.

    `units` are the codes of the quantities that it needs, `percent` is set when it is one plain percentage of
    the customs value, `is_linear` when it is a sum of percentages and amounts for the whole year.
    """

    text: str
    units: frozenset[str] = frozenset()
    currencies: frozenset[str] = frozenset()
    percent: Decimal | None = None
    is_linear: bool = False
    fraction: Decimal | None = None
    needs_value: bool = False
    seasons: tuple[Season, ...] = ()

    @property
    def only_asks(self) -> bool:
        """Tell whether this is a bare supplementary unit: a quantity to declare and no duty."""
        return not self.seasons

    @property
    def is_seasonal(self) -> bool:
        """Tell whether the day decides what is due."""
        return any(season.spans for season in self.seasons)


def _lies_in(day: Day, first: Day, last: Day) -> bool:
    end = _LEAP_DAY if last == _END_OF_FEBRUARY else last
    if first <= end:
        return first <= day <= end
    return day >= first or day <= end
