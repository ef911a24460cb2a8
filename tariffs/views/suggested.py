"""Commodity codes that are suggested for the words of a goods line; the person chooses."""

from dataclasses import dataclass

from django.utils.translation import get_language

from tariffs import nomenclature
from tariffs.classification import Candidate, suggest
from tariffs.commodities import describe

_MOST = 6


@dataclass(frozen=True, slots=True)
class Suggested:
    """One suggested subheading with its everyday name and the first reason for it."""

    code: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What is suggested for one line: codes, what decides between them, and a hint for a vague text."""

    words: str
    codes: tuple[Suggested, ...]
    questions: tuple[str, ...]
    hint: str


def suggestions_for(words: str) -> Suggestions:
    """Return the likeliest codes for the words, best first."""
    language = get_language() or "en"
    found = suggest(words, language=language, limit=_MOST)
    return Suggestions(
        words=words,
        codes=tuple(_suggested(candidate, language=language) for candidate in found.candidates),
        questions=found.questions,
        hint=found.hint,
    )


def name_of(code: str) -> str:
    """Return the everyday name of a code in the reader's language, else the nomenclature's text."""
    named = describe(code, language=get_language() or "en")
    if named or not nomenclature.exists(code[:6]):
        return named
    return nomenclature.get(code[:6]).text


def _suggested(candidate: Candidate, *, language: str) -> Suggested:
    reason = candidate.reasons[0].sentence if candidate.reasons else ""
    return Suggested(candidate.hs6, name_of(candidate.hs6), reason)
