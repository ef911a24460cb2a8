"""The packs' formula language, parsed to a tree; a mistake is named with its character.

Numbers are exact decimals. There are names, text in quotes, + - * /, comparisons, `and`, `or`, `not` and
calls; nothing else exists, so that a pack can state law but can run no code.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


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
class _Token:
    kind: str
    text: str
    position: int


def parse(text: str) -> Node:
    """Return the tree of a formula; raises ExpressionError."""
    return _Parser(text).parse()


_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>'[^']*')"
    r"|(?P<operator><=|>=|==|!=|[-+*/<>(),]))"
)  # How tightly an operator binds.
_POWERS = {
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/"), 5),
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
            return _POWERS[token.text]
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
