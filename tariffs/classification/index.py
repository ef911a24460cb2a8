"""The index in the process: terms of the vocabulary and the tariff's own words, each with its weight."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tariffs import nomenclature
from tariffs.classification.spelling import Speller, speller
from tariffs.classification.vocabulary import VocabularyRow, load_vocabulary
from tariffs.classification.words import WEAK, cut, phrase

# How sure the second, third … code of a row is beside the first.
_BY_PLACE = (1.0, 0.72, 0.58, 0.48, 0.4, 0.34, 0.3, 0.26)
_IN_HEADING = (0.95, 0.72, 0.6, 0.5, 0.42, 0.36, 0.3, 0.26)
_IN_CHAPTER = (0.5, 0.4, 0.34, 0.3, 0.26, 0.22, 0.2, 0.18)
_WEAK_WORD = 0.4
_FIGURE = "#"
# How much the codes of a row count beside those of other rows: a default of customs goes first.
_FIRST = {"default": 1.15, "claim": 0.9}
# The kinds of rows that name goods.
_NAMES = frozenset({"term", "default"})
# BM25F: weights of the fields, saturation, and how much a long text is held against it.
_FIELDS = (("subheading", 1.0), ("heading", 0.55), ("chapter", 0.2))
_SATURATION = 1.2
_LENGTH = 0.6
_USUAL_LENGTH = 9.0
# A word of more subheadings than this chooses nothing.
_MOST_POSTINGS = 1200
_NEGATIVE = re.compile(
    r"\((?:other than|not|excluding|excl)[^)]*\)|(?:other than|excluding|except)[^;]*|n\.e\.c\. in[^;,]*"
)
_HEAD_ENDS = frozenset({"for", "of", "with", "in", "to"})


@dataclass(frozen=True, slots=True)
class Term:
    """One synonym of a vocabulary row: its stems, what they weigh together, and where it leads."""

    text: str
    words: tuple[str, ...]
    head: str
    mass: float
    codes: tuple[tuple[str, float], ...]
    row: int
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Everything that ranking needs, read-only."""

    rows: tuple[VocabularyRow, ...]
    terms: tuple[Term, ...]
    by_word: Mapping[str, tuple[int, ...]]
    tariff: Mapping[str, tuple[tuple[str, float], ...]]
    weight: Mapping[str, float]
    usual: Mapping[str, float]
    speller: Speller


@cache
def the_index() -> Index:
    """Return the index of what the product ships; made once a process."""
    return build(load_vocabulary())


def build(rows: Sequence[VocabularyRow]) -> Index:
    """Return the index over the rows and the texts of HS 2022."""
    usual = _usual(rows)
    split = [
        (number, row, text, _words(text)) for number, row in enumerate(rows) for text in (*row.en, *row.zh)
    ]
    weight = _weights((words, row.codes) for _, row, _, words in split)
    spread = [_spread(row.codes, usual=usual, first=_FIRST.get(row.kind, 1.0)) for row in rows]
    terms = tuple(
        Term(
            text,
            words,
            _head(text, words),
            sum(weight[word] for word in dict.fromkeys(words)),
            spread[number],
            number,
            row.kind,
        )
        for number, row, text, words in split
        if words
    )
    tariff = _tariff_weights()
    known = Counter(word for term in terms for word in set(term.words))
    return Index(tuple(rows), terms, _postings(terms), tariff, weight, usual, speller(known))


def _usual(rows: Iterable[VocabularyRow]) -> dict[str, float]:
    """How often trade terms name a subheading: the best guess where a text does not say more."""
    count: dict[str, float] = defaultdict(float)
    for row in rows:
        for place, code in enumerate(row.codes):
            if len(code) == 6 and row.kind in _NAMES:
                count[code] += 1 / (1 + place)
    return dict(count)


def _weights(split: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]) -> dict[str, float]:
    """A word that few headings share says more than one that many share."""
    headings: dict[str, set[str]] = defaultdict(set)
    for words, codes in split:
        for word in words:
            headings[word].add(codes[0][:4])
    return {
        word: math.log(1 + 400 / len(found)) * (_WEAK_WORD if word in WEAK else 1.0)
        for word, found in headings.items()
    }


def _spread(
    codes: Sequence[str], *, usual: Mapping[str, float], first: float
) -> tuple[tuple[str, float], ...]:
    found: dict[str, float] = {}
    for code, share in zip(codes, _BY_PLACE, strict=False):
        for hs6, part in _inside(code, usual=usual):
            found[hs6] = max(found.get(hs6, 0.0), first * share * part)
    return tuple(found.items())


def _inside(code: str, *, usual: Mapping[str, float]) -> Iterable[tuple[str, float]]:
    if len(code) == 6:
        return ((code, 1.0),)
    below = sorted(
        (entry.code for entry in nomenclature.subheadings(code)),
        key=lambda hs6: (-usual.get(hs6, 0.0), hs6.endswith("9"), hs6),
    )
    return zip(below, _IN_HEADING if len(code) == 4 else _IN_CHAPTER, strict=False)


def _words(text: str) -> tuple[str, ...]:
    """A figure in a term ("3 in 1 coffee") narrows it, and no text answers to it."""
    return (*phrase(text), *((_FIGURE,) if any(one.isdecimal() for one in text) else ()))


def _head(text: str, words: tuple[str, ...]) -> str:
    """The last word of an English compound, before `for`, `of`, `with`; the end of a Chinese one."""
    parts = text.lower().split()
    ends = [place for place, part in enumerate(parts) if place and part in _HEAD_ENDS]
    main = phrase(" ".join(parts[: ends[0]])) if ends else tuple(word for word in words if word != _FIGURE)
    return main[-1] if main else words[-1]


def _postings(terms: Sequence[Term]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, term in enumerate(terms):
        for word in set(term.words):
            found[word].append(number)
    return {word: tuple(numbers) for word, numbers in found.items()}


def _tariff_weights() -> dict[str, tuple[tuple[str, float], ...]]:
    """BM25F over the texts of subheading, heading and chapter, worked out for each word beforehand."""
    counts: dict[str, dict[str, float]] = defaultdict(dict)
    total = len(nomenclature.subheadings())
    for entry in nomenclature.subheadings():
        for word, frequency in _field_counts(entry.code).items():
            counts[word][entry.code] = frequency
    return {
        word: tuple((hs6, _rarity(len(found), total) * tf / (tf + _SATURATION)) for hs6, tf in found.items())
        for word, found in counts.items()
        if len(found) <= _MOST_POSTINGS
    }


def _field_counts(hs6: str) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for (_, weight), entry in zip(_FIELDS, reversed(nomenclature.path(hs6)), strict=True):
        words = [word.stem for word in cut(_NEGATIVE.sub(" ", entry.text)).english]
        length = 1 - _LENGTH + _LENGTH * len(words) / _USUAL_LENGTH
        for word, count in Counter(words).items():
            found[word] += weight * count / length
    return found


def _rarity(documents: int, total: int) -> float:
    return math.log(1 + (total - documents + 0.5) / (documents + 0.5))
