"""Check your answers, then submit once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from declarations import lifecycle
from declarations.forms.answers import SubmitForm
from declarations.models import Declaration
from declarations.views.access import own_page
from declarations.views.answers_page import answer_groups
from declarations.views.documents import file_entries, papers_of
from declarations.views.frame import draft_context
from declarations.views.goods import line_rows
from declarations.views.judging import Judgement, judge_draft
from declarations.views.mending import mends
from swindow.accounts.models import Act
from swindow.accounts.signed_in import person_of
from swindow.accounts.signing_in.second_factor import ask_to_set_up, may_lodge
from swindow.problems import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@own_page(Act.VIEW, posting=Act.LODGE)
def check(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """Show every answer and every problem; a second submission finds the first one's declaration."""
    if not declaration.is_draft:
        return redirect("declarations:detail", declaration.reference)
    if request.method == "POST":
        return _submit(request, declaration)
    return _show(request, declaration, SubmitForm(initial={"seen": _seen(declaration)}))


def _submit(request: HttpRequest, draft: Declaration) -> HttpResponse:
    form = SubmitForm(request.POST)
    if form.is_valid() and form.cleaned_data["seen"] != _seen(draft):
        form.add_error(
            None, ValidationError(_("Something was changed since you opened this page. Check again."))
        )
    if form.errors:
        return _show(request, draft, _again(form, draft), status=422)
    judgement = judge_draft(draft, at=timezone.now())
    if judgement.problems:
        return _show(request, draft, form, status=422)
    if not may_lodge(request):
        return ask_to_set_up(request)
    return _lodge(request, draft, form)


def _lodge(request: HttpRequest, draft: Declaration, form: SubmitForm) -> HttpResponse:
    try:
        lifecycle.lodge_one(draft, by=person_of(request), at=timezone.now())
    except Refused as refusal:
        draft.refresh_from_db()
        if draft.is_draft:
            for problem in refusal.problems:
                form.add_error(None, ValidationError(problem.sentence, code=problem.code))
            return _show(request, draft, _again(form, draft), status=422)
    else:
        messages.success(request, _("Your declaration is accepted. You see here what happens next."))
    return redirect("declarations:detail", draft.reference)


def _show(request: HttpRequest, draft: Declaration, form: SubmitForm, *, status: int = 200) -> HttpResponse:
    judgement = judge_draft(draft, at=timezone.now())
    return render(request, "declarations/check.html", _context(draft, judgement, form), status=status)


def _context(draft: Declaration, judgement: Judgement, form: SubmitForm) -> dict[str, Any]:
    return draft_context(
        draft,
        judgement,
        section="check",
        form=form,
        mends=mends(judgement),
        who_lodges=draft.powers.refusal(Act.LODGE),
        groups=answer_groups(judgement.statement, may=draft.powers.acts),
        rows=line_rows(judgement),
        files=file_entries(draft, papers_of(draft)),
        goods_url=reverse("declarations:goods", args=[draft.reference]),
        documents_url=reverse("declarations:documents", args=[draft.reference]),
    )


def _again(form: SubmitForm, draft: Declaration) -> SubmitForm:
    form.replace_value("seen", _seen(draft))
    return form


def _seen(draft: Declaration) -> str:
    return draft.saved_at.isoformat()
