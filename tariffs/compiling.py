"""Makes a Python function of a formula's tree, so that assessing many consignments costs no interpreting.

Python's own syntax tree is built node by node from ours, which was read and checked before: names become keys
of a dict, numbers and text constants, and calls reach only the functions below. No text is ever executed.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import CodeType
from typing import Any

from tariffs.formulas import ExpressionError, Node
from tariffs.measuring import DUTY, charged
from tariffs.rating import is_rated, rate_of
from tariffs.results import Inputs
from tariffs.rounding import Rounding, round_down, without_noise

Scope = Mapping[str, Any]
# Called with the names of the consignment and, where the formula is about a line, with those of the line.
Compiled = Callable[..., Any]

_ZERO = Decimal(0)
_ONE = Decimal(1)


def gross_up(amount: Decimal, rate: Decimal) -> Decimal:
    """Return the price that still holds `amount` when tax of `rate` is inside it: amount / (1 - rate)."""
    return amount / (_ONE - rate)


def clamp(amount: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """Return `amount`, but not under `low` nor over `high`."""
    return max(low, min(amount, high))


def ratio(amount: Decimal, divisor: Decimal) -> Decimal:
    """Return amount / divisor, and 0 where the divisor is absent (0)."""
    return amount / divisor if divisor else _ZERO


def _any_goods(scope: Scope, marker: str) -> bool:
    return any(marker in line["rows"] for line in scope["lines"])


def _all_goods(scope: Scope, marker: str) -> bool:
    return all(marker in line["rows"] for line in scope["lines"])


def _mass_of(scope: Scope, prefix: str) -> Decimal:
    masses = [line["net_mass"] for line in scope["lines"] if line["commodity_code"].startswith(prefix)]
    return sum(masses, _ZERO)


def _convert(scope: Scope, amount: Decimal, currency: str) -> Decimal:
    return without_noise(scope["convert"](amount, currency))


def _any_origin(scope: Scope, country: str) -> bool:
    return any(line["origin"] == country for line in scope["lines"])


def _any_line(scope: Scope, name: str) -> bool:
    return any(line[name] for line in scope["lines"])


def _every_line(scope: Scope, name: str) -> bool:
    return all(line[name] for line in scope["lines"])


def _share(scope: Scope, line: Scope, amount: Decimal) -> Decimal:
    lines, whole = scope["lines"], scope["value_raw"]
    return amount * line["line_value_raw"] / whole if whole else amount / len(lines)


# name -> (function, number of arguments, or None for two and more)
FUNCTIONS: dict[str, tuple[Callable[..., Any], int | None]] = {
    "min": (min, None),
    "max": (max, None),
    "abs": (abs, 1),
    "clamp": (clamp, 3),
    "gross_up": (gross_up, 2),
    "ratio": (ratio, 2),
    "round_down": (round_down, 2),
}
# These also read the consignment.
SCOPED_FUNCTIONS: dict[str, tuple[Callable[..., Any], int | None]] = {
    "any_goods": (_any_goods, 1),
    "all_goods": (_all_goods, 1),
    "any_origin": (_any_origin, 1),
    "any_line": (_any_line, 1),
    "every_line": (_every_line, 1),
    "mass_of": (_mass_of, 1),
    "convert": (_convert, 2),
}
# These also read the consignment and the line.
LINE_FUNCTIONS: dict[str, tuple[Callable[..., Any], int | None]] = {
    # The rate of the layer, whatever its form, on a base.
    "charge": (charged, 1),
    # The line's part, by value, of an amount for the whole consignment.
    "share": (_share, 1),
    # The rate of a type of tax as a fraction, and whether it could charge anything.
    "rate_of": (rate_of, 1),
    "is_rated": (is_rated, 1),
}
# These ask whether a line holds something: its rows of the tables, its papers.
_HOLDINGS = {"has": "rows", "has_document": "documents"}
# Calls whose answer is another one for each line.
OF_A_LINE = frozenset([*LINE_FUNCTIONS, *_HOLDINGS])

_OPERATORS: dict[str, ast.operator] = {"+": ast.Add(), "-": ast.Sub(), "*": ast.Mult(), "/": ast.Div()}
_COMPARISONS: dict[str, ast.cmpop] = {
    "==": ast.Eq(),
    "!=": ast.NotEq(),
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
}
_JOINTS: dict[str, ast.boolop] = {"and": ast.And(), "or": ast.Or()}
_TRUTHS = frozenset([*_COMPARISONS, *_JOINTS, "not", "constant"])
_SCOPE = ast.Name("scope", ast.Load())
_LINE = ast.Name("line", ast.Load())
# Functions, and what they are given before the values of a formula.
_FAMILIES: tuple[tuple[Mapping[str, tuple[Callable[..., Any], int | None]], list[ast.expr]], ...] = (
    (FUNCTIONS, []),
    (SCOPED_FUNCTIONS, [_SCOPE]),
    (LINE_FUNCTIONS, [_SCOPE, _LINE]),
)
_NO_NAMES: frozenset[str] = frozenset()


def compile_tree(tree: Node, *, text: str, of_line: frozenset[str] = _NO_NAMES) -> Compiled:
    """Return the function that answers the formula's value; raises ExpressionError for an unknown call.

    The names `of_line` are read from the line, all others from the consignment.
    """
    translator = _Translator(text, of_line=of_line)
    return translator.function([ast.Return(translator.expression(tree))])


def compile_steps(
    steps: Sequence[tuple[str, Node]], *, of_line: frozenset[str] = _NO_NAMES
) -> Callable[..., None]:
    """Return the function that works out one formula after the other and puts each value under its name."""
    translator = _Translator("; ".join([name for name, _tree in steps]), of_line=of_line)
    body: list[ast.stmt] = [
        ast.Assign([translator.entry(name, ast.Store())], translator.expression(tree)) for name, tree in steps
    ]
    return translator.function(body or [ast.Pass()])


@dataclass(frozen=True, slots=True)
class ChargeFormulas:
    """What a layer works out for a line: the formulas, what its trace shows, and how each is rounded."""

    base: Node
    amount: Node
    inputs: tuple[str, ...]
    # A duty is applied, whose text the trace shows as well.
    has_rate: bool
    # Of the base as it is worked with, as it is shown, and of the amount.
    base_rounding: Rounding | None
    value_rounding: Rounding
    rounding: Rounding


# Base as it is worked with and as it is shown, amount before and after rounding, and what the formulas read.
Worked = tuple[Decimal, Decimal, Decimal, Decimal, Inputs]


def compile_charge(formulas: ChargeFormulas, *, of_line: frozenset[str]) -> Callable[[Scope, Scope], Worked]:
    """Return one function for all that a layer works out for a line."""
    translator = _Translator("charge", of_line=of_line)
    base: ast.expr = translator.expression(formulas.base)
    shown: ast.expr = _local("base")
    if formulas.base_rounding is not None:
        base = translator.rounded(base, rounding=formulas.base_rounding)
    elif formulas.base.value != "line_value":
        # A line's value is rounded already.
        shown = translator.rounded(shown, rounding=formulas.value_rounding)
    body = [
        ast.Assign([_local("base", ast.Store()), translator.entry("base", ast.Store())], base),
        ast.Assign([_local("raw", ast.Store())], translator.expression(formulas.amount)),
    ]
    amount = translator.rounded(_local("raw"), rounding=formulas.rounding)
    inputs = translator.inputs(formulas.inputs, has_rate=formulas.has_rate)
    answer = ast.Tuple([_local("base"), shown, _local("raw"), amount, inputs], ast.Load())
    return translator.function([*body, ast.Return(answer)])


class _Translator:
    """Turns one formula into Python's syntax; keeps the numbers and functions that it may reach."""

    def __init__(self, text: str, *, of_line: frozenset[str]) -> None:
        self._text, self._of_line = text, of_line
        self._reachable: dict[str, Any] = {"__builtins__": {}}

    def function(self, body: list[ast.stmt]) -> Callable[..., Any]:
        parameters = [ast.arg("scope"), ast.arg("line")]
        arguments = ast.arguments([], parameters, None, [], [], None, [ast.Constant(None)])
        definition = ast.FunctionDef("formula", arguments, body, [])
        module = ast.fix_missing_locations(ast.Module([definition], []))
        code: CodeType = compile(module, f"<{self._text}>", "exec")
        # Built above from a checked tree; without builtins it reaches nothing but what it was given.
        exec(code, self._reachable)  # noqa: S102
        made: Callable[..., Any] = self._reachable["formula"]
        return made

    def expression(self, node: Node) -> ast.expr:
        if node.kind == "name":
            return self.entry(node.value, ast.Load())
        if node.kind == "number":
            return self._reached(f"number_{len(self._reachable)}", node.value)
        if node.kind in ("text", "constant"):
            return ast.Constant(node.value)
        if node.kind == "call":
            return self._call(node)
        return self._operation(node)

    def entry(self, name: str, context: ast.expr_context) -> ast.Subscript:
        return ast.Subscript(_LINE if name in self._of_line else _SCOPE, ast.Constant(name), context)

    def rounded(self, value: ast.expr, *, rounding: Rounding) -> ast.expr:
        if not rounding.is_decimal_place:
            return ast.Call(self._reached(f"rounding_{len(self._reachable)}", rounding), [value], [])
        step = self._reached(f"step_{len(self._reachable)}", rounding.step)
        quantize = ast.Attribute(value, "quantize", ast.Load())
        return ast.Call(quantize, [step, ast.Constant(rounding.mode)], [])

    def inputs(self, names: Sequence[str], *, has_rate: bool) -> ast.expr:
        pairs: list[ast.expr] = [
            ast.Tuple([ast.Constant(name), self.entry(name, ast.Load())], ast.Load()) for name in names
        ]
        if has_rate:
            duty = ast.Subscript(_LINE, ast.Constant(DUTY), ast.Load())
            text = ast.Attribute(duty, "text", ast.Load())
            pairs.append(ast.Tuple([ast.Constant("duty"), text], ast.Load()))
        return ast.Tuple(pairs, ast.Load())

    def _operation(self, node: Node) -> ast.expr:
        parts = [self.expression(child) for child in node.children]
        if node.kind == "not":
            return ast.UnaryOp(ast.Not(), parts[0])
        if node.kind == "negative":
            return ast.UnaryOp(ast.USub(), parts[0])
        if node.kind in _COMPARISONS:
            return ast.Compare(parts[0], [_COMPARISONS[node.kind]], parts[1:])
        if node.kind in _JOINTS:
            truths = [_truth(child, part) for child, part in zip(node.children, parts, strict=True)]
            return ast.BoolOp(_JOINTS[node.kind], truths)
        return ast.BinOp(parts[0], _OPERATORS[node.kind], parts[1])

    def _call(self, node: Node) -> ast.expr:
        parts = [self.expression(child) for child in node.children]
        if node.value == "if":
            self._check_count(node, 3)
            return ast.IfExp(*parts)
        if node.value in _HOLDINGS:
            self._check_count(node, 1)
            held = ast.Subscript(_LINE, ast.Constant(_HOLDINGS[node.value]), ast.Load())
            return ast.Compare(parts[0], [ast.In()], [held])
        return self._call_function(node, parts)

    def _call_function(self, node: Node, parts: list[ast.expr]) -> ast.expr:
        for functions, scopes in _FAMILIES:
            if node.value in functions:
                function, count = functions[node.value]
                self._check_count(node, count)
                return ast.Call(self._reached(node.value, function), [*scopes, *parts], [])
        raise ExpressionError(f"there is no function {node.value!r}", text=self._text, position=node.position)

    def _reached(self, name: str, value: Any) -> ast.Name:
        self._reachable[name] = value
        return ast.Name(name, ast.Load())

    def _check_count(self, node: Node, count: int | None) -> None:
        given = len(node.children)
        if given != count and not (count is None and given >= 2):
            raise ExpressionError(
                f"{node.value!r} takes {count or 'two or more'} values, not {given}",
                text=self._text,
                position=node.position,
            )


def _local(name: str, context: ast.expr_context | None = None) -> ast.Name:
    return ast.Name(name, context or ast.Load())


def _truth(node: Node, part: ast.expr) -> ast.expr:
    """`and` and `or` answer true or false here, never one of their sides."""
    return part if node.kind in _TRUTHS else ast.UnaryOp(ast.Not(), ast.UnaryOp(ast.Not(), part))
