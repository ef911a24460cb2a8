"""The law in versions: what is published, drafts of what comes next, and one draft from all sides."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inspection.forms import StartDraftForm
from inspection.views.access import draft_of, lawmaker_of
from inspection.views.pack_page import draft_page
from swindow.problems import Refused
from tariffs.law_names import jurisdiction_name
from tariffs.lifecycle import start_draft
from tariffs.models import PackDraft, RegulationPack

_MOST_CLOSED = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def packs(request: HttpRequest) -> HttpResponse:
    """List current versions and drafts; begin a draft."""
    officer = lawmaker_of(request)
    current = list(_current())
    choices = sorted(
        ((pack.jurisdiction, jurisdiction_name(pack.jurisdiction)) for pack in current),
        key=lambda one: one[1],
    )
    if request.method != "POST":
        return _list(request, current, form=StartDraftForm(choices=choices))
    form = StartDraftForm(request.POST, choices=choices)
    if not form.is_valid():
        return _list(request, current, form=form, status=422)
    data = form.cleaned_data
    try:
        draft = start_draft(data["jurisdiction"], note=data["note"], by=officer, at=timezone.now())
    except Refused as refused:
        return _list(request, current, form=form, problems=list(refused.problems), status=409)
    return redirect("inspection:pack_draft", draft.reference)


@login_required
@require_safe
def pack_draft(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one draft: what differs, what is wrong, what it would change, whom it touches, its history."""
    draft, officer = draft_of(request, reference=reference)
    return draft_page(request, draft, officer=officer)


def _current() -> QuerySet[RegulationPack]:
    rows = RegulationPack.objects.current().order_by("jurisdiction")
    return rows.defer("content").select_related("draft__published_by").defer("content", "draft__files")


def _list(
    request: HttpRequest,
    current: list[RegulationPack],
    *,
    form: StartDraftForm,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    drafts = PackDraft.objects.defer("files").select_related("author", "published_by", "based_on")
    drafts = drafts.defer("files", "based_on__content")
    open_drafts = list(drafts.open().order_by("-pk"))
    by_jurisdiction = {draft.jurisdiction: draft for draft in open_drafts}
    context = {
        "rows": [
            {
                "pack": pack,
                "name": jurisdiction_name(pack.jurisdiction),
                "open": by_jurisdiction.get(pack.jurisdiction),
                "draft": getattr(pack, "draft", None),
            }
            for pack in current
        ],
        "open_drafts": [(draft, jurisdiction_name(draft.jurisdiction)) for draft in open_drafts],
        "closed_drafts": [
            (draft, jurisdiction_name(draft.jurisdiction))
            for draft in drafts.exclude(pk__in=[one.pk for one in open_drafts])[:_MOST_CLOSED]
        ],
        "form": form,
        "title": _("Law"),
    }
    return render(request, "inspection/packs/list.html", context | shown, status=status)
