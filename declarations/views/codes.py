"""Commodity codes suggested for what somebody types into a product or a goods line; the person chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from declarations.forms.codes import LONGEST_WORDS, CodeForm, is_whole_code
from tariffs import nomenclature
from tariffs.classification import Candidate, suggest
from tariffs.classification.precedents import stored_precedents
from tariffs.commodities import clean_code, describe
from tariffs.limits import RETRY_SECONDS, allows_search
from tariffs.measures import duty_in_words
from tariffs.packs import find_pack

_MOST = 8
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class SuggestedCode:
    """A subheading with its name, why it may fit, and its duty where the country of import is known."""

    code: str
    name: str
    text: str
    reasons: Sequence[str]
    duty: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SuggestedHeading:
    """The suggestions of one heading."""

    code: str
    text: str
    codes: Sequence[SuggestedCode]


@dataclass(frozen=True, slots=True)
class SuggestedCodes:
    """What is suggested, what decides between them, a hint for vague words, and what stood in the field."""

    headings: Sequence[SuggestedHeading]
    questions: Sequence[str]
    hint: str
    typed: str

    @property
    def number(self) -> int:
        """Return how many codes are suggested."""
        return sum(len(heading.codes) for heading in self.headings)


@require_safe
@login_required
def codes(request: HttpRequest) -> HttpResponse:
    """Answer the list while somebody types; empty once a whole code stands in the field."""
    typed, description, country = (
        request.GET.get(name, "").replace("\0", "").strip()[:LONGEST_WORDS]
        for name in ("commodity_code", "description", "country")
    )
    wants = "suggest" in request.GET or not is_whole_code(typed)
    words = _words(typed, description) if wants else ""
    if len(words) >= _SHORTEST and not allows_search(request):
        return HttpResponse(status=429, headers={"Retry-After": str(RETRY_SECONDS)})
    found = _suggested(words, typed=typed, country=country) if len(words) >= _SHORTEST else None
    return render(request, "declarations/_codes.html", {"codes": found, "is_fragment": True})


def codes_url(country: str = "") -> str:
    """Return where the list is fetched from; with a country of import it tells the duty."""
    return reverse("declarations:codes") + (f"?country={country}" if country else "")


def codes_for(
    request: HttpRequest, form: CodeForm, *, country: str = "", is_asked: bool = False
) -> SuggestedCodes | None:
    """Return the list for a form that asks for it, or in whose code field words stand; else None."""
    typed = str(form["commodity_code"].value() or "").replace("\0", "").strip()[:LONGEST_WORDS]
    if not is_asked and (not form.is_bound or not typed or clean_code(typed).isdigit()):
        return None
    words = _words(typed, str(form["description"].value() or "").replace("\0", "").strip()[:LONGEST_WORDS])
    if len(words) < _SHORTEST or not allows_search(request):
        return None
    return _suggested(words, typed=typed, country=country)


def _words(typed: str, description: str) -> str:
    """What is searched for: words or the beginning of a code; beside a whole code, the description."""
    return description if not typed or is_whole_code(typed) else typed


def _suggested(words: str, *, typed: str, country: str) -> SuggestedCodes:
    language, today = get_language() or "en", timezone.localdate()
    found = suggest(words, language=language, limit=_MOST, precedents=stored_precedents)
    return SuggestedCodes(
        headings=[
            SuggestedHeading(
                heading,
                nomenclature.get(heading).text,
                [_code(one, typed=typed, country=country, on=today, language=language) for one in group],
            )
            for heading, group in found.by_heading().items()
        ],
        questions=found.questions,
        hint=found.hint,
        typed=typed,
    )


def _code(one: Candidate, *, typed: str, country: str, on: date, language: str) -> SuggestedCode:
    pack = find_pack(country, on=on) if country else None
    return SuggestedCode(
        code=one.hs6,
        name=describe(one.hs6, language=language),
        text=nomenclature.get(one.hs6).text,
        reasons=[reason.sentence for reason in one.reasons],
        duty=duty_in_words(pack, one.hs6, country=country, on=on) if pack else "",
        is_chosen=clean_code(typed)[:6] == one.hs6,
    )
