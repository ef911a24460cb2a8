"""What the organisation page shows, put together from the rows that its reader may see."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from swindow.accounts.dossier import case_steps, code_rows, company_rows, contact_rows, proposed_changes
from swindow.accounts.forms import AnswerForm, CompanyForm, DefermentForm, RegistrationForm, TokenForm
from swindow.accounts.lifecycle.companies import row_of
from swindow.accounts.models import Membership, Organisation, User, Verification, VerificationEntry
from swindow.accounts.rules.validity import may_renew
from swindow.accounts.signed_in import person_of
from swindow.accounts.views.tabs import organisation_tabs
from swindow.vault.secrets import hint_of

FINGERPRINT_LENGTH = 16


def company_of(user: User) -> Organisation | None:
    """Return the person's company; officers have none here."""
    companies = Organisation.objects.for_actor(user).exclude(kind=Organisation.Kind.AUTHORITY)
    return companies.order_by("name").first()


def organisation_page(request: HttpRequest, *, status: int = 200, **shown: Any) -> HttpResponse:
    """Draw the page; `shown` replaces its forms by those that have something to say."""
    person = person_of(request)
    company = company_of(person)
    context: dict[str, Any] = {"company": company, **_tokens(person)}
    if company is None:
        context |= _without_company(person)
    else:
        context |= _with_company(company, person)
    return render(request, "accounts/organisation.html", context | shown, status=status)


def owned_company(request: HttpRequest) -> Organisation:
    """Return the company that the person decides for; anybody else gets 404."""
    person = person_of(request)
    owned = Organisation.objects.for_actor(person).owned_by(person)
    company = owned.exclude(kind=Organisation.Kind.AUTHORITY).order_by("name").first()
    if company is None:
        raise Http404
    return company


def latest_case(company: Organisation) -> Verification | None:
    """Return the company's last case with its papers."""
    cases = company.verifications.select_related("licence", "identity_document")
    return cases.order_by("-pk").first()


def may_edit(company: Organisation, case: Verification | None) -> bool:
    """Tell whether an owner may correct the company data at once, because nobody relies on them."""
    is_open = case is not None and case.is_open
    return not (company.is_verified or is_open or company.suspended_at)


def may_change(company: Organisation, case: Verification | None) -> bool:
    """Tell whether an owner may ask for a change of verified data."""
    return company.is_verified and not (case is not None and case.is_open)


def company_form(company: Organisation, case: Verification | None, **bound: Any) -> CompanyForm:
    """Return the form in which unverified company data are corrected; the first time with the account."""
    hint = hint_of(row_of(company), "representative_id")
    form = CompanyForm if case else RegistrationForm
    return form(instance=company, earlier=case, id_hint=hint, **bound)


def _without_company(person: User) -> dict[str, Any]:
    authorities = Organisation.objects.for_actor(person).filter(kind=Organisation.Kind.AUTHORITY)
    return {"authority": authorities.first(), "form": RegistrationForm(), "may_edit": True}


def _with_company(company: Organisation, person: User) -> dict[str, Any]:
    case = latest_case(company)
    members = list(company.memberships.all())
    is_owner = any(each.user_id == person.pk and each.role == Membership.Role.OWNER for each in members)
    return {
        "case": case,
        "is_owner": is_owner,
        "may_edit": is_owner and may_edit(company, case),
        "may_change": is_owner and may_change(company, case),
        "ends_soon": may_change(company, case)
        and may_renew(company.verified_until, today=timezone.now().date()),
        "form": company_form(company, case),
        "rows": company_rows(company),
        "contacts": contact_rows(company),
        "codes": code_rows(company),
        "tabs": organisation_tabs(company, current="organisation"),
        "deferment_form": DefermentForm(initial={"account": company.deferment_account}),
        **(_of_case(case) if case else {}),
    }


def _of_case(case: Verification) -> dict[str, Any]:
    is_asked = case.status == Verification.Status.ASKED
    asked = case.entries.filter(kind=VerificationEntry.Kind.ASKED).last() if is_asked else None
    return {
        "steps": case_steps(case, for_officers=False),
        "changes": proposed_changes(case),
        "question": asked,
        "answer_form": AnswerForm(),
    }


def _tokens(person: User) -> dict[str, Any]:
    tokens = person.api_tokens.filter(revoked_at=None).order_by("pk")
    return {
        "tokens": [(token, token.digest[:FINGERPRINT_LENGTH]) for token in tokens],
        "token_form": TokenForm(),
    }
