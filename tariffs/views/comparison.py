"""The same goods in several countries, and under several commodity codes; nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from swindow.problems import Problem
from swindow.templatetags.sw import code_groups
from tariffs.facts import CannotAssess, ConsignmentFacts
from tariffs.forms.asked import Question, Typed
from tariffs.forms.calculator import CodesForm, CountriesForm
from tariffs.intake import read_facts
from tariffs.jurisdictions import jurisdictions
from tariffs.names import regime_name
from tariffs.results import AssessmentResult
from tariffs.views.calculator import question_of
from tariffs.views.landed import assessed, in_currency
from tariffs.views.suggested import name_of, suggestions_for

_ZERO = Decimal(0)
# Compared where nobody chose, after the country that was asked for.
_USUAL = ("US", "DE", "GB", "CN", "JP", "AU", "CA", "KR")


@dataclass(frozen=True, slots=True)
class Column:
    """One of the things compared: its amounts, or why there are none; `in_own` is in the buyer's currency."""

    code: str
    name: str
    url: str
    currency: str = ""
    regime: str = ""
    duty: Decimal = _ZERO
    other_taxes: Decimal = _ZERO
    fees: Decimal = _ZERO
    payable: Decimal = _ZERO
    landed: Decimal = _ZERO
    in_own: Decimal | None = None
    difference: Decimal | None = None
    doubts: int = 0
    problems: tuple[str, ...] = ()
    is_least: bool = False
    is_asked: bool = False


@require_safe
def compare_countries(request: HttpRequest) -> HttpResponse:
    """Work the same goods out for up to six countries of import."""
    question = question_of(request.GET)
    if not question.is_valid():
        return redirect(f"{reverse('tariffs:calculator')}?{question.typed.query()}")
    chosen = request.GET.getlist("to") or _usual_countries(question)
    form = CountriesForm({"to": chosen})
    columns = _countries(question, form.cleaned_data["to"]) if form.is_valid() else []
    return _page(request, "countries", question=question, form=form, columns=columns)


@require_safe
def compare_codes(request: HttpRequest) -> HttpResponse:
    """Work the same goods out under up to five commodity codes for one of the lines."""
    question = question_of(request.GET)
    if not question.is_valid():
        return redirect(f"{reverse('tariffs:calculator')}?{question.typed.query()}")
    number = _line_number(request, question)
    said = question.lines[number - 1].cleaned_data
    suggested = _suggested(said["commodity_code"], words=said["description"])
    # Codes ticked for another line say nothing of this one.
    is_same_line = request.GET.get("shown", str(number)) == str(number)
    ticked = request.GET.getlist("code") if is_same_line else []
    data = {
        "line": str(number),
        "code": ticked or list(suggested)[: CodesForm.most],
        "own": request.GET.get("own", ""),
    }
    form = CodesForm(data, lines=_line_choices(question), codes=list(suggested.items()))
    columns = _codes(question, form.cleaned_data, number=number) if form.is_valid() else []
    return _page(request, "codes", question=question, form=form, columns=columns)


def _page(
    request: HttpRequest, name: str, *, question: Question, form: Any, columns: list[Column]
) -> HttpResponse:
    context = {
        "form": form,
        "pairs": question.typed.pairs(),
        "columns": columns,
        "question": question,
        "own_currency": question.consignment.cleaned_data["currency"],
        "country": question.consignment.cleaned_data["country"],
        "back_url": f"{reverse('tariffs:calculator')}?{question.typed.query()}",
    }
    return render(request, f"tariffs/compare_{name}.html", context, status=200 if form.is_valid() else 422)


def _usual_countries(question: Question) -> list[str]:
    asked = str(question.consignment.cleaned_data["country"])
    known = {country.code for country in jurisdictions()}
    others = [code for code in _USUAL if code in known and code != asked]
    return [asked, *others][: CountriesForm.most]


