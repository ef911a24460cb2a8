"""One declaration: the task list of a draft, or what became of it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from declarations import lifecycle
from declarations.forms.answers import AnswerForm, PayForm
from declarations.labels import legal_state, mode_icon
from declarations.models import Declaration, InformationRequest
from declarations.views.access import own_page
from declarations.views.answers_page import answer_groups
from declarations.views.case import read_case
from declarations.views.documents import file_entries, papers_of
from declarations.views.goods import line_rows, shown_rows
from declarations.views.judging import Judgement, judge_draft
from declarations.views.tasks import first_open, task_list
from declarations.views.tax_page import live_breakdown
from declarations.views.titles import title_of
from swindow.accounts.models import Act
from swindow.accounts.signed_in import person_of
from swindow.components import Crumb, Step
from swindow.problems import Refused


@require_safe
@own_page(Act.VIEW)
def detail(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """Show a draft's tasks, or a lodged declaration's fate."""
    if declaration.is_draft:
        return render(request, "declarations/draft.html", _draft_context(declaration))
    return _lodged(request, declaration)


@require_POST
@own_page(Act.ANSWER)
def answer(request: HttpRequest, declaration: Declaration, authority: str) -> HttpResponse:
    """Take the answer to an authority's open question."""
    requests = InformationRequest.objects.filter(declaration=declaration, answered_at=None)
    question = requests.filter(authority=authority).first()
    if question is None:
        get_object_or_404(InformationRequest.objects.filter(declaration=declaration, authority=authority)[:1])
        messages.info(request, _("This question was answered already."))
        return redirect("declarations:detail", declaration.reference)
    form = AnswerForm(request.POST, prefix=authority)
    if not form.is_valid():
        return _lodged(request, declaration, answer_form=form, status=422)
    try:
        lifecycle.answer(question, text=form.cleaned_data["answer"], by=person_of(request), at=timezone.now())
        messages.success(request, _("Your answer is sent."))
    except Refused as refusal:
        messages.info(request, refusal.problems[0].sentence)
    return redirect("declarations:detail", declaration.reference)


@require_POST
@own_page(Act.PAY)
def pay(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """Ask the payment service to collect the charges; asking twice collects once."""
    form = PayForm(request.POST)
    if not form.is_valid():
        return _lodged(request, declaration, pay_form=form, status=422)
    with transaction.atomic():
        count = lifecycle.request_payments(
            [declaration.pk],
            by=person_of(request).actor,
            at=timezone.now(),
            method=form.cleaned_data["method"],
        )
    if count:
        messages.success(request, _("The payment is asked for. The payment service confirms it in a moment."))
    else:
        messages.info(request, _("These charges are paid or being paid already."))
    return redirect("declarations:detail", declaration.reference)


def _lodged(
    request: HttpRequest,
    declaration: Declaration,
    *,
    status: int = 200,
    answer_form: AnswerForm | None = None,
    pay_form: PayForm | None = None,
) -> HttpResponse:
    case = read_case(declaration, answer_form=answer_form, pay_form=pay_form)
    context = {
        "declaration": declaration,
        "case": case,
        "title": title_of(declaration, case.statement.goods_items),
        "crumbs": _crumbs(declaration),
        "states": case.states,
        "consignment": case.statement.consignment,
        "mode_icon": mode_icon(case.statement.consignment.transport_mode),
        "may": declaration.powers.acts,
        "groups": answer_groups(case.statement),
        "rows": shown_rows(case.statement),
        "files": file_entries(declaration, papers_of(declaration)),
        "breakdown": case.breakdown,
    }
    return render(request, "declarations/case.html", context, status=status)


def _draft_context(draft: Declaration) -> dict[str, Any]:
    judgement = judge_draft(draft, at=timezone.now())
    may = draft.powers.acts
    tasks = task_list(judgement, may=may)
    statement = judgement.statement
    go_on = first_open(tasks)
    return {
        "declaration": draft,
        "title": title_of(draft, statement.goods_items),
        "crumbs": _crumbs(draft),
        "states": [legal_state(draft.status)],
        "consignment": statement.consignment,
        "mode_icon": mode_icon(statement.consignment.transport_mode),
        "saved_at": draft.saved_at,
        "task_list": tasks,
        "may": may,
        "go_on_url": go_on.url if Act.PREPARE in may else "",
        "rows": line_rows(judgement),
        "files": file_entries(draft, papers_of(draft)),
        "breakdown": live_breakdown(statement, judgement.result),
        "refusals": _refusals(judgement),
        "is_verified": draft.declarant.is_verified,
        "steps": _next_steps(tasks.done, len(tasks.tasks)),
    }


def _refusals(judgement: Judgement) -> list[str]:
    result = judgement.result
    return [problem.sentence for problem in result.problems] if result else []


def _next_steps(done: int, total: int) -> list[Step]:
    left = total - done
    tasks = ngettext("%(count)d task left", "%(count)d tasks left", left) % {"count": left}
    return [
        Step(_("You prepare and submit"), "now", tasks, _("now")),
        Step(_("Automatic checks"), "next", _("Data, certificates and risk"), _("at once")),
        Step(
            _("The authorities examine"), "next", _("Customs, tax, port, and quarantine where it is needed")
        ),
        Step(_("Release and papers"), "next", _("Signed PDF here and by mail"), _("on arrival")),
    ]


def _crumbs(declaration: Declaration) -> list[Crumb]:
    return [Crumb(_("Declarations"), reverse("declarations:list")), Crumb(declaration.reference)]
