"""Reads duty expressions: the official EU, UK and US notations, spaces optional."""

import re
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _
from lark import Lark, UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from tariffs.duties.building import Builder, parts_of_value_pattern
from tariffs.duties.errors import DutyError
from tariffs.duties.expression import DutyExpression
from tariffs.duties.units import CODE_PATTERN, COUNT_PATTERN, QUALIFIER_PATTERN, UNIT_PATTERN

__all__ = ["DutyError", "parse_duty"]

GRAMMAR = Path(__file__).with_name("duties.lark")
LONGEST = 1000

_WORD = re.compile(r"[^\W\d_]+|\d[\d.,]*|\S")
_COUNT = re.compile(COUNT_PATTERN)
_IN_A_SEASON = frozenset({"DAY", "MONTH", "TO"})
_AFTER_A_RATE = frozenset({"PLUS", "MINUS", "MIN", "MAX"})


@lru_cache(maxsize=16384)
def parse_duty(text: str, *, currency: str | None = None) -> DutyExpression:
    """Return the duty that the text states; `currency` is what `$` means here. Raises DutyError."""
    if len(text) > LONGEST:
        message = _("it is longer than %(number)d characters") % {"number": LONGEST}
        raise DutyError(message, text=text, position=LONGEST + 1, fix=_("Give one duty at a time."))
    try:
        duty: DutyExpression = Builder(text, currency=currency).transform(_parser().parse(text))
    except VisitError as error:
        raise error.orig_exc from None
    except UnexpectedInput as error:
        raise _explained(error, text=text) from None
    return duty


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = GRAMMAR.read_text(encoding="utf-8")
    for name, pattern in (
        ("$UNIT", UNIT_PATTERN),
        ("$CODE", CODE_PATTERN),
        ("$QUALIFIER", QUALIFIER_PATTERN),
        ("$SHARE", parts_of_value_pattern()),
    ):
        grammar = grammar.replace(f"/{name}/", f"/{_in_grammar(pattern)}/")
    return Lark(grammar, parser="lalr", lexer="contextual", maybe_placeholders=False)


def _in_grammar(pattern: str) -> str:
    return re.sub(r"(?<!\\)/", r"\/", pattern)


def _explained(error: UnexpectedInput, *, text: str) -> DutyError:
    place, expected = _place(error, text=text), _expected(error)
    if "UNIT" in expected and (count := _COUNT.match(text, place)):
        place = count.end()
    match = _WORD.match(text, place)
    word = match[0] if match else ""
    message, fix = _sentences(word, expected=expected, text=text)
    return DutyError(message, text=text, position=place + 1, fix=fix)


def _place(error: UnexpectedInput, *, text: str) -> int:
    is_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    place = error.pos_in_stream
    return len(text) if is_end or place is None else place


def _expected(error: UnexpectedInput) -> frozenset[str]:
    if isinstance(error, UnexpectedCharacters):
        return frozenset(error.allowed or ())
    return frozenset(error.accepts or error.expected) if isinstance(error, UnexpectedToken) else frozenset()


def _sentences(word: str, *, expected: frozenset[str], text: str) -> tuple[str, str]:
    if not text.strip():
        return _("there is no duty in it"), _("Write for example 2.50 EUR / 100 kg or 5%.")
    if "CURRENCY" in expected and word.isalpha():
        return _no_currency(word)
    if "NUMBER" not in expected and expected & {"UNIT", "THOUSAND"} and word:
        return (
            _("no unit %(unit)s") % {"unit": word},
            _("Name a unit of the tariff, such as kg, 100 kg, l, hl, m2, pa or p/st."),
        )
    if not word:
        return _("it ends too early"), _("Complete it, or take off what stands at its end.")
    return _("“%(word)s” is not understood here") % {"word": word}, _fix(expected)


def _no_currency(word: str) -> tuple[str, str]:
    return (
        _("no currency %(currency)s") % {"currency": word},
        _("Write the currency as its three letters (ISO 4217), such as EUR."),
    )


def _fix(expected: frozenset[str]) -> str:
    if "CURRENCY" in expected:
        return _("Write a point before decimals, and after the number a currency or %.")
    if expected & _IN_A_SEASON:
        return _("Write the season like (1 JAN-31 MAY, 1 NOV-31 DEC).")
    if "QUALIFIER" in expected and not expected & _AFTER_A_RATE:
        return _("Name what is counted, such as lactic., net drained wt or gross.")
    if expected & _AFTER_A_RATE:
        return _("Join rates by +, -, MIN or MAX, and write amounts like 2.50 EUR / 100 kg.")
    if "NUMBER" not in expected:
        return _("Take it off.")
    return _("Begin with a rate such as 2.50 EUR / 100 kg or 5%.")
