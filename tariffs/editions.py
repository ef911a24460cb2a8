"""What a pack says while nothing in it changes: its formulas compiled, its parameters read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tariffs.expressions import Expression, compile_expression
from tariffs.pack_parsing import Rule, validity_of
from tariffs.rounding import Rounding
from tariffs.scopes import CONSIGNMENT_NAMES, FEE_NAMES, LAYER_NAMES, LINE_NAMES, LINE_VALUE_NAMES

# A layer of this kind takes its rates from `additional` where the declarant gave any.
ADDITIONAL_TYPES = frozenset(
    ["s301", "s122", "s232", "antidumping", "countervailing", "safeguard", "additional_duty"]
)


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
class Route:
    """The first route whose condition holds names regime and outcome."""

    id: str
    when: Expression
    regime: str
    outcome: str
    declaration_type: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Basis:
    """What the customs value of a line is made of; the first whose condition holds."""

    when: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class Waiver:
    """Small amounts of a layer that are not collected: up to `limit` for the whole consignment."""

    limit: Expression
    when: Expression | None
    rule: Rule


@dataclass(frozen=True, slots=True)
class Layer:
    """One tax of a regime: base and amount per line, in the order of the file."""

    type: str
    name: str
    regimes: frozenset[str]
    when: Expression | None
    rate_types: tuple[str, ...]
    is_optional: bool
    base: Expression
    amount: Expression
    rate: Expression | None
    base_rounding: Rounding | None
    rounding: Rounding
    collector: str
    once_per: tuple[str, ...]
    not_with: tuple[str, ...]
    waiver: Waiver | None
    rule: Rule
    names: tuple[str, ...]
    # The declarant's `additional` replaces its rates.
    is_additional: bool
    # The formulas take the rate apart into a share and an amount.
    reads_rate: bool


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


@dataclass(frozen=True, slots=True)
class Edition:
    """What the pack says while nothing in it changes."""

    parameters: Mapping[str, Decimal]
    # Parameters that no source confirms.
    doubted: frozenset[str]
    consignment_variables: tuple[tuple[str, Expression], ...]
    line_variables: tuple[tuple[str, Expression], ...]
    bases: tuple[Basis, ...]
    checks: tuple[Check, ...]
    routes: tuple[Route, ...]
    layers: tuple[Layer, ...]
    fees: tuple[Fee, ...]
    registrations: Mapping[str, str]
    layer_names: Mapping[str, Decimal]
    layers_by_regime: Mapping[str, tuple[Layer, ...]]


def known_names(head: Mapping[str, Any]) -> frozenset[str]:
    """Return every name that a formula of the pack may read."""
    own = {row["name"] for key in ("parameter", "variable") for row in head.get(key, ())}
    layers = {name + end for row in head.get("layer", ()) for name in _layer_ids(row) for end in LAYER_NAMES}
    return CONSIGNMENT_NAMES | LINE_NAMES | LINE_VALUE_NAMES | FEE_NAMES | own | layers


def compile_edition(
    head: Mapping[str, Any], *, rules: Mapping[str, Rule], roundings: Mapping[str, Rounding], on: date
) -> Edition:
    """Return the edition of the day; raises ExpressionError for a formula, KeyError for a missing entry."""
    return _Compiler(head, rules=rules, roundings=roundings, on=on).edition()


class _Compiler:
    """Reads the rows of pack.toml that are in force on one day."""

    def __init__(
        self,
        head: Mapping[str, Any],
        *,
        rules: Mapping[str, Rule],
        roundings: Mapping[str, Rounding],
        on: date,
    ) -> None:
        self._head, self._rules, self._roundings, self._on = head, rules, roundings, on
        self._known = known_names(head)

    def edition(self) -> Edition:
        rows = self._rows
        layers = tuple(self._layer(row, kind=kind) for row in rows("layer") for kind in _types(row))
        return Edition(
            parameters={row["name"]: Decimal(row["value"]) for row in rows("parameter")},
            doubted=frozenset(row["name"] for row in rows("parameter") if not row.get("verified", True)),
            consignment_variables=self._variables("consignment"),
            line_variables=self._variables("line"),
            bases=tuple(self._basis(row) for row in rows("basis")),
            checks=tuple(self._check(row) for row in rows("check")),
            routes=tuple(self._route(row) for row in rows("route")),
            layers=layers,
            layers_by_regime={
                regime: tuple(layer for layer in layers if regime in layer.regimes)
                for regime in self._head["regimes"]
            },
            fees=tuple(self._fee(row) for row in rows("fee")),
            registrations={row["scheme"]: row["pattern"] for row in rows("registration")},
            layer_names={
                name + end: Decimal(0)
                for row in rows("layer")
                for name in _layer_ids(row)
                for end in LAYER_NAMES
            },
        )

    def _rows(self, key: str) -> list[dict[str, Any]]:
        return [row for row in self._head.get(key, ()) if validity_of(row).covers(self._on)]

    def _formula(self, text: str) -> Expression:
        return compile_expression(text, known=self._known)

    def _optional(self, row: Mapping[str, Any], key: str) -> Expression | None:
        return self._formula(row[key]) if key in row else None

    def _variables(self, scope: str) -> tuple[tuple[str, Expression], ...]:
        return tuple(
            (row["name"], self._formula(row["value"]))
            for row in self._rows("variable")
            if row["scope"] == scope
        )

    def _basis(self, row: Mapping[str, Any]) -> Basis:
        return Basis(when=self._formula(row.get("when", "true")), value=self._formula(row["value"]))

    def _check(self, row: Mapping[str, Any]) -> Check:
        return Check(
            code=row["code"],
            scope=row["scope"],
            severity=row["severity"],
            when=self._formula(row["when"]),
            path=row["path"],
            rule=self._rules[row["rule"]],
            messages=row["message"],
            fixes=row["fix"],
        )

    def _route(self, row: Mapping[str, Any]) -> Route:
        return Route(
            id=row["id"],
            when=self._formula(row["when"]),
            regime=row["regime"],
            outcome=row["outcome"],
            declaration_type=row.get("declaration_type", ""),
            rule=self._rules[row["rule"]],
        )

    def _layer(self, row: Mapping[str, Any], *, kind: str) -> Layer:
        base, amount = self._formula(row["base"]), self._formula(row["amount"])
        cut = row.get("round_base")
        return Layer(
            type=kind,
            name=row.get("name", kind),
            regimes=frozenset(row["regimes"]),
            when=self._optional(row, "when"),
            rate_types=_rate_types(row, kind=kind),
            is_optional=row.get("optional", False),
            base=base,
            amount=amount,
            rate=self._optional(row, "rate"),
            base_rounding=self._roundings[cut] if cut else None,
            rounding=self._roundings[row.get("round", "charge")],
            collector=row["collector"],
            once_per=tuple(row.get("once_per", ())),
            not_with=tuple(row.get("not_with", ())),
            waiver=self._waiver(row),
            rule=self._rules[row["rule"]],
            names=tuple(dict.fromkeys((*base.names, *amount.names))),
            is_additional=kind in ADDITIONAL_TYPES,
            reads_rate=not {"rate", "specific"}.isdisjoint((*base.names, *amount.names)),
        )

    def _waiver(self, row: Mapping[str, Any]) -> Waiver | None:
        if "waive_up_to" not in row:
            return None
        return Waiver(
            limit=self._formula(row["waive_up_to"]),
            when=self._optional(row, "waive_when"),
            rule=self._rules[row["waive_rule"]],
        )

    def _fee(self, row: Mapping[str, Any]) -> Fee:
        return Fee(
            type=row["type"],
            regimes=frozenset(row["regimes"]),
            when=self._formula(row.get("when", "true")),
            amount=self._formula(row["amount"]),
            rounding=self._roundings[row.get("round", "fee")],
            collector=row["collector"],
            rule=self._rules[row["rule"]],
        )


def _types(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row["types"]) if "types" in row else (row["type"],)


def _layer_ids(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (row["name"],) if "name" in row else _types(row)


def _rate_types(row: Mapping[str, Any], *, kind: str) -> tuple[str, ...]:
    given = row.get("rate_type", ())
    if "types" in row:
        return (kind,)
    return (given,) if isinstance(given, str) and given else tuple(given)
