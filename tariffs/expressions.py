"""The packs' formula language: parsed once to a tree, checked against known names, run as closures.

Numbers are exact decimals. There are names, text in quotes, + - * /, comparisons, `and`, `or`, `not` and the
functions of `FUNCTIONS`; nothing else exists, so that a pack can state law but can run no code.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tariffs.rounding import round_down, without_noise

Scope = Mapping[str, Any]
Compiled = Callable[[Scope], Any]


class ExpressionError(ValueError):
    """The text is no formula; `position` counts characters from 1."""

    def __init__(self, message: str, *, text: str, position: int) -> None:
        self.position = position
        super().__init__(f"{message} at character {position} of: {text}")


@dataclass(frozen=True, slots=True)
class Node:
    """One part of a formula: `kind` is number, text, name, call or an operator."""

    kind: str
    value: Any
    children: tuple["Node", ...]
    position: int


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula ready to run, with the names that it reads."""

    text: str
    run: Compiled
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def compile_expression(text: str, *, known: frozenset[str] | None = None) -> Expression:
    """Return the formula; raises ExpressionError for what is not understood or names not in `known`."""
    tree = parse(text)
    names = tuple(dict.fromkeys(_names(tree, text=text, known=known)))
    return Expression(text=text, run=_compile(tree, text), names=names)


def parse(text: str) -> Node:
    """Return the tree of a formula; raises ExpressionError."""
    return _Parser(text).parse()


def gross_up(amount: Decimal, rate: Decimal) -> Decimal:
    """Return the price that still holds `amount` when tax of `rate` is inside it: amount / (1 - rate)."""
    return amount / (1 - rate)


def clamp(amount: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """Return `amount`, but not under `low` nor over `high`."""
    return max(low, min(amount, high))


def ratio(amount: Decimal, divisor: Decimal) -> Decimal:
    """Return amount / divisor, and 0 where the divisor is absent (0)."""
    return amount / divisor if divisor else Decimal(0)


def _has_marker(line: Scope, marker: str) -> bool:
    return marker in line["rows"]


def _any_goods(scope: Scope, marker: str) -> bool:
    return any(marker in line["rows"] for line in scope["lines"])


def _all_goods(scope: Scope, marker: str) -> bool:
    return all(marker in line["rows"] for line in scope["lines"])


def _mass_of(scope: Scope, prefix: str) -> Decimal:
    return sum(
        (line["net_mass"] for line in scope["lines"] if line["commodity_code"].startswith(prefix)), Decimal(0)
    )


def _convert(scope: Scope, amount: Decimal, currency: str) -> Decimal:
    return without_noise(scope["convert"](amount, currency))


def _any_origin(scope: Scope, country: str) -> bool:
    return any(line["origin"] == country for line in scope["lines"])


def _any_line(scope: Scope, name: str) -> bool:
    return any(line[name] for line in scope["lines"])


def _every_line(scope: Scope, name: str) -> bool:
    return all(line[name] for line in scope["lines"])


def _has_document(line: Scope, kind: str) -> bool:
    return kind in line["documents"]


def _charge(line: Scope, base: Decimal) -> Decimal:
    amount: Decimal = line["charge"](base)
    return amount


def _share(line: Scope, amount: Decimal) -> Decimal:
    lines, whole = line["lines"], line["value_raw"]
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
# These also read the consignment or the line that is assessed.
SCOPED_FUNCTIONS: dict[str, tuple[Callable[..., Any], int]] = {
    "has": (_has_marker, 1),
    "any_goods": (_any_goods, 1),
    "all_goods": (_all_goods, 1),
    "any_origin": (_any_origin, 1),
    "any_line": (_any_line, 1),
    "every_line": (_every_line, 1),
    "mass_of": (_mass_of, 1),
    "convert": (_convert, 2),
    "has_document": (_has_document, 1),
    # The rate of the layer, whatever its form, on a base.
    "charge": (_charge, 1),
    # The line's part, by value, of an amount for the whole consignment.
    "share": (_share, 1),
}

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>'[^']*')"
    r"|(?P<operator><=|>=|==|!=|[-+*/<>(),]))"
)
_POWERS: dict[str, tuple[int, Callable[[Any, Any], Any]]] = {
    "==": (3, operator.eq),
    "!=": (3, operator.ne),
    "<": (3, operator.lt),
    "<=": (3, operator.le),
    ">": (3, operator.gt),
    ">=": (3, operator.ge),
    "+": (4, operator.add),
    "-": (4, operator.sub),
    "*": (5, operator.mul),
    "/": (5, operator.truediv),
}
_LOGIC = {"or": 1, "and": 2}
_CONSTANTS = {"true": True, "false": False}


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            start = place + len(text[place:]) - len(text[place:].lstrip())
            raise ExpressionError(f"{text[start]!r} is not understood", text=text, position=start + 1)
        tokens.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup) + 1))
        place = match.end()
    return [*tokens, _Token("end", "", len(text) + 1)]


