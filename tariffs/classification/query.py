"""What a text asks of the index: its words, or the words that were meant, and how much each counts."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from tariffs.classification.index import Index
from tariffs.classification.words import Word, bigrams, cut

_HEAD_PLACE = 1.25
_JOINED_PLACE = 1.0
_PART_SURENESS = 0.8
_ONE_CHARACTER = 0.5
# Longer texts only repeat themselves, and the time to answer is bounded.
_MOST_WORDS = 18
# Carriers' systems cut descriptions off, most often after 30 characters.
_CUT_OFF = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of the text: the stems it may mean, each with how sure that is, and what its place says."""

    written: str
    stems: tuple[tuple[str, float], ...]
    place: float
    is_weak: bool = False


@lru_cache(maxsize=4096)
def ask(text: str, index: Index) -> tuple[Asked, ...]:
    """Return what the text asks, each stem once; words that nothing is near to are left out."""
    words = cut(text).english[:_MOST_WORDS]
    head = _head(words)
    is_cut = len(text) >= _CUT_OFF
    asked = [
        *(
            one
            for place, word in enumerate(words)
            for one in _meant(word, index, is_last=is_cut and place == len(words) - 1, is_head=word is head)
        ),
        *_written_apart(words, index),
        *_chinese(cut(text).chinese, index),
    ]
    return _once(asked)


def _head(words: tuple[Word, ...]) -> Word | None:
    strong = [word for word in words if not word.is_weak and word.place == 1.0]
    return strong[-1] if strong else None


def _meant(word: Word, index: Index, *, is_last: bool, is_head: bool) -> list[Asked]:
    place = word.place * (_HEAD_PLACE if is_head else 1.0)
    if word.stem in index.weight or word.stem in index.tariff:
        begun = index.speller.begun(word.written) if is_last else ()
        return [Asked(word.written, ((word.stem, 1.0), *begun[:2]), place, word.is_weak)]
    if word.is_weak:
        return []
    near = index.speller.near(word.stem, is_last=is_last)
    if near:
        return [Asked(word.written, near, place)]
    parts = index.speller.parts(word.written)
    return [Asked(word.written, ((part, _PART_SURENESS),), place) for part in parts]


def _written_apart(words: tuple[Word, ...], index: Index) -> list[Asked]:
    return [
        Asked(f"{one.written} {other.written}", ((one.written + other.stem, 1.0),), _JOINED_PLACE)
        for one, other in pairwise(words)
        if one.written + other.stem in index.weight
    ]


def _chinese(text: str, index: Index) -> list[Asked]:
    text = text[: 4 * _MOST_WORDS]
    pairs = [Asked(pair, ((pair, 1.0),), 1.0) for pair in bigrams(text)]
    if pairs:
        pairs[-1] = Asked(pairs[-1].written, pairs[-1].stems, _HEAD_PLACE)
    single = [Asked(one, ((one, 1.0),), _ONE_CHARACTER) for one in text if one in index.weight]
    return [one for one in (*pairs, *single) if one.written in index.weight]


def _once(asked: list[Asked]) -> tuple[Asked, ...]:
    seen: dict[str, Asked] = {}
    for one in asked:
        known = seen.get(one.stems[0][0])
        if known is None or known.place < one.place:
            seen[one.stems[0][0]] = one
    return tuple(seen.values())
