"""The tariff browser: the tree, the search, and a page for every commodity. Open to everybody."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tariffs import nomenclature
from tariffs.forms.browser import Asked, MeasuresForm, SearchForm, known_code
from tariffs.limits import RETRY_SECONDS, allows_search
from tariffs.packs import find_pack
from tariffs.views import commodity_page as page
from tariffs.views.search_page import results_for

_CANDIDATES = 10
_SHORT_LIST = 8
_SHORTEST = 2


@require_safe
def tariff(request: HttpRequest) -> HttpResponse:
    """Show the sections, or what was found for a text; a whole code opens its own page."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        return _browse(request, form, status=422)
    text, country = form.cleaned_data["q"], form.cleaned_data["country"]
    if code := known_code(text):
        return redirect(_address(code, country=country))
    if not text:
        return _browse(request, form)
    if not allows_search(request):
        return _busy(_browse(request, form, status=429, is_busy=True))
    results = results_for(text, country=country, on=timezone.localdate(), limit=_CANDIDATES)
    return _browse(request, form, results=results, query=f"?country={country}" if country else "")


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Answer a few candidates while somebody types."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    if len(text) < _SHORTEST:
        return render(request, "tariffs/_suggestions.html", {"is_empty": True})
    if not allows_search(request):
        return _busy(HttpResponse(status=429))
    country = form.cleaned_data["country"]
    results = results_for(text, country=country, on=timezone.localdate(), limit=_SHORT_LIST)
    context = {
        "results": results,
        "query": f"?country={country}" if country else "",
        "all_query": urlencode({"q": text, "country": country}),
    }
    return render(request, "tariffs/_suggestions.html", context)


@require_safe
def commodity(request: HttpRequest, code: str) -> HttpResponse:
    """Show a chapter, heading, subheading or national code with its measures on a day."""
    if not known_code(code):
        raise Http404
    form = MeasuresForm(request.GET, today=timezone.localdate())
    asked = form.asked if form.is_valid() else None
    place = page.place_of(code, asked=asked)
    query = asked.query if asked else ""
    context: dict[str, Any] = {
        "form": form,
        "asked": asked,
        "place": place,
        "note": page.note_of(place),
        "query": query,
        "calculator_url": page.calculator_url(code, asked=asked) if asked and place.can_be_declared else "",
        "crumbs": page.crumbs_of(place, query=query),
        "children": nomenclature.children(code) if len(code) < 6 else (),
        "lines": page.lines_below(place, asked=asked),
    }
    if asked and len(code) > 2:
        context |= _law(code, asked=asked)
    return render(request, "tariffs/commodity.html", context, status=200 if asked else 422)


def _law(code: str, *, asked: Asked) -> dict[str, Any]:
    pack = find_pack(asked.country, on=asked.on) if asked.country else None
    if not asked.country:
        return {"jurisdictions": page.jurisdictions_for(code, asked=asked)}
    return {
        "measures": page.measures_of(code, asked=asked, pack=pack) if pack else None,
        "official": page.official_of(code, asked=asked),
        "jurisdiction_code": pack.jurisdiction if pack else "",
    }


def _browse(request: HttpRequest, form: SearchForm, *, status: int = 200, **more: Any) -> HttpResponse:
    tree = [
        (section, [nomenclature.get(chapter) for chapter in section.chapters])
        for section in nomenclature.sections()
    ]
    context = {"form": form, "tree": tree, "section_open": request.GET.get("section", ""), **more}
    return render(request, "tariffs/tariff.html", context, status=status)


def _address(code: str, *, country: str) -> str:
    return page.address_of(code, query=f"?country={country}" if country else "")


def _busy(response: HttpResponse) -> HttpResponse:
    response["Retry-After"] = str(RETRY_SECONDS)
    return response
