"""Finds the word that was meant: typing errors, words cut off, vowels left out, words written together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

_VOWELS = frozenset("aeiou")
_SHORTEST = 4
_MOST = 3
Found = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Speller:
    """The words of the index and what finds a near one; `known` counts the terms that have each."""

    known: Mapping[str, int]
    by_trigram: Mapping[str, tuple[str, ...]]
    by_skeleton: Mapping[str, tuple[str, ...]]
    by_start: Mapping[str, tuple[str, ...]]

    def near(self, word: str, *, is_last: bool) -> Found:
        """Return words that may have been meant, each with how sure that is (0 to 1), if any."""
        found: dict[str, float] = dict(_begun(self, word)) if is_last else {}
        for other, sureness in (*_misspelt(self, word), *(() if found else _without_vowels(self, word))):
            found[other] = max(sureness, found.get(other, 0.0))
        best = sorted(found.items(), key=lambda pair: (-pair[1], -self.known[pair[0]], pair[0]))
        return tuple(best[:_MOST])

    def begun(self, word: str) -> Found:
        """Return words that begin with what a text that was cut off ends in."""
        found = sorted(_begun(self, word), key=lambda pair: (-pair[1], -self.known[pair[0]], pair[0]))
        return tuple(found[:_MOST])

    def parts(self, word: str) -> tuple[str, ...]:
        """Return the known words that an unknown one is written together from; empty when it is not."""
        return _parts(self, word)


def speller(known: Mapping[str, int]) -> Speller:
    """Return the speller over the words that the index knows."""
    words = [word for word, count in known.items() if count and word.isascii() and len(word) >= _SHORTEST]
    return Speller(
        known=known,
        by_trigram=_grouped((trigram, word) for word in words for trigram in _trigrams(word)),
        by_skeleton=_grouped((skeleton(word), word) for word in words),
        by_start=_grouped((word[:_SHORTEST], word) for word in words),
    )


@lru_cache(maxsize=50_000)
def skeleton(word: str) -> str:
    """Return the first letter and the consonants, doubled ones once: shampoo and shmpoo are both shmp."""
    letters = [word[0]]
    for letter in word[1:].replace("ph", "f").replace("z", "s"):
        if letter not in _VOWELS and letter != letters[-1]:
            letters.append(letter)
    return "".join(letters)


def is_one_slip(word: str, other: str) -> bool:
    """Say whether one letter added, left out, changed or two neighbours swapped make one word the other."""
    if abs(len(word) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    rest, others = word[start:], other[start:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return rest[1:] == others[1:] or rest[1:] == others or rest == others[1:] or swapped == others


def _begun(speller: Speller, word: str) -> Iterable[tuple[str, float]]:
    if len(word) >= _SHORTEST:
        for other in speller.by_start.get(word[:_SHORTEST], ()):
            if other.startswith(word) and other != word:
                yield other, 0.65 + 0.25 * len(word) / len(other)


def _misspelt(speller: Speller, word: str) -> Iterable[tuple[str, float]]:
    if len(word) <= _SHORTEST:
        return
    shared: dict[str, int] = defaultdict(int)
    trigrams = _trigrams(word)
    for trigram in trigrams:
        for other in speller.by_trigram.get(trigram, ()):
            shared[other] += 1
    for other, count in shared.items():
        likeness = 2 * count / (len(trigrams) + len(other))
        is_same_start = other[0] == word[0]
        if likeness >= 0.4 and is_same_start and is_one_slip(word, other):
            yield other, 0.85
        elif likeness >= (0.6 if is_same_start else 0.7) and len(word) > 6:
            yield other, likeness


def _without_vowels(speller: Speller, word: str) -> Iterable[tuple[str, float]]:
    vowels = sum(letter in _VOWELS for letter in word)
    if len(word) < 3 or vowels > (len(word) > 5):
        return
    for other in speller.by_skeleton.get(skeleton(word), ()):
        yield other, 0.8 if len(word) > 3 else 0.65


@lru_cache(maxsize=20_000)
def _parts(speller: Speller, word: str) -> tuple[str, ...]:
    best: list[tuple[int, tuple[str, ...]]] = [(0, ())] * (len(word) + 1)
    for end in range(1, len(word) + 1):
        best[end] = best[end - 1]
        for start in range(max(0, end - 14), end - 2):
            part = word[start:end]
            if speller.known.get(part, 0) and (len(part) > 3 or part in _SHORT_PARTS):
                covered = best[start][0] + len(part) ** 2
                if covered > best[end][0]:
                    best[end] = (covered, (*best[start][1], part))
    parts = best[-1][1]
    return parts if sum(map(len, parts)) * 3 >= len(word) * 2 else ()


_SHORT_PARTS = frozenset(
    {
        "oil",
        "gel",
        "spf",
        "box",
        "mat",
        "bag",
        "pot",
        "rug",
        "toy",
        "cat",
        "dog",
        "car",
        "pen",
        "cap",
        "hat",
        "tin",
        "tea",
    }
)


def _trigrams(word: str) -> frozenset[str]:
    padded = f"^{word}$"
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, word in pairs:
        groups[key].append(word)
    return {key: tuple(words) for key, words in groups.items()}
