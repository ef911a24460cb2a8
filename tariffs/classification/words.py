"""Cuts a text into the words that classify goods: no sizes, colours, counts; Chinese beside English."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from tariffs.classification.lists import list_rows
from tariffs.classification.stemming import stem

_MOJIBAKE = re.compile(r"â©|â¢|â®|©|™|®|�")
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]+(?:[.,/][0-9]+)*|[\u3400-\u9fff]+|[,;(|]")
_LETTERS_AND_DIGITS = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")
# A code that the seller typed into the text is for the code search, not for the words.
_HSCODE = re.compile(
    r"\bhs ?code:? ?[0-9]*|\b(?:hs|sku|asin|art|item|model|ref) ?(?:no|nr)?[.:#] ?[0-9a-z-]+"
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")

# Written apart, joined or hyphenated: one thing.
_JOINED = tuple((re.compile(rf"\b{pattern}\b"), word) for pattern, word in list_rows("joined"))
# One search for all: most texts have none of them.
_ANY_JOINED = re.compile("|".join(pattern.pattern for pattern, _word in _JOINED))
_KINDS = {word: kind for kind, word in list_rows("weak")}
COLOURS = frozenset(word for word, kind in _KINDS.items() if kind == "colour")
# Sizes, colours, counts, single letters, for whom, and sales talk: they count little.
WEAK = frozenset(word for word, kind in _KINDS.items() if kind != "dropped")
DROPPED = frozenset(word for word, kind in _KINDS.items() if kind == "dropped")
_UNITS = frozenset(
    {"ml", "cl", "l", "g", "kg", "mg", "oz", "cm", "mm", "m", "in", "inch", "w", "v", "mah", "gb"}
)
_WEAK_PLACE = 0.4
_AFTER = frozenset({"with", "for", "from", "w", "in", "inspired"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: as written, its stem, and how much its place and kind say (0 to 1)."""

    written: str
    stem: str
    place: float = 1.0

    @property
    def is_weak(self) -> bool:
        """Say whether the word is a size, a colour, a count or sales talk."""
        return self.written in WEAK


@dataclass(frozen=True, slots=True)
class Words:
    """The English words in their order, the Chinese without what stands between, and the units of measure."""

    english: tuple[Word, ...]
    chinese: str
    units: frozenset[str]


def normalise(text: str) -> str:
    """Return the text in lower case, compatible forms composed, accents and trade marks removed."""
    text = _MOJIBAKE.sub(" ", unicodedata.normalize("NFKC", text).lower())
    if not text.isascii():
        text = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return text.replace("’", "'").replace("_", " ")


@lru_cache(maxsize=4096)
def cut(text: str) -> Words:
    """Return the words of a text; never raises."""
    tokens = _tokens(_HSCODE.sub(" ", normalise(text)))
    words: list[Word] = []
    place = 1.0
    for before, token in zip(("", *tokens), tokens, strict=False):
        place = _place_after(token, place=place)
        word = token.removesuffix("'s").replace("'", "")
        is_unit = word in _UNITS and before[:1].isdigit()
        if _is_word(word) and not is_unit:
            words.append(Word(word, stem(word), place * _WEAK_PLACE if word in WEAK else place))
    chinese = " ".join(token for token in tokens if _CHINESE.match(token))
    return Words(tuple(words), chinese, _units(tokens))


def phrase(text: str) -> tuple[str, ...]:
    """Return the stems of a term in their order; pairs of characters for a Chinese one."""
    words = cut(text)
    return (*(word.stem for word in words.english), *bigrams(words.chinese))


def bigrams(chinese: str) -> tuple[str, ...]:
    """Return the pairs of neighbouring characters of each run; a character alone as it is."""
    return tuple(run[place : place + 2] for run in chinese.split() for place in range(max(1, len(run) - 1)))


def _is_word(word: str) -> bool:
    return word.isascii() and word.isalpha() and word not in DROPPED


def _tokens(plain: str) -> list[str]:
    if _ANY_JOINED.search(plain):
        for pattern, word in _JOINED:
            plain = pattern.sub(word, plain)
    return _TOKEN.findall(_LETTERS_AND_DIGITS.sub(" ", plain))


def _units(tokens: Sequence[str]) -> frozenset[str]:
    pairs = pairwise(tokens)
    return frozenset(unit for number, unit in pairs if number[0].isdigit() and unit in _UNITS)


def _place_after(token: str, *, place: float) -> float:
    """What follows a comma, a bracket or `for` says what the goods go with, seldom what they are."""
    if token in _AFTER:
        return 0.6
    if token in {",", ";", "(", "|"}:
        return min(place, 0.8)
    return place
