"""Makes a duty out of the tree that the grammar found, and says no to what the grammar cannot see."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from lark import Token, Transformer, v_args

from tariffs.duties.currencies import currency_of, is_currency
from tariffs.duties.errors import DutyError
from tariffs.duties.expression import Amount, Bounds, Day, DutyExpression, Part, Percent, Season, Sum
from tariffs.duties.units import (
    COUNT_PATTERN,
    ITEM,
    RETAIL_PRICE,
    Factor,
    Unit,
    component_code,
    narrowed,
    unit_of,
)

# what a share is of -> the parts of value that it counts; none is the customs value itself
_SHARES: dict[str, tuple[str, ...]] = {
    "on the case": ("value_case",),
    "on the strap, band or bracelet": ("value_strap",),
    "on the case and strap, band or bracelet": ("value_case", "value_strap"),
    "on the battery": ("value_battery",),
    "on the movement": ("value_movement",),
    "on the movement and case": ("value_movement", "value_case"),
    "on the apparatus": ("value_apparatus",),
    "on the value of the lead content": ("value_lead_content",),
    "on the value of the rifle": ("value_rifle",),
    "on the value of the telescopic sight": ("value_telescopic_sight",),
    "on the entire set": (),
}
# A unit that stands alone is one of the tariff's own; any other is an amount that lost its currency.
_ASKED_COUNTS = frozenset({1, 100, 1000, 10000})
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_LAST_OF_FEBRUARY = (2, 29)
_CENT = Decimal("0.01")
_THOUSAND = Unit((Factor(ITEM, Decimal(1000)),), "1000")
_EACH = Unit((Factor(ITEM),), "each")


def parts_of_value_pattern() -> str:
    """Return the pattern of what a percentage may be of, beside the customs value and the retail price."""
    spelled = (name.replace("on the ", "on (?:the )?", 1) for name in sorted(_SHARES, key=len, reverse=True))
    return rf"(?:{'|'.join(spelled)})(?![a-z])(?:, if any)?".replace(" ", r"\s+")


@v_args(inline=True)
class Builder(Transformer[Token, Any]):
    """Builds from the leaves up; raises DutyError with the character."""

    def __init__(self, text: str, *, currency: str | None) -> None:
        super().__init__()
        self._text = text
        self._currency = currency
        self._bare: list[Token] = []

    def start(self, rate: Any) -> DutyExpression:
        """Take one rate for the whole year, or seasons."""
        seasons = rate if isinstance(rate, tuple) else (Season((), rate),)
        parts = tuple(part for season in seasons for part in season.bounds.parts())
        if len(parts) == len(self._bare):
            message = _("it is not said what %(number)s is") % {"number": self._bare[0]}
            end = len(self._text.rstrip())
            self._refuse(message, place=end, fix=_("After the number write a currency or %."))
        return _duty(self._text, seasons=seasons, parts=parts)

    def asked(self, unit: Unit) -> DutyExpression:
        """Take a bare supplementary unit: a quantity is asked, no duty is due."""
        count = re.match(COUNT_PATTERN, unit.text)
        if count and int(count[0].replace(",", "")) not in _ASKED_COUNTS:
            begin = len(self._text) - len(self._text.lstrip())
            self._refuse_currency(unit.text[count.end() :], place=begin + count.end())
        units = frozenset(factor.code for factor in unit.factors)
        return DutyExpression(text=self._text, units=units, is_linear=True)

    def seasons(self, *parts: Any) -> tuple[Season, ...]:
        """Take seasons; what is left without dates holds for the rest of the year."""
        return tuple(part if isinstance(part, Season) else Season((), part) for part in parts)

    def season(self, bounds: Bounds, *spans: tuple[Day, Day]) -> Season:
        """Take what holds in some spans of the year."""
        return Season(spans, bounds)

    def span(self, *tokens: Token) -> tuple[Day, Day]:
        """Take "1 JAN-31 MAY"."""
        first, first_month, _to, last, last_month = tokens
        return self._day(first, month=first_month), self._day(last, month=last_month)

    def short_span(self, *tokens: Token) -> tuple[Day, Day]:
        """Take "1-31 DEC"."""
        first, _to, last, month = tokens
        return self._day(first, month=month), self._day(last, month=month)

    def bounds(self, first: Sum, *rest: Any) -> Bounds:
        """Take a sum and its limits."""
        limits = zip(rest[::2], rest[1::2], strict=True)
        return Bounds(first, tuple((limit.type, bound) for limit, bound in limits))

    def nothing(self, word: Token) -> Bounds:
        """Take free and NIHIL."""
        zero = Percent(Decimal(0), Decimal(0), (), str(word), _position(word))
        return Bounds(Sum((("+", zero),)))

    def sum(self, first: Part, *rest: Any) -> Sum:
        """Take parts with their signs."""
        signed = zip(rest[::2], rest[1::2], strict=True)
        return Sum((("+", first), *(("+" if sign.type == "PLUS" else "-", part) for sign, part in signed)))

    def percent(self, number: Token, _sign: Token) -> Percent:
        """Take a percentage of the customs value."""
        return _percent(number, of=(), words="")

    def retail(self, number: Token, *_words: Token) -> Percent:
        """Take a percentage of the retail price."""
        return _percent(number, of=(RETAIL_PRICE,), words=" of retail price")

    def share(self, number: Token, _sign: Token, share: Token) -> Percent:
        """Take a percentage of a part of the value, such as the case of a watch."""
        words = " ".join(share.split())
        name = words.lower().removesuffix(", if any")
        name = name if name.startswith("on the ") else name.replace("on ", "on the ", 1)
        return _percent(number, of=_SHARES[name], words=f" {words}")

    def bare(self, number: Token) -> Percent:
        """Take a number without its %, which the tariffs leave out beside an amount."""
        self._bare.append(number)
        return _percent(number, of=(), words="")

    def flat(self, money: Amount) -> Amount:
        """Take an amount that no quantity changes."""
        return money

    def specific(self, money: Amount, *per: Any) -> Amount:
        """Take an amount per unit."""
        unit = per[-1]
        if isinstance(unit, Token):
            unit = _EACH if unit.type == "EACH" else _THOUSAND
        joined = f"{money.text} each" if unit is _EACH else f"{money.text} / {unit.text}"
        return Amount(money.amount, money.currency, unit, joined, money.position)

    def component(self, word: Token) -> Amount:
        """Take an agricultural component or an additional duty on sugar or flour, told per 100 kg."""
        factors = (Factor(component_code(word) or ""), Factor("kg", Decimal(100)))
        return Amount(Decimal(1), "", Unit(factors, "100 kg"), str(word), _position(word))

    def money(self, *tokens: Token) -> Amount:
        """Take a number with its currency, sign or cents."""
        number, mark = sorted(tokens, key=lambda token: token.type != "NUMBER")
        value = _number(number) * (_CENT if mark.type == "CENT" else 1)
        currency = self._currency_of(mark)
        return Amount(value, currency, None, f"{value} {currency}", _position(tokens[0]))

    def unit(self, *tokens: Token) -> Unit:
        """Take a unit with its qualifiers."""
        first, *rest = tokens
        try:
            unit = unit_of(str(first))
        except ZeroDivisionError:
            message = _("no unit %(unit)s") % {"unit": first}
            fix = _("Name a unit of the tariff, such as kg, 100 kg, l, hl, m2, pa or p/st.")
            self._refuse(message, place=_position(first) - 1, fix=fix)
        for token in rest:
            if token.type != "SLASH":
                unit = narrowed(unit, str(token))
        return unit

    def refused(self, token: Token) -> NoReturn:
        """Refuse what names no rate."""
        sentences = {
            "OTHER_GOODS": _("it is the rate of other goods"),
            "NOTE": _("it refers to a note"),
            "ENTRY_PRICE": _("an entry price is not worked out without its scale"),
        }
        fixes = {
            "OTHER_GOODS": _("Look up the rate of the goods that it names, and give that rate."),
            "NOTE": _("Find the rate by the note, and give that rate."),
            "ENTRY_PRICE": _("Give the rate that the tariff's scale states for the price of the goods."),
        }
        self._refuse(sentences[token.type], place=_position(token) - 1, fix=fixes[token.type])

    def _currency_of(self, mark: Token) -> str:
        if mark.type == "CURRENCY":
            code = mark.upper() if is_currency(mark.upper()) else None
        else:
            code = currency_of(mark[-1], local=self._currency if len(mark) == 1 else None)
        return code or self._refuse_currency(str(mark), place=_position(mark) - 1)

    def _day(self, day: Token, *, month: Token) -> Day:
        found = (_MONTHS.index(month[:3].upper()) + 1, int(day))
        if _LAST_OF_FEBRUARY < found < (3, 1):
            message = _("February has no day %(day)s") % {"day": day}
            self._refuse(message, place=_position(day) - 1, fix=_("Correct the season."))
        return found

    def _refuse_currency(self, name: str, *, place: int) -> NoReturn:
        message = _("no currency %(currency)s") % {"currency": name}
        self._refuse(
            message, place=place, fix=_("Write the currency as its three letters (ISO 4217), such as EUR.")
        )

    def _refuse(self, message: str, *, place: int, fix: str) -> NoReturn:
        raise DutyError(message, text=self._text, position=place + 1, fix=fix)


def _position(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _number(token: Token) -> Decimal:
    return Decimal(token.replace(",", ""))


def _percent(number: Token, *, of: tuple[str, ...], words: str) -> Percent:
    rate = _number(number)
    return Percent(rate, rate.scaleb(-2), of, f"{rate}%{words}", _position(number))


def _duty(text: str, *, seasons: tuple[Season, ...], parts: tuple[Part, ...]) -> DutyExpression:
    is_constant = len(seasons) == 1 and not seasons[0].spans and not seasons[0].bounds.limits
    plain = parts[0] if is_constant and len(parts) == 1 else None
    percent = plain if isinstance(plain, Percent) and not plain.of else None
    return DutyExpression(
        text=text,
        units=frozenset(code for part in parts for code in _codes(part)),
        currencies=frozenset(part.currency for part in parts if isinstance(part, Amount) and part.currency),
        percent=percent.rate if percent else None,
        fraction=percent.fraction if percent else None,
        is_linear=is_constant and all(sign == "+" for sign, _part in seasons[0].bounds.first.parts),
        needs_value=any(isinstance(part, Percent) and not part.of for part in parts),
        seasons=seasons,
    )


def _codes(part: Part) -> Iterable[str]:
    if isinstance(part, Percent):
        return part.of
    return (factor.code for factor in part.unit.factors) if part.unit else ()
