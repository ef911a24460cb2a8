"""Suggests subheadings for a text or the beginning of a code. It suggests; a person decides."""

import re
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from tariffs import nomenclature
from tariffs.classification.attributes import attributes_of
from tariffs.classification.index import Index, the_index
from tariffs.classification.query import ask
from tariffs.classification.ranking import Ranked, rank
from tariffs.classification.reasons import code_reason, default_reason, questions_between, reasons_for
from tariffs.classification.suggestions import (
    Candidate,
    DutyOf,
    Precedents,
    PrecedentWeight,
    Reason,
    Suggestion,
)
from tariffs.classification.vagueness import is_vague
from tariffs.classification.vectors import Nearest, likeness, the_nearest
from tariffs.classification.words import cut, phrase

_CODE = re.compile(r"\s*[0-9]{2}(?:[ .]?[0-9]){0,8}\s*", re.ASCII)
# A longer text is cut: nobody describes goods in more, and the time to answer is bounded.
_LONGEST_TEXT = 500
# The score at which a candidate is as likely right as not.
_EVEN = 6.0
_PRECEDENT = 5.0


def no_precedents(words: tuple[str, ...]) -> Mapping[str, PrecedentWeight]:
    """Return none: the source where there is no database."""
    return {}


def suggest(
    text: str,
    *,
    language: str = "en",
    limit: int = 10,
    precedents: Precedents = no_precedents,
    duty_of: DutyOf | None = None,
    nearest: Nearest | None = None,
) -> Suggestion:
    """Return `limit` distinct subheadings for the text, best first, each with its reasons.

    `nearest` adds likeness in meaning; by default the setting decides.
    """
    text = text[:_LONGEST_TEXT]
    with override("zh-hans" if language.startswith("zh") else language):
        found = _by_code(text, limit=limit)
        if found is None:
            found = _by_words(text, language=language, limit=limit, precedents=precedents, nearest=nearest)
        return found if duty_of is None else _with_duty(found, duty_of=duty_of)


def _by_code(text: str, *, limit: int) -> Suggestion | None:
    digits = re.sub(r"\D", "", text)[:6] if _CODE.fullmatch(text) else ""
    below = nomenclature.subheadings(digits) if digits else ()
    if not below:
        return None
    usual = the_index().usual
    best = sorted((entry.code for entry in below), key=lambda code: (-usual.get(code, 0.0), code))[:limit]
    reason = code_reason(digits)
    found = [Candidate(code, round(1 - place / 100, 4), (reason,)) for place, code in enumerate(best)]
    is_wide = len(digits) < 6
    hint = _("Type more digits or words: several subheadings begin so.") if is_wide else ""
    return Suggestion(text, _filled(found, limit=limit), hint, False, ())


def _by_words(
    text: str, *, language: str, limit: int, precedents: Precedents, nearest: Nearest | None
) -> Suggestion:
    index = the_index()
    asked, wanted = ask(text, index), attributes_of(text)
    earlier = precedents(phrase(text))
    by_words = _with_precedents(rank(asked, wanted=wanted, index=index), earlier)
    model = nearest or the_nearest()
    alike = likeness(text, nearest=model, index=index) if model else {}
    ranked = (
        _with_precedents(rank(asked, wanted=wanted, index=index, alike=alike), earlier) if alike else by_words
    )
    found = [
        Candidate(
            one.hs6,
            round(one.score / (one.score + _EVEN), 4),
            reasons_for(one, asked=asked, wanted=wanted, precedents=earlier, index=index, language=language),
        )
        for one in ranked[:limit]
    ]
    vague = is_vague(asked, chinese=cut(text).chinese, strength=by_words[0].score if by_words else 0.0)
    return Suggestion(
        text=text,
        candidates=_filled(found, limit=limit),
        hint=_hint() if vague else "",
        is_vague=vague,
        questions=questions_between(ranked[:limit], wanted=wanted, index=index, language=language),
    )


def _hint() -> str:
    return _(
        "This text does not say what the goods are. Write what they are, what they are made of and what they "
        "are used for, for example: men's knitted cotton T-shirt."
    )


def _with_precedents(ranked: Sequence[Ranked], earlier: Mapping[str, PrecedentWeight]) -> list[Ranked]:
    found = {one.hs6: one for one in ranked}
    for hs6, precedent in earlier.items():
        one = found.setdefault(hs6, Ranked(hs6))
        one.score += _PRECEDENT * precedent.weight
    return sorted(found.values(), key=lambda one: (-one.score, one.hs6))


def _filled(found: Sequence[Candidate], *, limit: int) -> tuple[Candidate, ...]:
    """Fill the list with neighbours of what was found, then with what is declared most."""
    filled = {candidate.hs6: candidate for candidate in found[:limit]}
    least = min((candidate.score / 2 for candidate in found), default=0.01)
    reason = default_reason()
    for hs6 in _neighbours(tuple(filled), index=the_index()):
        if len(filled) >= limit:
            break
        if hs6 not in filled:
            least = round(least * 0.9, 6)
            filled[hs6] = Candidate(hs6, least, (reason,))
    return tuple(filled.values())


def _neighbours(codes: Sequence[str], *, index: Index) -> Iterable[str]:
    for heading in dict.fromkeys(code[:4] for code in codes[:3]):
        below = [entry.code for entry in nomenclature.subheadings(heading)]
        yield from sorted(below, key=lambda code: (-index.usual.get(code, 0.0), code))
    yield from sorted(index.usual, key=lambda code: (-index.usual[code], code))
    yield from (entry.code for entry in nomenclature.subheadings())


def _with_duty(found: Suggestion, *, duty_of: DutyOf) -> Suggestion:
    """Add the duty to each candidate where candidates differ in it: that is what the choice costs."""
    duties = {candidate.hs6: duty_of(candidate.hs6) for candidate in found.candidates}
    if len(set(duties.values())) < 2:
        return found
    candidates = tuple(
        Candidate(one.hs6, one.score, (*one.reasons, *_duty_reason(duties[one.hs6])))
        for one in found.candidates
    )
    return Suggestion(found.text, candidates, found.hint, found.is_vague, found.questions)


def _duty_reason(duty: str) -> tuple[Reason, ...]:
    return (Reason("duty", (), _("Duty: %(duty)s.") % {"duty": duty}),) if duty else ()
