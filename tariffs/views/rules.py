"""The law to read: its jurisdictions, one with all its rules, one rule with everything that carries it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from swindow.components import Crumb
from tariffs.addresses import rule_url
from tariffs.exchange.policies import policy_of
from tariffs.forms.rules import RuleNumberForm
from tariffs.law_names import jurisdiction_name, policy_sentence
from tariffs.lawbook import MOST_ROWS, Clause, Figure, LawBook, tally
from tariffs.library import book_of, book_of_version, pack_named, published_versions
from tariffs.packs import Pack, current_packs
from tariffs.worked_examples import examples_of, has_examples

_MOST_SOURCES = 25
_MOST_EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """A jurisdiction in the list."""

    book: LawBook
    name: str
    url: str
    countries: Sequence[str]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a pack; `published_at` is None for one that only a folder holds."""

    version: str
    url: str
    published_at: datetime | None
    is_current: bool
    is_shown: bool


@dataclass(frozen=True, slots=True)
class RegimePart:
    """A regime in words: when it applies, and what is charged in it."""

    code: str
    routes: Sequence[Clause]
    layers: Sequence[Clause]
    fees: Sequence[Clause]


@dataclass(frozen=True, slots=True)
class FigureHistory:
    """A parameter with all the values that it has had and will have."""

    name: str
    rows: Sequence[Figure]


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """List the jurisdictions; ?number= leads to the page of a rule."""
    form = RuleNumberForm(request.GET if "number" in request.GET else None)
    if form.is_bound and form.is_valid():
        found = rule_url(form.cleaned_data["number"])
        if found:
            return redirect(found)
        form.add_error("number", ValidationError(_("No rule has this number. Choose a country below.")))
    entries = sorted((_entry(pack) for pack in current_packs()), key=lambda entry: entry.name)
    context = {"form": form, "entries": entries, "today": timezone.localdate()}
    return render(request, "tariffs/rules.html", context, status=422 if form.errors else 200)


@require_safe
def jurisdiction(request: HttpRequest, jurisdiction: str) -> HttpResponse:
    """Show all rules of a jurisdiction, what they charge, and what is not known; ?version= an older one."""
    pack = _pack(jurisdiction)
    if pack.jurisdiction != jurisdiction:
        return redirect("tariffs:jurisdiction", pack.jurisdiction)
    book, asked = _book(request, pack)
    context = _frame(pack, book, asked=asked) | {
        "crumbs": [Crumb(_("Rules"), reverse("tariffs:rules")), Crumb(jurisdiction_name(pack.jurisdiction))],
        "regimes": [_regime(book, code) for code in book.regimes],
        "checks": [clause for clause in book.clauses if clause.kind == "check"],
        "figures": _histories(book),
        "exchange": policy_sentence(policy_of(book.head["exchange"])),
        "sources": book.sources()[:_MOST_SOURCES],
        "more_sources": max(0, len(book.sources()) - _MOST_SOURCES),
        "versions": _versions(pack, book),
    }
    return render(request, "tariffs/jurisdiction.html", context, status=200 if book.version == asked else 404)


@require_safe
def rule(request: HttpRequest, jurisdiction: str, rule: str) -> HttpResponse:
    """Show one rule: its sentence, its formulas, figures and rows, and cases worked out by it."""
    pack = _pack(jurisdiction)
    if (pack.jurisdiction, rule.upper()) != (jurisdiction, rule):
        return redirect("tariffs:rule", pack.jurisdiction, rule.upper())
    book, asked = _book(request, pack)
    if rule not in book.rules:
        raise Http404
    context = _frame(pack, book, asked=asked) | _rule_parts(book, rule)
    return render(request, "tariffs/rule.html", context, status=200 if book.version == asked else 404)


def _rule_parts(book: LawBook, number: str) -> dict[str, Any]:
    clauses, rows = book.clauses_of(number), book.rows_of(number)
    numbers = list(book.rules)
    place = numbers.index(number)
    examples = examples_of(book.sha256, rule=number)
    return {
        "crumbs": [
            Crumb(_("Rules"), reverse("tariffs:rules")),
            Crumb(
                jurisdiction_name(book.jurisdiction),
                reverse("tariffs:jurisdiction", args=[book.jurisdiction]),
            ),
            Crumb(number),
        ],
        "rule": book.rules[number],
        "other_language": "en" if (get_language() or "en").startswith("zh") else "zh",
        "clauses": clauses,
        "figures": _histories(book, rule=number),
        "definitions": book.definitions([text for clause in clauses for _role, text in clause.formulas]),
        "exchange": policy_sentence(policy_of(book.head["exchange"])) if book.is_of_exchange(number) else "",
        "rows": rows[:MOST_ROWS],
        "tallies": tally(rows),
        "more_rows": max(0, len(rows) - MOST_ROWS),
        "examples": examples[:_MOST_EXAMPLES],
        "more_examples": max(0, len(examples) - _MOST_EXAMPLES),
        "has_examples": has_examples(book.sha256),
        "before": numbers[place - 1] if place else "",
        "after": numbers[place + 1] if place + 1 < len(numbers) else "",
    }


def _frame(pack: Pack, book: LawBook, *, asked: str) -> dict[str, Any]:
    is_current = book.sha256 == pack.sha256
    return {
        "book": book,
        "name": jurisdiction_name(book.jurisdiction),
        "today": timezone.localdate(),
        "language": get_language() or "en",
        "is_current": is_current,
        "query": "" if is_current else f"?version={book.version}",
        "missing_version": asked if book.version != asked else "",
    }


def _pack(jurisdiction: str) -> Pack:
    pack = pack_named(jurisdiction)
    if pack is None:
        raise Http404
    return pack


def _book(request: HttpRequest, pack: Pack) -> tuple[LawBook, str]:
    """Return the version asked for, else the current one, and the version that was asked for."""
    asked = request.GET.get("version") or pack.version
    older = book_of_version(pack.jurisdiction, version=asked) if asked != pack.version else None
    return older or book_of(pack), asked


def _entry(pack: Pack) -> Entry:
    return Entry(
        book=book_of(pack),
        name=jurisdiction_name(pack.jurisdiction),
        url=reverse("tariffs:jurisdiction", args=[pack.jurisdiction]),
        countries=pack.countries,
    )


def _versions(pack: Pack, book: LawBook) -> list[Version]:
    url = reverse("tariffs:jurisdiction", args=[pack.jurisdiction])
    found = [
        Version(
            version=one.version,
            url=url if one.version == pack.version else f"{url}?version={one.version}",
            published_at=one.published_at,
            is_current=one.version == pack.version,
            is_shown=one.version == book.version,
        )
        for one in published_versions(pack.jurisdiction)
    ]
    return found or [Version(pack.version, url, None, is_current=True, is_shown=True)]


def _regime(book: LawBook, code: str) -> RegimePart:
    parts = {kind: _of_regime(book, code, kind=kind) for kind in ("route", "layer", "fee")}
    return RegimePart(code, parts["route"], parts["layer"], parts["fee"])


def _of_regime(book: LawBook, code: str, *, kind: str) -> list[Clause]:
    return [clause for clause in book.clauses if clause.kind == kind and code in clause.regimes]


def _histories(book: LawBook, *, rule: str = "") -> list[FigureHistory]:
    found: dict[str, list[Figure]] = {}
    for figure in book.figures_of(rule) if rule else book.figures:
        found.setdefault(figure.name, []).append(figure)
    return [
        FigureHistory(name, sorted(rows, key=lambda row: str(row.validity.valid_from or ""), reverse=True))
        for name, rows in found.items()
    ]
