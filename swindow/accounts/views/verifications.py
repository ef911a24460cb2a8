"""Officers of customs look at who a company is, and verify or refuse it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from swindow.accounts import lifecycle
from swindow.accounts.forms import VerdictForm
from swindow.accounts.models import Verification, VerificationQuerySet, authorities_of
from swindow.accounts.views.page import company_rows, person_of
from swindow.documents.downloads import download_response, trouble_response, view_response
from swindow.documents.errors import FileNotReady, StorageUnavailable
from swindow.problems import Refused

_PAGE = 25


@login_required
@require_safe
def verifications(request: HttpRequest) -> HttpResponse:
    """List the open cases, the oldest first, and the last that were decided."""
    cases = _cases(request).select_related("organisation", "submitted_by")
    waiting = cases.filter(status=Verification.Status.SUBMITTED).order_by("pk")
    start = _cases(request).filter(reference=request.GET.get("after", "").replace("\0", "")).first()
    page = list((waiting.filter(pk__gt=start.pk) if start else waiting)[: _PAGE + 1])
    decided = cases.exclude(status=Verification.Status.SUBMITTED).select_related("decided_by")
    context = {
        "cases": page[:_PAGE],
        "next": page[_PAGE - 1].reference if len(page) > _PAGE else "",
        "is_continued": start is not None,
        "decided": decided.order_by("-decided_at")[:10],
    }
    return render(request, "accounts/verifications.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one case and take the officer's verdict."""
    case = _case(request, reference)
    if request.method != "POST":
        return _case_page(request, case, form=VerdictForm())
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _case_page(request, case, form=form, status=422)
    try:
        lifecycle.decide_verification(
            case,
            is_accepted=form.cleaned_data["verdict"] == "verify",
            reason=form.cleaned_data["reason"],
            by=person_of(request),
            at=timezone.now(),
        )
    except lifecycle.AlreadyDecided:
        return _case_page(request, _case(request, reference), form=form, is_late=True, status=409)
    except Refused as refused:
        return _case_page(request, case, form=form, problems=list(refused.problems), status=409)
    messages.success(request, _("%(case)s is decided; the company is told by mail.") % {"case": reference})
    return redirect("accounts:verifications")


@login_required
@require_safe
def identity_document(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Hand out the identity document to officers and to the company itself."""
    cases = Verification.objects.for_actor(request.user).select_related("identity_document")
    file = get_object_or_404(cases, reference=reference).identity_document
    try:
        return download_response(file) if "download" in request.GET else view_response(file)
    except (FileNotReady, StorageUnavailable) as trouble:
        return trouble_response(trouble)


def _cases(request: HttpRequest) -> VerificationQuerySet:
    if "customs" not in authorities_of(request.user):
        raise Http404
    return Verification.objects.for_actor(request.user)


def _case(request: HttpRequest, reference: str) -> Verification:
    cases = _cases(request).select_related("organisation", "submitted_by", "decided_by", "identity_document")
    case: Verification = get_object_or_404(cases, reference=reference)
    return case


def _case_page(
    request: HttpRequest, case: Verification, *, form: VerdictForm, status: int = 200, **shown: Any
) -> HttpResponse:
    earlier = case.organisation.verifications.exclude(pk=case.pk).select_related("decided_by")
    context = {
        "case": case,
        "company": case.organisation,
        "rows": company_rows(case.organisation),
        "earlier": earlier.order_by("-pk")[:5],
        "is_own": case.organisation.memberships.filter(user=person_of(request)).exists(),
        "form": form,
    }
    return render(request, "accounts/verification.html", context | shown, status=status)
