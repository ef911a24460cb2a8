"""What a pack says while nothing in it changes: its formulas compiled, its parameters read."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tariffs.compiling import (
    ChargeFormulas,
    Compiled,
    Scope,
    Worked,
    compile_charge,
    compile_steps,
    compile_tree,
)
from tariffs.expressions import Expression, any_of, compile_expression
from tariffs.formulas import Node, parse
from tariffs.pack_parsing import Rule, validity_of
from tariffs.provisions import Check, Checks, Entries, Fee, Layer, Route, Waiver
from tariffs.rounding import Rounding
from tariffs.scopes import (
    CONSIGNMENT_NAMES,
    FEE_NAMES,
    LAYER_NAMES,
    LINE_NAMES,
    LINE_ON_DEMAND,
    LINE_VALUE_NAMES,
    ON_DEMAND,
    ConsignmentName,
    LineName,
)

# A layer of this kind takes its rates from `additional` where the declarant gave any.
ADDITIONAL_TYPES = frozenset(
    ["s301", "s122", "s232", "antidumping", "countervailing", "safeguard", "additional_duty"]
)

# The rows of pack.toml that hold formulas, or sentences with names in them.
_READING = ("variable", "basis", "check", "route", "layer", "fee")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ALL_PAID = "price + freight_share + insurance_share"
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Edition:
    """What the pack says while nothing in it changes."""

    # Parameters that no source confirms.
    doubted: frozenset[str]
    parameters: Mapping[str, Decimal]
    # The entries of layers: what every line starts from.
    layer_names: Mapping[str, Decimal]
    # Names of scopes that this edition reads and most do not.
    names: tuple[ConsignmentName, ...]
    line_names: tuple[LineName, ...]
    put_consignment_variables: Callable[..., None]
    put_line_variables: Callable[..., None]
    # The customs value of a line.
    value_of: Compiled
    # The share of tax inside a line's price where prices include it; None where nobody can tell.
    included_in: Compiled | None
    checks: Mapping[str, Checks]
    routes: tuple[Route, ...]
    fees: tuple[Fee, ...]
    registrations: Mapping[str, str]
    layers_by_regime: Mapping[str, tuple[Layer, ...]]


def known_names(head: Mapping[str, Any]) -> frozenset[str]:
    """Return every name that a formula of the pack may read."""
    own = {row["name"] for key in ("parameter", "variable") for row in head.get(key, ())}
    return CONSIGNMENT_NAMES | FEE_NAMES | line_names(head) | own


def line_names(head: Mapping[str, Any]) -> frozenset[str]:
    """Return the names that a formula of the pack reads from a line; the others are the consignment's."""
    variables = {row["name"] for row in head.get("variable", ()) if row["scope"] == "line"}
    layers = {entry for row in head.get("layer", ()) for name in _layer_ids(row) for entry in _entries(name)}
    return LINE_NAMES | LINE_VALUE_NAMES | variables | layers


def compile_edition(
    head: Mapping[str, Any],
    *,
    rules: Mapping[str, Rule],
    roundings: Mapping[str, Rounding],
    gates: Iterable[str],
    on: date,
) -> Edition:
    """Return the edition of the day; raises ExpressionError for a formula, KeyError for a missing entry.

    `gates` are formulas of the tables, which read names as those of the edition do.
    """
    return _Compiler(head, rules=rules, roundings=roundings, gates=gates, on=on).edition()


