"""Officers of customs look at who a company is: the list of cases, one case, and its papers."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from swindow.accounts.dossier import (
    SECRET_LABELS,
    case_steps,
    code_rows,
    company_rows,
    contact_rows,
    masked,
    papers_of,
    proposed_changes,
    register_findings,
)
from swindow.accounts.lifecycle.companies import row_of
from swindow.accounts.lifecycle.verdicts import case_in_force, is_of_company
from swindow.accounts.lifecycle.verification import PROPOSED
from swindow.accounts.models import (
    Organisation,
    User,
    Verification,
    VerificationQuerySet,
    authorities_of,
)
from swindow.accounts.signed_in import person_of
from swindow.accounts.views.case_acts import ACTS, act_tabs, open_acts
from swindow.components import Tab
from swindow.documents.downloads import download_response, trouble_response, view_response
from swindow.documents.errors import FileNotReady, StorageUnavailable
from swindow.documents.models import StoredFile
from swindow.vault.looks import note

_PAGE = 25
Status = Verification.Status
_LISTS = {
    "waiting": (Status.SUBMITTED, Status.REVIEW),
    "asked": (Status.ASKED,),
    "decided": (Status.VERIFIED, Status.REFUSED, Status.SUSPENDED, Status.EXPIRED),
}


@login_required
@require_safe
def verifications(request: HttpRequest) -> HttpResponse:
    """List the cases: those that wait or were asked the oldest first, the decided the newest first."""
    asked_for = request.GET.get("status", "")
    shown = asked_for if asked_for in _LISTS else "waiting"
    is_newest_first = shown == "decided"
    every = cases_for(request)
    cases = every.filter(status__in=_LISTS[shown]).order_by("-pk" if is_newest_first else "pk")
    start = every.filter(reference=request.GET.get("after", "").replace("\0", "")).first()
    if start is not None:
        cases = cases.filter(pk__lt=start.pk) if is_newest_first else cases.filter(pk__gt=start.pk)
    page = list(cases.select_related("organisation", "decided_by")[: _PAGE + 1])
    context = {
        "shown": shown,
        "tabs": _tabs(every, shown),
        "cases": page[:_PAGE],
        "next": page[_PAGE - 1].reference if len(page) > _PAGE else "",
        "is_continued": start is not None,
    }
    return render(request, "accounts/verifications.html", context)


@login_required
@require_safe
def verification(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one case; the company can read that it was looked at."""
    return case_page(request, case_of(request, reference))


@login_required
@require_safe
def case_file(request: HttpRequest, reference: str, file_reference: str) -> HttpResponseBase:
    """Hand out a paper of a case to officers of customs and to the company's owners."""
    person = person_of(request)
    cases = Verification.objects.for_actor(person).select_related("licence", "identity_document")
    case: Verification = get_object_or_404(cases, reference=reference)
    is_officer = "customs" in authorities_of(person)
    owned = Organisation.objects.for_actor(person).owned_by(person)
    if not is_officer and not owned.filter(pk=case.organisation_id).exists():
        raise Http404
    file = next((one.file for one in papers_of(case) if one.file.reference == file_reference), None)
    if file is None:
        raise Http404
    if is_officer:
        note_look(case, person, what=_what(case, file))
    try:
        return download_response(file) if "download" in request.GET else view_response(file)
    except (FileNotReady, StorageUnavailable) as trouble:
        return trouble_response(trouble)


def cases_for(request: HttpRequest) -> VerificationQuerySet:
    """Return every case to an officer of customs; 404 for anybody else."""
    if "customs" not in authorities_of(request.user):
        raise Http404
    return Verification.objects.for_actor(request.user)


def case_of(request: HttpRequest, reference: str) -> Verification:
    """Return one case with what its page shows."""
    cases = cases_for(request).select_related(
        "organisation", "submitted_by", "decided_by", "identity_document", "licence"
    )
    case: Verification = get_object_or_404(cases, reference=reference)
    return case


def case_page(
    request: HttpRequest,
    case: Verification,
    *,
    act: str = "",
    form: forms.Form | None = None,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    """Draw a case with one act to do; `form` is what the officer has typed for it."""
    person = person_of(request)
    note_look(case, person, what="company")
    company = case.organisation
    acts = open_acts(case, in_force=case_in_force(company))
    chosen = act or request.GET.get("act", "")
    chosen = chosen if chosen in acts else next(iter(acts), "")
    context = {
        "case": case,
        "company": company,
        "rows": company_rows(company),
        "contacts": contact_rows(company),
        "codes": code_rows(company),
        "changes": proposed_changes(case),
        "findings": register_findings(case),
        "steps": case_steps(case, for_officers=True),
        "earlier": company.verifications.exclude(pk=case.pk).select_related("decided_by").order_by("-pk")[:5],
        "sealed": _sealed(case),
        "is_own": case.submitted_by_id == person.pk or is_of_company(person, organisation=company),
        "act": chosen,
        "acts": act_tabs(case, acts, chosen=chosen),
        "form": form if form is not None and act == chosen else ACTS[chosen].form() if chosen else None,
        "unsent": form if form is not None and act != chosen else None,
        "act_button": ACTS[chosen].button if chosen else "",
        "act_url": reverse(f"accounts:verification_{chosen}", args=[case.reference]) if chosen else "",
        **_papers(request, case),
    }
    return render(request, "accounts/verification.html", context | shown, status=status)


def _papers(request: HttpRequest, case: Verification) -> dict[str, Any]:
    papers = papers_of(case)
    wanted = request.GET.get("paper", "")
    return {
        "papers": papers,
        "paper": next((one for one in papers if one.file.reference == wanted), papers[0]),
    }


def _sealed(case: Verification) -> list[tuple[str, object]]:
    """Return what can be opened: numbers in force, and those that an open case asks for."""
    company, suffixes = case.organisation, ("", PROPOSED) if case.is_open else ("",)
    return [
        (field, label)
        for field, label in SECRET_LABELS.items()
        if any(masked(company, field, suffix=suffix) for suffix in suffixes)
    ]


def _what(case: Verification, file: StoredFile) -> str:
    return "identity_document" if file.pk == case.identity_document_id else "company"


def note_look(case: Verification, viewer: User, *, what: str) -> None:
    """Write into the company's ledger that an officer saw something of it."""
    subject, at = row_of(case.organisation), timezone.now()
    capacity, reference = "agency:customs", case.reference
    note(subject, viewer=viewer.pk, capacity=capacity, what=what, reference=reference, at=at)


def _tabs(every: VerificationQuerySet, shown: str) -> list[Tab]:
    labels = {"waiting": _("Waiting"), "asked": _("Asked"), "decided": _("Decided")}
    address = reverse("accounts:verifications")
    return [
        Tab(
            label,
            f"{address}?status={name}",
            name == shown,
            None if name == "decided" else every.filter(status__in=_LISTS[name]).count(),
        )
        for name, label in labels.items()
    ]
