"""What officers do with a review; the lifecycle decides whether it may be done."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from inspection import lifecycle
from inspection.forms import DecisionForm
from inspection.lifecycle import DecidedAlready, Decision
from inspection.models import Authority, Review
from inspection.objections import is_objected, seen_number
from inspection.views.access import review_of
from inspection.views.page import review_page
from swindow.accounts.models import User
from swindow.accounts.signing_in.second_factor import step_up
from swindow.problems import Refused


@login_required
@require_POST
@step_up
def decide(request: HttpRequest, authority: str, reference: str) -> HttpResponse:
    """Approve, ask or refuse; what was typed is shown again whatever went wrong."""
    review, officer = review_of(request, authority=authority, reference=reference)
    form = DecisionForm(request.POST, authority=authority, is_objected=is_objected(review))
    if not form.is_valid():
        return review_page(request, review, officer=officer, form=form, status=422)
    try:
        _act(review, form, officer=officer)
    except DecidedAlready:
        fresh, _same = review_of(request, authority=authority, reference=reference)
        return review_page(request, fresh, officer=officer, form=form, is_late=True, status=409)
    except Refused as refused:
        problems = list(refused.problems)
        return review_page(request, review, officer=officer, form=form, problems=problems, status=409)
    if form.cleaned_data["decision"] == "ask":
        messages.success(request, _("The question about %(reference)s is sent.") % {"reference": reference})
        return redirect("inspection:review", authority, reference)
    messages.success(request, _("%(reference)s is decided.") % {"reference": reference})
    return redirect("inspection:queue")


@login_required
@require_POST
@step_up
@sensitive_variables("number")
def show_number(request: HttpRequest, authority: str, reference: str) -> HttpResponse:
    """Show the buyer's identity number in this answer alone; the look is written down before."""
    review, officer = review_of(request, authority=authority, reference=reference)
    if authority != Authority.CUSTOMS:
        raise Http404
    try:
        number = seen_number(review, officer=officer, at=timezone.now())
    except Refused as refused:
        problems = list(refused.problems)
        return review_page(request, review, officer=officer, problems=problems, status=409)
    return review_page(request, review, officer=officer, number=number)


@login_required
@require_POST
def take(request: HttpRequest, authority: str, reference: str) -> HttpResponse:
    """Reserve a review; the first one wins."""
    review, officer = review_of(request, authority=authority, reference=reference)
    review = lifecycle.take(review, officer=officer, at=timezone.now())
    if review.officer != officer:
        messages.warning(request, _("A colleague was faster or has decided."))
    return redirect("inspection:review", authority, reference)


@login_required
@require_POST
def take_over(request: HttpRequest, authority: str, reference: str) -> HttpResponse:
    """Take a review from the colleague who has it."""
    review, officer = review_of(request, authority=authority, reference=reference)
    lifecycle.take_over(review, officer=officer, at=timezone.now())
    return redirect("inspection:review", authority, reference)


@login_required
@require_POST
def give_back(request: HttpRequest, authority: str, reference: str) -> HttpResponse:
    """Return a review to the queue."""
    review, officer = review_of(request, authority=authority, reference=reference)
    lifecycle.give_back(review, officer=officer)
    messages.success(request, _("%(reference)s is back in the queue.") % {"reference": reference})
    return redirect("inspection:queue")


def _act(review: Review, form: DecisionForm, *, officer: User) -> None:
    act, code, text = (form.cleaned_data[name] for name in ("decision", "reason_code", "message"))
    if act == "ask":
        lifecycle.ask_as_officer(review, reason_code=code, text=text, officer=officer, at=timezone.now())
        return
    decision = Decision(review.declaration_id, review.authority, act == "approve", code, text)
    lifecycle.decide_as_officer(review, decision=decision, officer=officer, at=timezone.now())