class _Compiler:
    """Reads the rows of pack.toml that are in force on one day."""

    def __init__(
        self,
        head: Mapping[str, Any],
        *,
        rules: Mapping[str, Rule],
        roundings: Mapping[str, Rounding],
        gates: Iterable[str],
        on: date,
    ) -> None:
        self._head, self._rules, self._roundings, self._on = head, rules, roundings, on
        self._known, self._of_line = known_names(head), line_names(head)
        self._parameters = self._rows("parameter")
        self._doubted = frozenset(row["name"] for row in self._parameters if not row.get("verified", True))
        rows = [str(row) for key in _READING for row in self._rows(key)]
        # A superset of what is read, because sentences and keys are in it as well.
        self._words = frozenset(_WORD.findall(" ".join([*rows, *gates])))

    def edition(self) -> Edition:
        rows = self._rows
        layers = tuple(self._layer(row, kind=kind) for row in rows("layer") for kind in _types(row))
        return Edition(
            doubted=self._doubted,
            parameters={row["name"]: Decimal(row["value"]) for row in self._parameters},
            layer_names=self._layer_names(),
            names=tuple(pair for pair in ON_DEMAND.items() if pair[0] in self._words),
            line_names=tuple(pair for pair in LINE_ON_DEMAND.items() if pair[0] in self._words),
            put_consignment_variables=compile_steps(self._variables("consignment")),
            put_line_variables=compile_steps(self._variables("line"), of_line=self._of_line),
            value_of=self._value_of(),
            included_in=self._included_in(),
            checks=self._checks(),
            routes=tuple(self._route(row) for row in rows("route")),
            layers_by_regime={
                regime: tuple(layer for layer in layers if regime in layer.regimes)
                for regime in self._head["regimes"]
            },
            fees=tuple(self._fee(row) for row in rows("fee")),
            registrations={row["scheme"]: row["pattern"] for row in rows("registration")},
        )

    def _rows(self, key: str) -> list[dict[str, Any]]:
        return [row for row in self._head.get(key, ()) if validity_of(row).covers(self._on)]

    def _formula(self, text: str) -> Expression:
        return compile_expression(text, known=self._known)

    def _line_formula(self, text: str) -> Expression:
        return compile_expression(text, known=self._known, of_line=self._of_line)

    def _optional(self, row: Mapping[str, Any], key: str) -> Expression | None:
        return self._formula(row[key]) if key in row else None

    def _optional_of_line(self, row: Mapping[str, Any], key: str) -> Expression | None:
        return self._line_formula(row[key]) if key in row else None

    def _layer_names(self) -> dict[str, Decimal]:
        ids = [name for row in self._rows("layer") for name in _layer_ids(row)]
        derived = [entry for name in ids for entry in _entries(name) if entry in self._words]
        return dict.fromkeys([*ids, *derived], _ZERO)

    def _variables(self, scope: str) -> list[tuple[str, Node]]:
        return [
            (row["name"], self._formula(row["value"]).tree)
            for row in self._rows("variable")
            if row["scope"] == scope
        ]

    def _value_of(self) -> Compiled:
        """Return the function of the first basis that holds; where none does, of all that is paid."""
        tree, text = parse(_ALL_PAID), _ALL_PAID
        for row in reversed(self._rows("basis")):
            when, value = self._formula(row.get("when", "true")), self._formula(row["value"])
            tree = Node("call", "if", (when.tree, value.tree, tree), when.tree.position)
            text = f"if({when.text}, {value.text}, {text})"
        return compile_tree(tree, text=text, of_line=self._of_line)

    def _included_in(self) -> Compiled | None:
        text = self._head.get("tax_inside")
        return self._line_formula(text).run if text else None

    def _checks(self) -> dict[str, Checks]:
        found: dict[str, list[Check]] = {}
        for row in self._rows("check"):
            found.setdefault(row["severity"], []).append(self._check(row))
        return {
            severity: Checks(
                each=tuple(checks),
                of_consignment=any_of([check.when for check in checks if check.scope == "consignment"]),
                of_line=any_of(
                    [check.when for check in checks if check.scope != "consignment"], of_line=self._of_line
                ),
            )
            for severity, checks in found.items()
        }

    def _check(self, row: Mapping[str, Any]) -> Check:
        return Check(
            code=row["code"],
            scope=row["scope"],
            severity=row["severity"],
            when=(self._formula if row["scope"] == "consignment" else self._line_formula)(row["when"]),
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
        base, amount = self._line_formula(row["base"]), self._line_formula(row["amount"])
        names = tuple(dict.fromkeys((*base.names, *amount.names)))
        when = self._optional_of_line(row, "when")
        rounding, waiver = self._roundings[row.get("round", "charge")], self._waiver(row)
        return Layer(
            type=kind,
            regimes=frozenset(row["regimes"]),
            when=None if when is None or when.reads_line else when,
            line_when=when if when is not None and when.reads_line else None,
            rate_types=_rate_types(row, kind=kind),
            is_optional=row.get("optional", False),
            base=base,
            amount=amount,
            rate=self._optional_of_line(row, "rate"),
            rounding=rounding,
            collector=row["collector"],
            once_per=tuple(row.get("once_per", ())),
            not_with=tuple(row.get("not_with", ())),
            waiver=waiver,
            rule=self._rules[row["rule"]],
            charge=self._charge(row, base=base, amount=amount, kind=kind),
            is_joint=rounding.when != "each" or waiver is not None,
            is_doubted=not self._doubted.isdisjoint(names),
            is_additional=kind in ADDITIONAL_TYPES,
            reads_rate=not {"rate", "specific"}.isdisjoint(names),
            entries=self._entries(row.get("name", kind)),
        )

    def _charge(
        self, row: Mapping[str, Any], *, base: Expression, amount: Expression, kind: str
    ) -> Callable[[Scope, Scope], Worked]:
        formulas = ChargeFormulas(
            base=base.tree,
            amount=amount.tree,
            inputs=tuple(dict.fromkeys((*base.names, *amount.names))),
            has_rate=bool(_rate_types(row, kind=kind)),
            base_rounding=self._roundings[row["round_base"]] if "round_base" in row else None,
            value_rounding=self._roundings["value"],
            rounding=self._roundings[row.get("round", "charge")],
        )
        return compile_charge(formulas, of_line=self._of_line)

    def _entries(self, name: str) -> Entries:
        amount, *others = _entries(name)
        return Entries(amount, *[entry if entry in self._words else "" for entry in others])

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


def _entries(name: str) -> tuple[str, ...]:
    return tuple([name + end for end in LAYER_NAMES])


def _rate_types(row: Mapping[str, Any], *, kind: str) -> tuple[str, ...]:
    given = row.get("rate_type", ())
    if "types" in row:
        return (kind,)
    return (given,) if isinstance(given, str) and given else tuple(given)
