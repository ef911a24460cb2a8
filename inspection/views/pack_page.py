"""The page of one draft of the law: the evidence in tabs, and beside it what can be done."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from declarations.touched import COUNT_UP_TO, stored_cases, touched_drafts, touched_products
from inspection.forms import NoteForm, PreviewForm
from inspection.law_words import history_of_draft, shown_differences
from swindow.accounts.models import User
from swindow.components import Crumb, Tab
from tariffs.drafting.compiling import compile_draft
from tariffs.drafting.differences import effective_days
from tariffs.drafting.edits import DRAFT_FILES
from tariffs.drafting.findings import Findings, findings_of
from tariffs.drafting.preview import MOST_CASES, Preview, what_changes
from tariffs.law_names import jurisdiction_name
from tariffs.lifecycle import published_files
from tariffs.models import DraftStatus, PackDraft
from tariffs.names import regime_name, tax_name
from tariffs.packs import pack_by_hash

_TABS = ("changes", "check", "preview", "touched", "history")
_MOST_TOUCHED = 25


def draft_page(
    request: HttpRequest,
    draft: PackDraft,
    *,
    officer: User,
    form: NoteForm | None = None,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    """Draw one draft; `form` carries what was typed, `shown` what went wrong."""
    base = published_files(draft)
    found = findings_of(draft.files, base=base, jurisdiction=draft.jurisdiction)
    tab = request.GET.get("tab", "")
    tab = tab if tab in _TABS else _TABS[0]
    context = {
        **draft_frame(draft, officer=officer),
        "found": found,
        "tab": tab,
        "tabs": _tabs(draft, found, tab),
        **_tab_parts(request, draft, found, tab),
        "form": form or NoteForm(),
        "rewrites": sum(one.rewrites_history for one in found.differences),
        "acted": request.resolver_match.url_name if request.resolver_match else "",
    }
    return render(request, "inspection/packs/draft.html", context | shown, status=status)


def draft_frame(draft: PackDraft, *, officer: User) -> dict[str, Any]:
    """Return what every page of a draft shows: what it is, and what its reader may do with it."""
    is_writing = draft.status == DraftStatus.DRAFT
    vouched = (draft.author_id, draft.proposed_by_id)
    return {
        "draft": draft,
        "name": jurisdiction_name(draft.jurisdiction),
        "files": DRAFT_FILES,
        "is_writing": is_writing,
        "may_edit": is_writing and draft.author_id == officer.pk,
        "may_publish": draft.status == DraftStatus.PROPOSED and officer.pk not in vouched,
        "is_stale": draft.is_open and draft.based_on.superseded_by_id is not None,
    }


def crumbs_of(draft: PackDraft, *labels: str) -> list[Crumb]:
    """Return the way to a page below a draft."""
    return [
        Crumb(_("Law"), reverse("inspection:packs")),
        Crumb(draft.reference, reverse("inspection:pack_draft", args=[draft.reference])),
        *(Crumb(label) for label in labels),
    ]


def _tabs(draft: PackDraft, found: Findings, current: str) -> list[Tab]:
    url = reverse("inspection:pack_draft", args=[draft.reference])
    labels = {
        "changes": (_("Changes"), len(found.differences) or None, False),
        "check": (_("Check"), found.trouble_count or None, True),
        "preview": (_("What it would change"), None, False),
        "touched": (_("Whom it touches"), None, False),
        "history": (_("History"), None, False),
    }
    return [
        Tab(label, f"{url}?tab={tab}", tab == current, count, is_bad)
        for tab, (label, count, is_bad) in labels.items()
    ]


def _tab_parts(request: HttpRequest, draft: PackDraft, found: Findings, tab: str) -> dict[str, Any]:
    if tab == "changes":
        shown = shown_differences(found.differences)
        return {"differences": shown, "more_differences": len(found.differences) - len(shown)}
    if tab == "preview":
        return _preview(request, draft, found)
    if tab == "touched":
        return {
            "products": touched_products(found.touches, most=_MOST_TOUCHED),
            "drafts": touched_drafts(found.touches, most=_MOST_TOUCHED),
            "most_counted": COUNT_UP_TO,
        }
    return {"steps": history_of_draft(draft)} if tab == "history" else {}


def _preview(request: HttpRequest, draft: PackDraft, found: Findings) -> dict[str, Any]:
    # A change of next year shows in no case of this year: its own first day is the natural one to look at.
    later = [day for day in effective_days(found.differences) if day > timezone.localdate()]
    first = {"on": later[0] if later else None}
    typed = PreviewForm(request.GET if "on" in request.GET else None, initial=first)
    if typed.is_bound and not typed.is_valid():
        return {"preview_form": typed}
    on: date | None = typed.cleaned_data["on"] if typed.is_bound else first["on"]
    if found.problems:
        return {"preview_form": typed, "is_broken": True}
    preview = _worked(draft, on=on)
    return {"preview_form": typed, "preview": preview, "on": on, "cases": _cases(preview), "most": MOST_CASES}


def _worked(draft: PackDraft, *, on: date | None) -> Preview:
    pack = compile_draft(draft.files)
    stored = stored_cases(pack.countries, most=MOST_CASES)
    return what_changes(pack, stored, base=pack_by_hash(draft.based_on.sha256), on=on)


def _cases(preview: Preview) -> list[dict[str, Any]]:
    return [
        {
            "key": change.key,
            "before": change.before,
            "after": change.after,
            "rises_by": change.rises_by,
            "currency": change.after.currency or change.before.currency,
            "taxes": [(tax_name(code), old, new) for code, old, new in change.taxes],
            "regimes": (regime_name(change.before.regime), regime_name(change.after.regime))
            if change.before.regime != change.after.regime
            else (),
        }
        for change in preview.changes
    ]
