"""Officers of customs decide about a company; what changes its standing needs a fresh second step."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from swindow.accounts import lifecycle
from swindow.accounts.dossier import SECRET_LABELS
from swindow.accounts.lifecycle.companies import row_of
from swindow.accounts.lifecycle.verification import PROPOSED
from swindow.accounts.signed_in import person_of
from swindow.accounts.signing_in.second_factor import step_up
from swindow.accounts.views.case_acts import ACTS
from swindow.accounts.views.verifications import case_of, case_page, note_look
from swindow.problems import Refused
from swindow.vault.secrets import reveal


@login_required
@require_POST
def verification_ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the company a question."""
    return _do(request, reference, "ask")


@login_required
@require_POST
def verification_refuse(request: HttpRequest, reference: str) -> HttpResponse:
    """Refuse the company with a reason."""
    return _do(request, reference, "refuse")


@login_required
@require_POST
@step_up
def verification_verify(request: HttpRequest, reference: str) -> HttpResponse:
    """Verify the company until a day."""
    return _do(request, reference, "verify")


@login_required
@require_POST
@step_up
def verification_suspend(request: HttpRequest, reference: str) -> HttpResponse:
    """Suspend a verified company."""
    return _do(request, reference, "suspend")


@login_required
@require_POST
@step_up
def verification_reinstate(request: HttpRequest, reference: str) -> HttpResponse:
    """Lift a suspension."""
    return _do(request, reference, "reinstate")


@login_required
@require_POST
@step_up
def verification_reveal(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a sealed number in this one answer; the company can read that it was opened."""
    case = case_of(request, reference)
    field = request.POST.get("field", "")
    if field not in SECRET_LABELS:
        raise Http404
    row = row_of(case.organisation)
    note_look(case, person_of(request), what=field)
    opened: dict[str, Any] = {
        "revealed_label": SECRET_LABELS[field],
        "revealed": reveal(row, field),
        "revealed_new": reveal(row, f"{field}{PROPOSED}") if case.is_open else "",
    }
    return case_page(request, case, **opened)


def _do(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    case, act = case_of(request, reference), ACTS[name]
    form = act.form(request.POST)
    if not form.is_valid():
        return case_page(request, case, act=name, form=form, status=422)
    try:
        act.do(case, form.cleaned_data, person_of(request), timezone.now())
    except lifecycle.AlreadyDecided:
        now = case_of(request, reference)
        return case_page(request, now, act=name, form=form, is_late=True, status=409)
    except Refused as refused:
        problems = list(refused.problems)
        return case_page(request, case, act=name, form=form, problems=problems, status=409)
    messages.success(request, str(act.done) % {"case": reference})
    if name in ("suspend", "reinstate"):
        return redirect("accounts:verification", reference)
    return redirect("accounts:verifications")
