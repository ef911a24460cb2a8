"""The provisions of a pack while nothing in it changes, ready to run: checks, routes, layers, fees."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from tariffs.compiling import Compiled, Scope, Worked
from tariffs.expressions import Expression
from tariffs.pack_parsing import Rule
from tariffs.rounding import Rounding


@dataclass(frozen=True, slots=True)
class Check:
    """A condition under which goods are refused, the facts do not suffice, or a warning is due."""

    code: str
    scope: str
    severity: str
    when: Expression
    path: str
    rule: Rule
    messages: Mapping[str, str]
    fixes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks of one severity, and one function for all of them, because hardly any ever holds."""

    each: tuple[Check, ...]
    of_consignment: Compiled | None
    of_line: Compiled | None

    def may_hold(self, scope: Mapping[str, Any]) -> bool:
        """Tell whether one of them holds for the consignment or for one of its lines."""
        if self.of_consignment is not None and self.of_consignment(scope):
            return True
        return self.of_line is not None and any(map(self.of_line, repeat(scope), scope["lines"]))


@dataclass(frozen=True, slots=True)
class Route:
    """The first route whose condition holds names regime and outcome."""

    id: str
    when: Expression
    regime: str
    outcome: str
    declaration_type: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Waiver:
    """Small amounts of a layer that are not collected: up to `limit` for the whole consignment."""

    limit: Expression
    when: Expression | None
    rule: Rule


@dataclass(frozen=True, slots=True)
class Entries:
    """Where later formulas find what a layer charges; but for the first, empty where none reads it."""

    amount: str
    raw: str
    base: str
    rate: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One tax of a regime: base and amount per line, in the order of the file."""

    type: str
    regimes: frozenset[str]
    # One of the two conditions may be set: for the whole consignment, or for each line.
    when: Expression | None
    line_when: Expression | None
    rate_types: tuple[str, ...]
    is_optional: bool
    base: Expression
    amount: Expression
    rate: Expression | None
    rounding: Rounding
    collector: str
    once_per: tuple[str, ...]
    not_with: tuple[str, ...]
    waiver: Waiver | None
    rule: Rule
    # All that is worked out for one line.
    charge: Callable[[Scope, Scope], Worked]
    # What a line pays depends on the amounts of all.
    is_joint: bool
    # No source confirms one of the parameters that the formulas read.
    is_doubted: bool
    # The declarant's `additional` replaces its rates.
    is_additional: bool
    # The formulas take the rate apart into a share and an amount.
    reads_rate: bool
    entries: Entries


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee on the consignment."""

    type: str
    regimes: frozenset[str]
    when: Expression
    amount: Expression
    rounding: Rounding
    collector: str
    rule: Rule
