"""The company registers itself here, corrects what was refused, asks for changes, and sees how far it is."""

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from swindow.accounts import lifecycle
from swindow.accounts.forms import PAPERS, AnswerForm, ChangeForm, CompanyForm, RegistrationForm
from swindow.accounts.lifecycle import Papers
from swindow.accounts.lifecycle.companies import frozen, row_of
from swindow.accounts.models import Act, Organisation, User, Verification
from swindow.accounts.models.acts import roles_that_may
from swindow.accounts.views.page import (
    company_form,
    company_of,
    latest_case,
    may_change,
    organisation_page,
    owned_company,
    person_of,
)
from swindow.accounts.views.places import own_place
from swindow.documents.errors import StorageUnavailable, UploadRefused
from swindow.documents.models import StoredFile
from swindow.documents.uploads import store_upload
from swindow.problems import Problem, Refused
from swindow.vault.secrets import hint_of

_COMPANIES = [kind for kind in Organisation.Kind.values if kind != Organisation.Kind.AUTHORITY]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    """Show the organisation; take company data and papers while it is not verified."""
    if request.method == "POST":
        return _submit(request)
    return organisation_page(request)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def company_change(request: HttpRequest) -> HttpResponse:
    """Take what a verified company wants changed; what is in force stays until an officer agrees."""
    company = owned_company(request)
    case = latest_case(company)
    if request.method != "POST" and not may_change(company, case):
        messages.info(request, frozen().sentence)
        return redirect("accounts:organisation")
    hint = hint_of(row_of(company), "representative_id")
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ChangeForm(*bound, instance=company, earlier=case, id_hint=hint)
    if request.method != "POST":
        return _change_page(request, form)
    if not form.is_valid():
        return _change_page(request, form, status=422)
    return _propose(request, form)


@login_required
@require_POST
def verification_answer(request: HttpRequest) -> HttpResponse:
    """Answer the officer's question, with a paper where one helps."""
    person = person_of(request)
    company = own_place(person, kinds=_COMPANIES, roles=roles_that_may(Act.ANSWER))
    case = latest_case(company)
    if case is None:
        raise Http404
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return organisation_page(request, answer_form=form, status=422)
    try:
        _answer(case, form, by=person)
    except UploadRefused as refusal:
        form.refuse_paper(refusal)
        return organisation_page(request, answer_form=form, status=422)
    except StorageUnavailable as outage:
        problems = [Problem("answer_file", "", str(outage))]
        return organisation_page(request, answer_form=form, problems=problems, status=503)
    except Refused as refused:
        problems = list(refused.problems)
        return organisation_page(request, answer_form=form, problems=problems, status=409)
    messages.success(request, _("Your answer is sent. An officer reads it; we write when it is decided."))
    return redirect("accounts:organisation")


def store_papers(form: CompanyForm, company: Organisation) -> dict[str, StoredFile]:
    """Keep the files that came with a form; every refused one is shown beside its field first.

    Raises UploadRefused when one was refused, StorageUnavailable.
    """
    kept: dict[str, StoredFile] = {}
    refused: UploadRefused | None = None
    for name in PAPERS:
        file = form.cleaned_data.get(name)
        if not file:
            continue
        try:
            kept[name] = store_upload(file, owner_id=company.pk, name=file.name, at=timezone.now())
        except UploadRefused as refusal:
            form.refuse_paper(name, refusal)
            refused = refusal
    if refused is not None:
        raise refused
    return kept


def papers_with(earlier: Verification | None, new: Mapping[str, StoredFile]) -> Papers:
    """Return the new papers, and those of the last case where none came."""
    identity = new.get("identity_document") or (earlier.identity_document if earlier else None)
    if identity is None:
        raise Refused([_no_identity()])
    return Papers(identity, new.get("licence") or (earlier.licence if earlier else None))


def _submit(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    company = company_of(person)
    form: CompanyForm
    if company is None:
        form = RegistrationForm(request.POST, request.FILES)
    else:
        company = owned_company(request)
        form = company_form(company, latest_case(company), data=request.POST, files=request.FILES)
    if not form.is_valid():
        return organisation_page(request, form=form, status=422)
    try:
        _send_for_verification(form, by=person)
    except UploadRefused:
        return organisation_page(request, form=form, status=422)
    except Refused as refused:
        return organisation_page(request, form=form, problems=list(refused.problems), status=409)
    except StorageUnavailable as outage:
        problem = Problem("identity_document", "", str(outage))
        return organisation_page(request, form=form, problems=[problem], status=503)
    except IntegrityError:
        # Two people registered the same number, or one pressed twice: the second sees how it stands.
        return _second(request, form)
    sent = _("Sent. The trade register and an officer look at your company; we write when it is decided.")
    messages.success(request, sent)
    return redirect("accounts:organisation")


def _send_for_verification(form: CompanyForm, *, by: User) -> None:
    company: Organisation = form.save(commit=False)
    keep = lifecycle.correct_organisation if company.pk else lifecycle.register_organisation
    company = keep(company, by=by, at=timezone.now(), secrets=form.secrets)
    papers = papers_with(form.earlier, store_papers(form, company))
    lifecycle.submit_verification(
        company,
        identity_document=papers.identity_document,
        licence=papers.licence,
        by=by,
        at=timezone.now(),
    )


def _second(request: HttpRequest, form: CompanyForm) -> HttpResponse:
    company = company_of(person_of(request))
    if company and company.registration_number == form.cleaned_data["registration_number"]:
        return redirect("accounts:organisation")
    form.refuse_number()
    return organisation_page(request, form=form, status=409)


def _propose(request: HttpRequest, form: ChangeForm) -> HttpResponse:
    company = owned_company(request)
    try:
        papers = papers_with(form.earlier, store_papers(form, company))
        lifecycle.propose_change(
            company, change=form.change, papers=papers, by=person_of(request), at=timezone.now()
        )
    except UploadRefused:
        return _change_page(request, form, status=422)
    except Refused as refused:
        form.refuse(refused.problems)
        return _change_page(request, form, status=409)
    except StorageUnavailable as outage:
        form.refuse([Problem("licence", "", str(outage))])
        return _change_page(request, form, status=503)
    messages.success(
        request, _("Sent. Your verified data stay in force until an officer has agreed to the change.")
    )
    return redirect("accounts:organisation")


def _change_page(request: HttpRequest, form: ChangeForm, *, status: int = 200) -> HttpResponse:
    return render(request, "accounts/company_change.html", {"form": form}, status=status)


def _answer(case: Verification, form: AnswerForm, *, by: User) -> None:
    at, file = timezone.now(), form.cleaned_data["answer_file"]
    kept = store_upload(file, owner_id=case.organisation_id, name=file.name, at=at) if file else None
    lifecycle.answer_officer(case, text=form.cleaned_data["answer"], file=kept, by=by, at=at)


def _no_identity() -> Problem:
    return Problem(
        "identity_document",
        "AC-75",
        _("We have no identity document of your legal representative yet."),
        _("Send it with a change of company data first."),
    )
