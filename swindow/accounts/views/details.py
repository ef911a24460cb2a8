"""What an owner changes of the company by itself: contacts and codes; and the account, with a second step."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from swindow.accounts import lifecycle
from swindow.accounts.dossier import masked
from swindow.accounts.forms import BankAccountForm, ContactsForm, CustomsCodesForm
from swindow.accounts.lifecycle import Change, Secrets
from swindow.accounts.lifecycle.companies import frozen
from swindow.accounts.models import Organisation
from swindow.accounts.signed_in import person_of
from swindow.accounts.signing_in.second_factor import step_up
from swindow.accounts.views.organisation import papers_with
from swindow.accounts.views.page import latest_case, may_change, may_edit, owned_company
from swindow.problems import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: HttpRequest) -> HttpResponse:
    """Change at once whom customs reach."""
    company = owned_company(request)
    if request.method != "POST":
        names = ("contact_person", "contact_phone", "contact_email")
        form = ContactsForm(initial={name: getattr(company, name) for name in names})
        return render(request, "accounts/contacts.html", {"form": form})
    form = ContactsForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/contacts.html", {"form": form}, status=422)
    lifecycle.change_contacts(company, contacts=form.contacts, by=person_of(request), at=timezone.now())
    messages.success(request, _("The contacts are saved."))
    return redirect("accounts:organisation")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def customs_codes(request: HttpRequest) -> HttpResponse:
    """Change the numbers under which authorities know the company, all on one page."""
    company = owned_company(request)
    if request.method != "POST":
        kept = dict(company.customs_codes.values_list("scheme", "number"))
        return render(request, "accounts/customs_codes.html", {"form": CustomsCodesForm(initial=kept)})
    form = CustomsCodesForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/customs_codes.html", {"form": form}, status=422)
    try:
        lifecycle.change_customs_codes(company, codes=form.codes, by=person_of(request), at=timezone.now())
    except Refused as refused:
        form.refuse(refused.problems)
        return render(request, "accounts/customs_codes.html", {"form": form}, status=409)
    messages.success(request, _("The numbers are saved."))
    return redirect("accounts:organisation")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def bank_account(request: HttpRequest) -> HttpResponse:
    """Change the account for refunds: at once before the first verification, by a new case after it."""
    company = owned_company(request)
    case = latest_case(company)
    if request.method != "POST":
        if not (may_edit(company, case) or may_change(company, case)):
            messages.info(request, frozen().sentence)
            return redirect("accounts:organisation")
        return _bank_page(request, company, BankAccountForm())
    form = BankAccountForm(request.POST)
    if not form.is_valid():
        return _bank_page(request, company, form, status=422)
    try:
        _keep_account(request, company, form.account)
    except Refused as refused:
        form.refuse(refused.problems)
        return _bank_page(request, company, form, status=409)
    return redirect("accounts:organisation")


def _keep_account(request: HttpRequest, company: Organisation, account: str) -> None:
    person, at = person_of(request), timezone.now()
    if company.is_verified:
        papers = papers_with(latest_case(company), {})
        change = Change({}, Secrets(bank_account=account))
        lifecycle.propose_change(company, change=change, papers=papers, by=person, at=at)
        messages.success(request, _("Sent. The old account stays in force until an officer has agreed."))
    else:
        lifecycle.set_first_bank_account(company, account=account, by=person, at=at)
        messages.success(request, _("The account is saved."))


def _bank_page(
    request: HttpRequest, company: Organisation, form: BankAccountForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "company": company, "kept": masked(company, "bank_account")}
    return render(request, "accounts/bank_account.html", context, status=status)
