"""Reasons in plain words: why a candidate is here, and which question decides between candidates."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from tariffs.classification.attributes import Attributes, attributes_of_code
from tariffs.classification.index import Index, Term
from tariffs.classification.query import Asked
from tariffs.classification.ranking import Ranked
from tariffs.classification.suggestions import PrecedentWeight, Reason

_MOST_QUESTIONS = 3
# Less like a term than this, a candidate is not said to read like it where there are other reasons.
_TOLD = 0.2
# A candidate this much below the best is no rival that a question must decide about.
_RIVAL = 0.5


def reasons_for(
    one: Ranked,
    *,
    asked: Sequence[Asked],
    wanted: Attributes,
    precedents: Mapping[str, PrecedentWeight],
    index: Index,
    language: str,
) -> tuple[Reason, ...]:
    """Return what speaks for the subheading, the strongest kind first; never empty."""
    found = [
        *_term(one, asked=asked, index=index, language=language),
        *_precedent(precedents.get(one.hs6)),
        *_attributes(one, wanted=wanted),
        *_tariff(one),
    ]
    found += _alike(one, is_alone=not found, index=index)
    return tuple(found) or (default_reason(),)


def default_reason() -> Reason:
    """Return the reason of a candidate that only fills the list."""
    return Reason(
        "default", (), _("Nothing in the text speaks for it; it is a neighbour or is often declared.")
    )


def code_reason(digits: str) -> Reason:
    """Return the reason of a candidate that was found by its number."""
    return Reason("code", (digits,), _("Its number begins with %(digits)s.") % {"digits": digits})


def questions_between(
    ranked: Sequence[Ranked], *, wanted: Attributes, index: Index, language: str
) -> tuple[str, ...]:
    """Return the questions that decide between the best candidates, the weightiest first."""
    if not ranked:
        return ()
    rivals = [one for one in ranked if one.score >= _RIVAL * ranked[0].score]
    found = [_row_question(one, index=index, language=language) for one in rivals]
    found += [_attribute_question(kind) for kind in _undecided(rivals, wanted=wanted)]
    return tuple(dict.fromkeys(question for question in found if question))[:_MOST_QUESTIONS]


def _term(one: Ranked, *, asked: Sequence[Asked], index: Index, language: str) -> list[Reason]:
    if one.term < 0:
        return []
    term = index.terms[one.term]
    words = _runs(ask.written for ask in asked if any(stem in term.words for stem, _sure in ask.stems))
    kind, sentence = _said_of(term)
    found = [Reason(kind, words, sentence % {"term": term.text})]
    question = _row_question(one, index=index, language=language)
    return [*found, Reason("question", (), question)] if question else found


def _said_of(term: Term) -> tuple[str, str]:
    if term.kind == "brand":
        return "brand", _("“%(term)s” is a maker whose goods are often declared under this code.")
    if term.kind == "claim":
        return "claim", _("“%(term)s” is often said of goods of this code.")
    return "trade_term", _("“%(term)s” is a trade name for goods of this code.")


def _runs(words: Iterable[str]) -> tuple[str, ...]:
    """Write pairs of Chinese characters that overlap as the run that they were cut from."""
    runs: list[str] = []
    for word in words:
        if runs and not word.isascii() and runs[-1][-1] == word[0]:
            runs[-1] += word[1:]
        else:
            runs.append(word)
    return tuple(runs)


def _precedent(weight: PrecedentWeight | None) -> list[Reason]:
    if weight is None:
        return []
    sentence = _("Goods with such a text were accepted or ruled under this code before.")
    if weight.declarants:
        sentence = _("Accepted %(count)s times before: as many declarants had goods with this text released.")
        sentence %= {"count": weight.declarants}
    return [Reason("precedent", _runs(weight.words), sentence)]


def _attributes(one: Ranked, *, wanted: Attributes) -> list[Reason]:
    named = attributes_of_code(one.hs6)
    words = tuple(_attribute_name(value) for kind, value in wanted.items() if value in named.get(kind, ()))
    if not words:
        return []
    return [Reason("attribute", words, _("The text says: %(words)s.") % {"words": ", ".join(words)})]


def _tariff(one: Ranked) -> list[Reason]:
    words = tuple(sorted(one.tariff_words))
    if not words:
        return []
    sentence = _("The tariff's own text has: %(words)s.") % {"words": ", ".join(words)}
    return [Reason("nomenclature", words, sentence)]


def _alike(one: Ranked, *, is_alone: bool, index: Index) -> list[Reason]:
    if one.alike is None or not (is_alone or one.alike.strength >= _TOLD):
        return []
    if one.term >= 0 and index.terms[one.term].text == one.alike.text:
        return []
    sentence = _("The text means much the same as “%(term)s”, which goes under this code.")
    return [Reason("likeness", (), sentence % {"term": one.alike.text})]


def _row_question(one: Ranked, *, index: Index, language: str) -> str:
    if one.term < 0:
        return ""
    row = index.rows[index.terms[one.term].row]
    return (row.question_zh or row.question) if language.startswith("zh") else row.question


def _undecided(rivals: Sequence[Ranked], *, wanted: Attributes) -> list[str]:
    named = [attributes_of_code(one.hs6) for one in rivals if one.hs6[:2] == rivals[0].hs6[:2]]
    kinds = dict.fromkeys(kind for attributes in named for kind in attributes)
    return [
        kind
        for kind in kinds
        if kind not in wanted and len({attributes.get(kind) for attributes in named}) > 1
    ]


def _attribute_question(kind: str) -> str:
    return {
        "person": _("Are they for men or boys, for women or girls, or for babies?"),
        "make": _("Are they knitted or crocheted, or are they woven?"),
        "material": _("What are they made of for the greatest part?"),
        "power": _("Are they electric?"),
    }[kind]


def _attribute_name(value: str) -> str:
    return {
        "baby": _("for babies"),
        "women": _("for women or girls"),
        "men": _("for men or boys"),
        "knitted": _("knitted"),
        "woven": _("woven"),
        "cashmere": _("cashmere"),
        "wool": _("wool"),
        "silk": _("silk"),
        "artificial": _("artificial fibres"),
        "synthetic": _("synthetic fibres"),
        "cotton": _("cotton"),
        "linen": _("linen"),
        "leather": _("leather"),
        "wood": _("wood"),
        "glass": _("glass"),
        "porcelain": _("porcelain"),
        "ceramic": _("ceramics"),
        "stainless": _("stainless steel"),
        "aluminium": _("aluminium"),
        "copper": _("copper"),
        "silver": _("silver"),
        "metal": _("metal"),
        "rubber": _("rubber"),
        "paper": _("paper"),
        "plastic": _("plastics"),
        "electric": _("electric"),
    }[value]
