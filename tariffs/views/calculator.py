"""The landed-cost calculator: open to everybody, keeps nothing; the address holds the whole question."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tariffs.facts import CannotAssess
from tariffs.forms.asked import MOST_LINES, Question, Typed
from tariffs.intake import read_facts
from tariffs.views.landed import Landed, assessed, landed_of
from tariffs.views.suggested import suggestions_for

# The web server takes request lines of up to 4,094 characters. A longer question is answered at once.
_LONGEST_ADDRESS = 3_500
_CHOSEN = re.compile(r"([1-9][0-9]?):([0-9]{6})", re.ASCII)
_NUMBER = re.compile("[1-9][0-9]?", re.ASCII)
# In an address: the question is still being put together.
EDIT = "edit"
# The line that codes are looked for, and the line that was just changed.
FIND = "find"
FOCUS = "focus"
_EXAMPLE = {
    "country": ["NL"],
    "ship_from": ["CN"],
    "transport_mode": ["post"],
    "currency": ["EUR"],
    "freight": ["8.40"],
}
_EXAMPLE_LINES: tuple[Mapping[str, list[str]], ...] = (
    {
        "description": ["Knitted cotton T-shirt"],
        "commodity_code": ["610910"],
        "origin": ["CN"],
        "quantity": ["4"],
        "price": ["47.60"],
    },
    {
        "description": ["Moisturising face cream, 50 ml"],
        "commodity_code": ["330499"],
        "origin": ["KR"],
        "quantity": ["2"],
        "price": ["31.00"],
        "net_content_value": ["50"],
        "net_content_unit": ["ml"],
    },
)


@require_http_methods(["GET", "HEAD", "POST"])
def calculator(request: HttpRequest) -> HttpResponse:
    """Ask, and answer beside the question; what is sent is answered under an address that can be shared."""
    if request.method != "POST":
        return _page(request, _typed(request.GET), marks=_marks(request.GET))
    typed, marks = _changed(_typed(request.POST), request.POST)
    address = f"{request.path}?{typed.query(**marks)}"
    if len(address) <= _LONGEST_ADDRESS:
        return redirect(address)
    return _page(request, typed, marks=marks)


def question_of(data: QueryDict) -> Question:
    """Return the whole question that an address holds, judged; raises nothing."""
    return Question(_typed(data).without_empty_lines(), is_judged=True)


def _typed(data: QueryDict) -> Typed:
    return Typed.of(data, today=timezone.localdate())


def _marks(data: QueryDict) -> dict[str, str]:
    marks = {name: _said(data, name) for name in (EDIT, FIND, FOCUS) if _NUMBER.fullmatch(_said(data, name))}
    is_new = not data.keys() - {FIND}
    return {EDIT: "1"} | marks if is_new else marks


def _changed(typed: Typed, data: QueryDict) -> tuple[Typed, dict[str, str]]:
    chosen = _CHOSEN.fullmatch(_said(data, "use"))
    if chosen:
        coded = typed.with_line_fields(int(chosen[1]), commodity_code=[chosen[2]])
        return coded, {EDIT: "1", FOCUS: chosen[1]}
    if "add" in data:
        longer = typed.with_line()
        return longer, {EDIT: "1", FOCUS: str(len(longer.lines))}
    removed, wanted = _said(data, "remove"), _said(data, FIND)
    if _NUMBER.fullmatch(removed):
        return typed.without_line(int(removed)), {EDIT: "1"}
    if _NUMBER.fullmatch(wanted):
        return typed, {EDIT: "1", FIND: wanted}
    return typed.without_empty_lines(), {}


def _said(data: QueryDict, name: str) -> str:
    return str(data.get(name) or "")


def _page(request: HttpRequest, typed: Typed, *, marks: Mapping[str, str]) -> HttpResponse:
    is_judged = EDIT not in marks
    question = Question(typed.without_empty_lines() if is_judged else typed, is_judged=is_judged)
    landed = _answer(question) if question.is_judged and question.is_valid() else None
    is_refused = question.is_judged and landed is None
    context = {
        "question": question,
        "lines": _lines(question, marks=marks),
        "landed": landed,
        "can_add": len(question.lines) < MOST_LINES,
        "example_url": f"{request.path}?{_example(typed).query()}",
        "query": typed.query(),
        "request_body": json.dumps(question.row(), indent=2, ensure_ascii=False) if landed else "",
    }
    return render(request, "tariffs/calculator.html", context, status=422 if is_refused else 200)


def _answer(question: Question) -> Landed | None:
    try:
        facts = read_facts(question.row())
        return landed_of(facts, assessed(facts), typed=question.typed)
    except CannotAssess as refusal:
        question.add_problems(refusal.problems)
        return None


def _lines(question: Question, *, marks: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return each line's form, with suggestions where they were asked for or a code is missing."""
    shown = []
    for number, (form, fields) in enumerate(zip(question.lines, question.typed.lines, strict=True), start=1):
        words = " ".join(fields.get("description", ()))
        code = "".join(fields.get("commodity_code", ()))
        is_wanted = marks.get(FIND) == str(number) or (question.is_judged and not code)
        found = suggestions_for(words) if words and is_wanted else None
        wordless = is_wanted and not words
        if marks.get(FOCUS) == str(number):
            # What comes next: the words of a new line, the origin of one whose code was just chosen.
            form.fields["origin" if code else "description"].widget.attrs["autofocus"] = True
        shown.append({"number": number, "form": form, "suggestions": found, "is_wordless": wordless})
    return shown


def _example(typed: Typed) -> Typed:
    return Typed({**typed.consignment, **_EXAMPLE}, _EXAMPLE_LINES)
