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
from tariffs.exchange.policies import policy_of
from tariffs.forms.rules import RuleNumberForm
from tariffs.law_names import jurisdiction_name, policy_sentence
from tariffs.lawbook import MOST_ROWS, Clause, Definition, Figure, LawBook, tally
from tariffs.library import book_named, book_of_version, current_books, published_versions
from tariffs.worked_examples import examples_of, has_examples

_MOST_SOURCES = 25
_MOST_EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """A jurisdiction in the list."""

    book: LawBook
    name: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The book that is shown: the one in use, or an older version that was asked for."""

    book: LawBook
    current: LawBook
    asked: str

    @property
    def is_current(self) -> bool:
        """Tell whether the law in use is shown."""
        return self.book.sha256 == self.current.sha256

    @property
    def missing(self) -> str:
        """Return the version asked for where there is none of that name."""
        return self.asked if self.asked != self.book.version else ""


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
    charges: Sequence[Clause]


@dataclass(frozen=True, slots=True)
class FigureHistory:
    """A parameter with all the values that it has had and will have, the latest first."""

    name: str
    rows: Sequence[Figure]


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """List the jurisdictions; ?number= leads to the page of a rule."""
    form = RuleNumberForm(request.GET if "number" in request.GET else None)
    books = current_books()
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["number"]
        for book in books:
            if number in book.rules:
                return redirect("tariffs:rule", book.jurisdiction, number)
        form.add_error("number", ValidationError(_("No rule has this number. Choose a country below.")))
    entries = [Entry(book, jurisdiction_name(book.jurisdiction)) for book in books]
    context = {"form": form, "entries": sorted(entries, key=lambda entry: entry.name)}
    return render(request, "tariffs/rules.html", context, status=422 if form.errors else 200)


@require_safe
def jurisdiction(request: HttpRequest, jurisdiction: str) -> HttpResponse:
    """Show all rules of a jurisdiction, what they charge, and what is not known; ?version= an older one."""
    reading = _reading(request, jurisdiction)
    book = reading.book
    if book.jurisdiction != jurisdiction:
        return redirect("tariffs:jurisdiction", book.jurisdiction)
    context = _frame(reading) | {
        "crumbs": [Crumb(_("Rules"), reverse("tariffs:rules")), Crumb(jurisdiction_name(jurisdiction))],
        "regimes": [_regime(book, code) for code in book.regimes],
        "figures": _histories(book.figures),
        "exchange": policy_sentence(policy_of(book.head["exchange"])),
        "sources": book.sources[:_MOST_SOURCES],
        "more_sources": max(0, len(book.sources) - _MOST_SOURCES),
        "versions": _versions(reading),
    }
    return render(request, "tariffs/jurisdiction.html", context, status=404 if reading.missing else 200)


@require_safe
def rule(request: HttpRequest, jurisdiction: str, rule: str) -> HttpResponse:
    """Show one rule: its sentence, its formulas, figures and rows, and cases worked out by it."""
    reading = _reading(request, jurisdiction)
    book = reading.book
    number = rule.upper()
    if number not in book.rules:
        raise Http404
    if (book.jurisdiction, number) != (jurisdiction, rule):
        return redirect("tariffs:rule", book.jurisdiction, number)
    context = _frame(reading) | _rule_parts(book, rule) | _examples(book, rule)
    return render(request, "tariffs/rule.html", context, status=404 if reading.missing else 200)


def _rule_parts(book: LawBook, number: str) -> dict[str, Any]:
    clauses, rows = book.clauses_of(number), book.rows_of(number)
    numbers = list(book.rules)
    place = numbers.index(number)
    home = reverse("tariffs:jurisdiction", args=[book.jurisdiction])
    return {
        "crumbs": [
            Crumb(_("Rules"), reverse("tariffs:rules")),
            Crumb(jurisdiction_name(book.jurisdiction), home),
            Crumb(number),
        ],
        "rule": book.rules[number],
        "clauses": clauses,
        "figures": _histories(book.figures_of(number)),
        "definitions": _definitions(book, clauses, number=number),
        "exchange": policy_sentence(policy_of(book.head["exchange"])) if book.is_of_exchange(number) else "",
        "rows": rows[:MOST_ROWS],
        "tallies": tally(rows),
        "more_rows": max(0, len(rows) - MOST_ROWS),
        "before": numbers[place - 1] if place else "",
        "after": numbers[place + 1] if place + 1 < len(numbers) else "",
    }


def _definitions(book: LawBook, clauses: Sequence[Clause], *, number: str) -> list[Definition]:
    """Return the names that formulas read; the rule's own figures stand on its page already."""
    shown = {figure.name for figure in book.figures_of(number)}
    found = book.definitions([text for clause in clauses for _role, text in clause.formulas])
    return [each for each in found if each.name not in shown]


def _examples(book: LawBook, number: str) -> dict[str, Any]:
    examples = examples_of(book.sha256, rule=number)
    return {
        "examples": examples[:_MOST_EXAMPLES],
        "more_examples": max(0, len(examples) - _MOST_EXAMPLES),
        "has_examples": has_examples(book.sha256),
    }


def _frame(reading: Reading) -> dict[str, Any]:
    book = reading.book
    language = get_language() or "en"
    return {
        "book": book,
        "name": jurisdiction_name(book.jurisdiction),
        "today": timezone.localdate(),
        "language": language,
        "other_language": "en" if language.startswith("zh") else "zh",
        "is_current": reading.is_current,
        "query": "" if reading.is_current else f"?version={book.version}",
        "missing_version": reading.missing,
    }


def _reading(request: HttpRequest, jurisdiction: str) -> Reading:
    current = book_named(jurisdiction)
    if current is None:
        raise Http404
    asked = request.GET.get("version") or current.version
    is_older = asked != current.version
    older = book_of_version(current.jurisdiction, version=asked) if is_older else None
    return Reading(older or current, current, asked)


def _versions(reading: Reading) -> list[Version]:
    current = reading.current
    url = reverse("tariffs:jurisdiction", args=[current.jurisdiction])
    found = [
        Version(
            version=one.version,
            url=url if one.version == current.version else f"{url}?version={one.version}",
            published_at=one.published_at,
            is_current=one.version == current.version,
            is_shown=one.version == reading.book.version,
        )
        for one in published_versions(current.jurisdiction)
    ]
    return found or [Version(current.version, url, None, is_current=True, is_shown=True)]


def _regime(book: LawBook, code: str) -> RegimePart:
    own = [clause for clause in book.clauses if code in clause.regimes]
    return RegimePart(
        code,
        routes=[clause for clause in own if clause.kind == "route"],
        charges=[clause for clause in own if clause.kind in ("layer", "fee")],
    )


def _histories(figures: Sequence[Figure]) -> list[FigureHistory]:
    found: dict[str, list[Figure]] = {}
    for figure in figures:
        found.setdefault(figure.name, []).append(figure)
    return [
        FigureHistory(name, sorted(rows, key=lambda row: str(row.validity.valid_from or ""), reverse=True))
        for name, rows in found.items()
    ]
