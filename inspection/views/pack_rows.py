"""Changing a draft of the law: rows of rates.csv, parameters of pack.toml, whole files."""

import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inspection.forms import (
    AddParameterForm,
    AddRateForm,
    FileForm,
    LawChoices,
    ParameterForm,
    RateForm,
    RateSearchForm,
)
from inspection.law_words import entries_of, title_of
from inspection.views.access import draft_of
from inspection.views.pack_page import crumbs_of, draft_frame
from swindow.accounts.models import User
from swindow.problems import Refused
from tariffs.drafting.checking import FileProblem
from tariffs.drafting.edits import DRAFT_FILES, is_published
from tariffs.drafting.findings import findings_of
from tariffs.drafting.golden import BROKEN
from tariffs.drafting.parameters import PACK, block_at, parameter_blocks
from tariffs.drafting.tables import RATES, Record, Table, TableError, read_table
from tariffs.editions import known_names
from tariffs.lifecycle import edit_draft, published_files
from tariffs.models import PackDraft

_MOST_ROWS = 50
_SEARCHED = ("type", "hs_prefix", "country", "origin", "expression", "name_en", "name_zh", "rule")
MakeForm = Callable[[Mapping[str, Any] | None], Any]


@login_required
@require_safe
def pack_rates(request: HttpRequest, reference: str) -> HttpResponse:
    """List rows of rates.csv by code or words, to change one."""
    draft, officer = draft_of(request, reference=reference)
    form = RateSearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    table = _table(draft)
    found = _found(table, str(wanted.get("q") or ""), line=wanted.get("line"))
    context = {
        **draft_frame(draft, officer=officer),
        "crumbs": crumbs_of(draft, RATES),
        "search": str(wanted.get("q") or ""),
        "rows": [(record, title_of(record.values)) for record in found[:_MOST_ROWS]],
        "count": len(found),
        "is_broken": table is None,
    }
    return render(request, "inspection/packs/rates.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pack_rate_add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a row to rates.csv."""
    draft, officer = draft_of(request, reference=reference)
    law = _choices(draft)
    return _edit_page(
        request,
        draft,
        officer,
        make=lambda data: AddRateForm(data, law=law, initial={"seen": draft.sha256}),
        title=_("New row of rates.csv"),
        template="inspection/packs/add_rate.html",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pack_rate(request: HttpRequest, reference: str, line: int) -> HttpResponse:
    """Change one row of rates.csv from a day on, or give it an end."""
    draft, officer = draft_of(request, reference=reference)
    table = _table(draft)
    record = table.at(line) if table else None
    if record is None:
        raise Http404
    is_own = not is_published(record, base=published_files(draft))
    first = {"seen": draft.sha256, "act": "change"}
    return _edit_page(
        request,
        draft,
        officer,
        make=lambda data: RateForm(data, line=line, is_own=is_own, initial=first),
        title=title_of(record.values),
        template="inspection/packs/rate.html",
        entries=entries_of(record.values),
    )


@login_required
@require_safe
def pack_parameters(request: HttpRequest, reference: str) -> HttpResponse:
    """List the parameters of pack.toml with their history."""
    draft, officer = draft_of(request, reference=reference)
    blocks = sorted(
        parameter_blocks(draft.files[PACK]), key=lambda block: (block.name, str(block.valid_from or ""))
    )
    context = {
        **draft_frame(draft, officer=officer),
        "crumbs": crumbs_of(draft, _("Parameters")),
        "blocks": blocks,
    }
    return render(request, "inspection/packs/parameters.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pack_parameter_add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a value of a parameter."""
    draft, officer = draft_of(request, reference=reference)
    law = _choices(draft)
    return _edit_page(
        request,
        draft,
        officer,
        make=lambda data: AddParameterForm(data, law=law, initial={"seen": draft.sha256}),
        title=_("New value of a parameter"),
        template="inspection/packs/add_parameter.html",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pack_parameter(request: HttpRequest, reference: str, line: int) -> HttpResponse:
    """Change one value of a parameter from a day on, or give it an end."""
    draft, officer = draft_of(request, reference=reference)
    block = block_at(draft.files[PACK], line=line)
    if block is None:
        raise Http404
    first = {"seen": draft.sha256, "act": "change"}
    return _edit_page(
        request,
        draft,
        officer,
        make=lambda data: ParameterForm(data, line=line, initial=first),
        title=block.name.replace("_", " "),
        template="inspection/packs/parameter.html",
        entries=entries_of(block.values),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pack_file(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """Write a whole file, or put it back as it is published."""
    draft, officer = draft_of(request, reference=reference)
    if name not in DRAFT_FILES:
        raise Http404
    first = {"seen": draft.sha256, "text": draft.files[name]}
    return _edit_page(
        request,
        draft,
        officer,
        make=lambda data: FileForm(data, name=name, initial=first),
        title=name,
        template="inspection/packs/file.html",
        file_problems=_file_problems(draft, name),
    )


def _edit_page(
    request: HttpRequest,
    draft: PackDraft,
    officer: User,
    *,
    make: MakeForm,
    title: str,
    template: str,
    **shown: Any,
) -> HttpResponse:
    form, problems, status = make(None), [], 200
    if request.method == "POST":
        form, status = make(request.POST), 422
        if form.is_valid():
            try:
                edited = edit_draft(
                    draft, edit=form.edit(), seen=form.seen_text, by=officer, at=timezone.now()
                )
            except Refused as refused:
                problems, status = list(refused.problems), 409
            else:
                return _edited(request, edited)
    context = {
        **draft_frame(draft, officer=officer),
        "crumbs": crumbs_of(draft, title),
        "title": title,
        "form": form,
        "problems": problems,
        "cancel_url": reverse("inspection:pack_draft", args=[draft.reference]),
    }
    return render(request, template, context | shown, status=status)


def _edited(request: HttpRequest, draft: PackDraft) -> HttpResponse:
    found = findings_of(draft.files, base=published_files(draft), jurisdiction=draft.jurisdiction)
    address = reverse("inspection:pack_draft", args=[draft.reference])
    if found.trouble_count:
        messages.warning(request, _("Changed. Something is wrong with the draft now: see below."))
        return redirect(f"{address}?tab=check")
    messages.success(request, _("Changed. All golden cases still hold."))
    return redirect(address)


def _file_problems(draft: PackDraft, name: str) -> list[FileProblem]:
    found = findings_of(draft.files, base=published_files(draft), jurisdiction=draft.jurisdiction)
    return [problem for problem in found.problems if problem.file == name]


def _table(draft: PackDraft) -> Table | None:
    try:
        return read_table(draft.files[RATES])
    except TableError:
        return None


def _found(table: Table | None, search: str, *, line: int | None) -> list[Record]:
    records = table.records if table else ()
    if line:
        return [record for record in records if record.line == line]
    text = search.strip().lower()
    code = text.replace(" ", "").replace(".", "")
    if code.isdigit():
        return [one for one in records if _is_about(one.values.get("hs_prefix", ""), code)]
    return [one for one in records if text in _searched(one)]


def _is_about(prefix: str, code: str) -> bool:
    return prefix.startswith(code) or (bool(prefix) and code.startswith(prefix))


def _searched(record: Record) -> str:
    return " ".join(record.values.get(column, "") for column in _SEARCHED).lower()


def _choices(draft: PackDraft) -> LawChoices:
    try:
        head = tomllib.loads(draft.files[PACK])
        rules = [(row["id"], f"{row['id']} {row['en'][:80]}") for row in head["rule"]]
        names = known_names(head)
        countries = [str(code) for code in head["countries"]]
    except (tomllib.TOMLDecodeError, *BROKEN):
        # Its problems are shown; rows can be written again once the file is mended.
        return LawChoices((), (), (), frozenset())
    table = _table(draft)
    types = sorted({record.values.get("type", "") for record in table.records} - {""}) if table else []
    return LawChoices(types, rules, countries, names)
