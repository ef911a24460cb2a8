"""Ranks subheadings for what a text asks: each word counts once, where it speaks strongest."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tariffs import nomenclature
from tariffs.classification.attributes import Attributes, agreement
from tariffs.classification.index import Index, Term
from tariffs.classification.query import Asked
from tariffs.classification.vectors import Alike

# A term that is matched in part counts by its matched share to this power.
_PARTLY = 1.3
_LEAST_SHARE = 0.2
# Half of a maker's name is another maker, or no maker at all.
_LEAST_BRAND = 0.75
# The text has "cotton", the term is "cotton tablecloth": the goods themselves are not named.
_WITHOUT_HEAD = 0.4
_BRAND = 0.65
_TARIFF = 0.18
_BRAND_CHAPTER = 1.5
_USUAL = 0.06
# A term of the very meaning counts about as much as a matched one.
_ALIKE = 8.0
_AGREED = 1.3
_OTHERWISE = 0.6
_SIBLING = 0.8
# For the first, second, third and further subheading of a heading.
_AGAIN = (1.0, 0.8, 0.6, 0.4)
_CONSIDERED = 40
_WITH_SIBLINGS = 12
_NOTHING: Mapping[str, Alike] = {}


@dataclass(slots=True)
class Ranked:
    """A subheading with what speaks for it; `score` has no unit."""

    hs6: str
    score: float = 0.0
    term: int = -1
    term_score: float = 0.0
    term_words: tuple[str, ...] = ()
    by_word: dict[int, float] = field(default_factory=dict)
    tariff_words: set[str] = field(default_factory=set)
    agreed: int = 0
    alike: Alike | None = None


def rank(
    asked: Sequence[Asked], *, wanted: Attributes, index: Index, alike: Mapping[str, Alike] = _NOTHING
) -> list[Ranked]:
    """Return the subheadings that anything speaks for, best first."""
    found: dict[str, Ranked] = {}
    hits = _hits(asked, index=index)
    for number, matched in hits.items():
        _add_term(found, index.terms[number], number=number, matched=matched, asked=asked, index=index)
    for one in found.values():
        one.score = sum(one.by_word.values())
    _add_tariff(found, asked, index=index)
    chapters = _chapters_of_brands(hits, index=index)
    for one in found.values():
        one.score *= _BRAND_CHAPTER if one.hs6[:2] in chapters else 1.0
    _add_alike(found, alike)
    for one in found.values():
        one.score *= 1 + _USUAL * math.log1p(index.usual.get(one.hs6, 0.0))
    best = sorted(found.values(), key=_order)[:_CONSIDERED]
    return _by_variety(_by_attributes(best, wanted=wanted))


def _chapters_of_brands(
    hits: Mapping[int, Mapping[int, tuple[str, float]]], *, index: Index
) -> frozenset[str]:
    """The chapters in which a maker named in the text works."""
    return frozenset(
        hs6[:2]
        for number, matched in hits.items()
        if index.terms[number].kind == "brand"
        and len({stem for stem, _ in matched.values()}) == len(set(index.terms[number].words))
        for hs6, _ in index.terms[number].codes
    )


def _order(one: Ranked) -> tuple[float, str]:
    return (-one.score, one.hs6)


def _hits(asked: Sequence[Asked], *, index: Index) -> Mapping[int, dict[int, tuple[str, float]]]:
    hits: dict[int, dict[int, tuple[str, float]]] = defaultdict(dict)
    for place, one in enumerate(asked):
        for stem, sureness in one.stems:
            for number in index.by_word.get(stem, ()):
                known = hits[number].get(place)
                if known is None or known[1] < sureness:
                    hits[number][place] = (stem, sureness)
    return hits


def _add_term(
    found: dict[str, Ranked],
    term: Term,
    *,
    number: int,
    matched: Mapping[int, tuple[str, float]],
    asked: Sequence[Asked],
    index: Index,
) -> None:
    share = sum(index.weight[stem] * sureness for stem, sureness in matched.values()) / term.mass
    if share < (_LEAST_BRAND if term.kind == "brand" else _LEAST_SHARE):
        return
    has_head = any(stem == term.head for stem, _ in matched.values())
    gain = min(share, 1.0) ** _PARTLY
    gain *= _BRAND if term.kind == "brand" else 1.0 if has_head else _WITHOUT_HEAD
    values = {
        place: index.weight[stem] * sureness * asked[place].place * gain
        for place, (stem, sureness) in matched.items()
    }
    total = sum(values.values())
    for hs6, part in term.codes:
        one = found.get(hs6)
        if one is None:
            one = found[hs6] = Ranked(hs6)
        for place, value in values.items():
            if value * part > one.by_word.get(place, 0.0):
                one.by_word[place] = value * part
        if total * part > one.term_score:
            one.term, one.term_score = number, total * part


def _add_tariff(found: dict[str, Ranked], asked: Sequence[Asked], *, index: Index) -> None:
    for one in asked:
        for stem, sureness in one.stems:
            factor = _TARIFF * sureness * one.place
            for hs6, weight in index.tariff.get(stem, ()):
                ranked = found.get(hs6)
                if ranked is None:
                    ranked = found[hs6] = Ranked(hs6)
                ranked.score += factor * weight
                ranked.tariff_words.add(one.written)


def _add_alike(found: dict[str, Ranked], alike: Mapping[str, Alike]) -> None:
    for hs6, one in alike.items():
        ranked = found.get(hs6)
        if ranked is None:
            ranked = found[hs6] = Ranked(hs6)
        ranked.score += _ALIKE * one.strength
        ranked.alike = one


def _by_attributes(best: list[Ranked], *, wanted: Attributes) -> list[Ranked]:
    if not wanted:
        return best
    known = {one.hs6 for one in best}
    for one in best[:_WITH_SIBLINGS]:
        for hs6 in _siblings(one.hs6):
            if hs6 not in known and agreement(wanted, hs6)[0]:
                known.add(hs6)
                best.append(
                    Ranked(
                        hs6,
                        one.score * _SIBLING,
                        one.term,
                        one.term_score,
                        one.term_words,
                        {},
                        one.tariff_words,
                        alike=one.alike,
                    )
                )
    for one in best:
        agreed, otherwise = agreement(wanted, one.hs6)
        one.agreed = agreed
        one.score *= _AGREED**agreed * _OTHERWISE**otherwise
    return sorted(best, key=_order)


def _by_variety(best: Sequence[Ranked]) -> list[Ranked]:
    """Lower each further subheading of one heading, so that the first few show what else it may be."""
    seen: Counter[str] = Counter()
    for one in best:
        heading = one.hs6[:4]
        one.score *= _AGAIN[min(seen[heading], len(_AGAIN) - 1)]
        seen[heading] += 1
    return sorted(best, key=_order)


def _siblings(hs6: str) -> list[str]:
    """Subheadings of the same heading for the same goods: only what stands after the semicolon differs."""
    goods = nomenclature.get(hs6).text.partition(";")[0]
    return [
        entry.code
        for entry in nomenclature.children(hs6[:4])
        if entry.code != hs6 and entry.text.partition(";")[0] == goods
    ]