class _Parser:
    """Precedence climbing over the tokens of one formula."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._place = 0

    def parse(self) -> Node:
        tree = self._climb(0)
        if self._token.kind != "end":
            raise self._error(f"{self._token.text!r} is not expected")
        return tree

    @property
    def _token(self) -> _Token:
        return self._tokens[self._place]

    def _take(self) -> _Token:
        token = self._token
        self._place += 1
        return token

    def _expect(self, text: str) -> None:
        if self._token.text != text:
            raise self._error(f"{text!r} is missing")
        self._place += 1

    def _error(self, message: str) -> ExpressionError:
        return ExpressionError(message, text=self._text, position=self._token.position)

    def _climb(self, least: int) -> Node:
        left = self._prefix()
        while (power := self._power()) > least:
            token = self._take()
            left = Node(token.text, None, (left, self._climb(power)), token.position)
        return left

    def _power(self) -> int:
        token = self._token
        if token.kind == "operator" and token.text in _POWERS:
            return _POWERS[token.text][0]
        return _LOGIC.get(token.text, 0) if token.kind == "name" else 0

    def _prefix(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Node("number", Decimal(token.text), (), token.position)
        if token.kind == "text":
            return Node("text", token.text[1:-1], (), token.position)
        if token.text == "not":
            return Node("not", None, (self._climb(2),), token.position)
        if token.text == "-":
            return Node("negative", None, (self._climb(5),), token.position)
        if token.text == "(":
            inner = self._climb(0)
            self._expect(")")
            return inner
        return self._named(token)

    def _named(self, token: _Token) -> Node:
        if token.kind != "name" or token.text in _LOGIC:
            self._place -= 1
            raise self._error("a value is missing")
        if token.text in _CONSTANTS:
            return Node("constant", _CONSTANTS[token.text], (), token.position)
        if self._token.text != "(":
            return Node("name", token.text, (), token.position)
        return Node("call", token.text, self._arguments(), token.position)

    def _arguments(self) -> tuple[Node, ...]:
        self._expect("(")
        arguments = [self._climb(0)]
        while self._token.text == ",":
            self._place += 1
            arguments.append(self._climb(0))
        self._expect(")")
        return tuple(arguments)


def _names(node: Node, *, text: str, known: frozenset[str] | None) -> list[str]:
    found = [name for child in node.children for name in _names(child, text=text, known=known)]
    if node.kind != "name":
        return found
    if known is not None and node.value not in known:
        raise ExpressionError(f"the name {node.value!r} is not known", text=text, position=node.position)
    return [*found, node.value]


def _compile(node: Node, text: str) -> Compiled:
    if node.kind in ("number", "text", "constant"):
        constant = node.value
        return lambda scope: constant
    if node.kind == "name":
        return operator.itemgetter(node.value)
    if node.kind == "call":
        return _compile_call(node, text)
    parts = [_compile(child, text) for child in node.children]
    if node.kind == "not":
        return lambda scope: not parts[0](scope)
    if node.kind == "negative":
        return lambda scope: -parts[0](scope)
    return _compile_binary(node.kind, *parts)


def _compile_binary(kind: str, left: Compiled, right: Compiled) -> Compiled:
    if kind == "and":
        return lambda scope: bool(left(scope)) and bool(right(scope))
    if kind == "or":
        return lambda scope: bool(left(scope)) or bool(right(scope))
    act = _POWERS[kind][1]
    return lambda scope: act(left(scope), right(scope))


def _compile_call(node: Node, text: str) -> Compiled:
    parts = [_compile(child, text) for child in node.children]
    if node.value == "if":
        _check_count(node, 3, text=text)
        test, yes, no = parts
        return lambda scope: yes(scope) if test(scope) else no(scope)
    if node.value in SCOPED_FUNCTIONS:
        scoped, scoped_count = SCOPED_FUNCTIONS[node.value]
        _check_count(node, scoped_count, text=text)
        return lambda scope: scoped(scope, *[part(scope) for part in parts])
    if node.value not in FUNCTIONS:
        raise ExpressionError(f"there is no function {node.value!r}", text=text, position=node.position)
    function, count = FUNCTIONS[node.value]
    _check_count(node, count, text=text)
    return lambda scope: function(*[part(scope) for part in parts])


def _check_count(node: Node, count: int | None, *, text: str) -> None:
    given = len(node.children)
    if given != count and not (count is None and given >= 2):
        raise ExpressionError(
            f"{node.value!r} takes {count or 'two or more'} values, not {given}",
            text=text,
            position=node.position,
        )
