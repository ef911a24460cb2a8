"""Suggestions for a text as a person reads them: grouped by heading, each with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tariffs import nomenclature
from tariffs.classification import Candidate, DutyOf, suggest
from tariffs.classification.precedents import stored_precedents
from tariffs.commodities import describe
from tariffs.measures import duty_in_words
from tariffs.packs import find_pack

# Hundredths of a score from which a candidate is called good or fair.
_GOOD, _FAIR = 60, 40


@dataclass(frozen=True, slots=True)
class Why:
    """A reason for a candidate, or a question that it leaves open."""

    sentence: str
    is_question: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate: its code, an everyday name where there is one, the tariff's text, why, and its duty."""

    code: str
    name: str
    text: str
    fit: str
    fit_kind: str
    reasons: Sequence[Why]
    duty: str


@dataclass(frozen=True, slots=True)
class Group:
    """The candidates of one heading."""

    code: str
    text: str
    found: Sequence[Found]


@dataclass(frozen=True, slots=True)
class Results:
    """What was found for a text, best group first; a vague text has a hint."""

    text: str
    groups: Sequence[Group]
    questions: Sequence[str]
    hint: str
    is_vague: bool

    @property
    def found(self) -> list[Found]:
        """Return the candidates of every group, in the order of the groups."""
        return [one for group in self.groups for one in group.found]


def results_for(text: str, *, country: str, on: date, limit: int) -> Results:
    """Return the suggestions for a text in the reader's language. One query."""
    language = get_language() or "en"
    duty_of = duty_teller(country, on=on)
    found = suggest(text, language=language, limit=limit, precedents=stored_precedents)
    return Results(
        text=text,
        groups=[
            Group(
                heading,
                nomenclature.get(heading).text,
                [_found(one, language=language, duty_of=duty_of) for one in candidates],
            )
            for heading, candidates in found.by_heading().items()
        ],
        questions=found.questions,
        hint=found.hint,
        is_vague=found.is_vague,
    )


def duty_teller(country: str, *, on: date) -> DutyOf:
    """Return what answers for a subheading with the country's duty; always empty without a pack."""
    pack = find_pack(country, on=on) if country else None
    if pack is None:
        return lambda hs6: ""
    return lambda hs6: duty_in_words(pack, hs6, country=country, on=on)


def _found(one: Candidate, *, language: str, duty_of: DutyOf) -> Found:
    fit, kind = _fit(one)
    return Found(
        code=one.hs6,
        name=describe(one.hs6, language=language),
        text=nomenclature.get(one.hs6).text,
        fit=fit,
        fit_kind=kind,
        reasons=[Why(reason.sentence, reason.kind == "question") for reason in one.reasons],
        duty=duty_of(one.hs6),
    )


def _fit(one: Candidate) -> tuple[str, str]:
    if all(reason.kind in ("default", "code") for reason in one.reasons):
        return "", ""
    hundredths = int(one.score * 100)
    if hundredths >= _GOOD:
        return _("Fits well"), "ok"
    return (_("May fit"), "info") if hundredths >= _FAIR else (_("Fits little"), "")
