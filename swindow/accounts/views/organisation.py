"""The company registers itself here, corrects what an officer refused, and sees how far it is."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from swindow.accounts import lifecycle
from swindow.accounts.forms import CompanyForm
from swindow.accounts.models import Organisation, User
from swindow.accounts.views.page import company_of, organisation_page, person_of
from swindow.documents.errors import StorageUnavailable, UploadRefused
from swindow.documents.uploads import store_upload
from swindow.problems import Problem, Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    """Show the organisation; take company data and the identity document while none is verified."""
    if request.method == "POST":
        return _submit(request)
    return organisation_page(request)


def _submit(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = CompanyForm(request.POST, request.FILES, instance=company_of(person))
    if not form.is_valid():
        return organisation_page(request, form=form, status=422)
    try:
        company = _keep(form, by=person)
        _send_for_verification(form, company, by=person)
    except UploadRefused as refusal:
        form.refuse_document(refusal)
        return organisation_page(request, form=form, status=422)
    except Refused as refused:
        return organisation_page(request, form=form, problems=list(refused.problems), status=409)
    except StorageUnavailable as outage:
        problem = Problem("identity_document", "", str(outage))
        return organisation_page(request, form=form, problems=[problem], status=503)
    except IntegrityError:
        # Two people registered the same number, or one pressed twice: the second sees how it stands.
        return _second(request, form)
    messages.success(request, _("Sent. An officer looks at your company; we write when it is decided."))
    return redirect("accounts:organisation")


def _keep(form: CompanyForm, *, by: User) -> Organisation:
    company: Organisation = form.save(commit=False)
    if company.pk is None:
        return lifecycle.register_organisation(company, by=by, at=timezone.now())
    return lifecycle.correct_organisation(company, by=by, at=timezone.now())


def _send_for_verification(form: CompanyForm, company: Organisation, *, by: User) -> None:
    document = form.cleaned_data["identity_document"]
    file = store_upload(document, owner_id=company.pk, name=document.name, at=timezone.now())
    lifecycle.submit_verification(company, identity_document=file, by=by, at=timezone.now())


def _second(request: HttpRequest, form: CompanyForm) -> HttpResponse:
    company = company_of(person_of(request))
    if company and company.registration_number == form.cleaned_data["registration_number"]:
        return redirect("accounts:organisation")
    form.refuse_number()
    return organisation_page(request, form=form, status=409)