def _countries(question: Question, chosen: Sequence[str]) -> list[Column]:
    asked, row = str(question.consignment.cleaned_data["country"]), question.row()
    names = {country.code: country.name for country in jurisdictions()}
    columns = []
    for code in chosen:
        # A yearly limit, a regime and an exchange rate belong to one country.
        changes = {} if code == asked else dict.fromkeys(("buyer", "regime", "exchange_rates"))
        typed = question.typed.with_fields(country=[code])
        if code != asked:
            typed = typed.with_fields(regime=[], annual_used=[], exchange_rate=[])
        column = Column(code, names[code], _address(typed), is_asked=code == asked)
        columns.append(_filled(column, row | {"jurisdiction": code} | changes))
    return _with_least(columns)


def _codes(question: Question, said: Mapping[str, Any], *, number: int) -> list[Column]:
    current = question.lines[number - 1].cleaned_data["commodity_code"]
    row, columns = question.row(), []
    for code in dict.fromkeys([current, *said["code"], *filter(None, [said["own"]])]):
        items = [dict(item) for item in row["goods_items"]]
        # A rate given for the line would hide what the codes differ in.
        items[number - 1] |= {"commodity_code": code, "rates": None}
        typed = question.typed.with_line_fields(number, commodity_code=[code], duty_rate=[])
        column = Column(code, name_of(code), _address(typed), is_asked=code == current)
        columns.append(_filled(column, row | {"goods_items": items}))
    first = columns[0]
    if not first.problems:
        columns = [
            column if column.problems else replace(column, difference=column.payable - first.payable)
            for column in columns
        ]
    return _with_least(columns)


def _filled(column: Column, row: Mapping[str, Any]) -> Column:
    try:
        facts = read_facts(row)
        result = assessed(facts)
    except CannotAssess as refusal:
        return replace(column, problems=tuple(_sentence(problem) for problem in refusal.problems))
    if result.outcome != "assessed":
        return replace(column, problems=tuple(problem.sentence for problem in result.problems))
    return _with_amounts(column, facts, result)


def _sentence(problem: Problem) -> str:
    """Return the problem with its mend; what can be given is given on the page that the name opens."""
    if problem.code == "exchange_rate_missing":
        fix = _("Open it and give the rate there.")
        return f"{problem.message} {fix}"
    return problem.sentence


def _with_amounts(column: Column, facts: ConsignmentFacts, result: AssessmentResult) -> Column:
    totals = result.totals
    return replace(
        column,
        currency=result.currency,
        regime=regime_name(result.regime),
        duty=totals.duty,
        other_taxes=totals.taxes - totals.duty,
        fees=totals.fees,
        payable=totals.payable,
        landed=totals.landed,
        in_own=in_currency(totals.landed, facts.currency, result=result),
        doubts=len(result.warnings),
    )


def _with_least(columns: list[Column]) -> list[Column]:
    """Mark the least, where at least two can be told apart in the buyer's currency."""
    known = [column.in_own for column in columns if column.in_own is not None]
    if len(set(known)) < 2:
        return columns
    return [replace(column, is_least=column.in_own == min(known)) for column in columns]


def _line_number(request: HttpRequest, question: Question) -> int:
    told = request.GET.get("line", "")
    numbers = {str(number): number for number in range(1, len(question.lines) + 1)}
    return numbers.get(told, 1)


def _line_choices(question: Question) -> list[tuple[int, str]]:
    return [
        (number, f"{number}. {form.cleaned_data['description'] or form.cleaned_data['commodity_code']}")
        for number, form in enumerate(question.lines, start=1)
    ]


def _suggested(current: str, *, words: str) -> dict[str, str]:
    """Return code -> name of the line's own code and of those that its words suggest."""
    found = {current: name_of(current)}
    if words:
        known = {code.code: code.name for code in suggestions_for(words).codes}
        found |= {code: name for code, name in known.items() if code != current[:6]}
    return {code: f"{code_groups(code)}  {name}" for code, name in found.items()}


def _address(typed: Typed) -> str:
    return f"{reverse('tariffs:calculator')}?{typed.query()}"
