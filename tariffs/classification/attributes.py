"""What chooses between subheadings of one product: for whom, of what, knitted or woven, electric or not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from tariffs import nomenclature
from tariffs.classification.lists import list_rows
from tariffs.classification.words import normalise

Attributes = Mapping[str, str]
"""From the kind (person, material, make, power) to its value."""


@dataclass(frozen=True, slots=True)
class _Sign:
    kind: str
    value: str
    english: re.Pattern[str]
    chinese: re.Pattern[str]
    tariff: re.Pattern[str]


def _signs() -> Iterator[_Sign]:
    for kind, value, english, chinese, tariff in list_rows("attributes"):
        yield _Sign(kind, value, re.compile(rf"\b(?:{english})\b"), re.compile(chinese), re.compile(tariff))


# In the order of the file: the first that fits wins within its kind.
_SIGNS = tuple(_signs())


def attributes_of(text: str) -> dict[str, str]:
    """Return what a seller's text says of the goods, one value a kind."""
    plain = normalise(text)
    found: dict[str, str] = {}
    for sign in _SIGNS:
        if sign.kind not in found and (sign.english.search(plain) or sign.chinese.search(text)):
            found[sign.kind] = sign.value
    return found


@cache
def attributes_of_code(hs6: str) -> Mapping[str, frozenset[str]]:
    """Return what the tariff's own text asks for, by kind; a kind that it does not name is absent."""
    entry = nomenclature.get(hs6)
    text = entry.text.lower()
    own: dict[str, set[str]] = {}
    for sign in _SIGNS:
        if sign.tariff.search(_positive(text) if sign.kind != "make" else text):
            own.setdefault(sign.kind, set()).add(sign.value)
    return {kind: frozenset(values) for kind, values in own.items()}


def agreement(wanted: Attributes, hs6: str) -> tuple[int, int]:
    """Return how many of the wanted attributes the subheading names, and how many it names otherwise."""
    named = attributes_of_code(hs6)
    agreed = sum(value in named[kind] for kind, value in wanted.items() if kind in named)
    asked = sum(kind in named for kind in wanted)
    return agreed, asked - agreed


_NEGATIVE = re.compile(r"\((?:other than|not|excluding|excl)[^)]*\)|(?:other than|excluding)[^;,]*")


def _positive(text: str) -> str:
    return _NEGATIVE.sub(" ", text)
