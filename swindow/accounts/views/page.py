"""What the organisation page shows, put together from the rows that its reader may see."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_countries import countries

from swindow.accounts.forms import CompanyForm, DefermentForm, TokenForm
from swindow.accounts.models import Mandate, Membership, Organisation, User, Verification
from swindow.accounts.views.tabs import organisation_tabs
from swindow.components import Row
from swindow.dates import day

FINGERPRINT_LENGTH = 16


def person_of(request: HttpRequest) -> User:
    """Return the signed-in person of a view behind login_required."""
    return cast(User, request.user)


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


def _without_company(person: User) -> dict[str, Any]:
    authorities = Organisation.objects.for_actor(person).filter(kind=Organisation.Kind.AUTHORITY)
    return {"authority": authorities.first(), "form": CompanyForm(), "may_edit": True}


def _with_company(company: Organisation, person: User) -> dict[str, Any]:
    case = company.verifications.order_by("-pk").first()
    is_waiting = case is not None and case.status == Verification.Status.SUBMITTED
    mandates = Mandate.objects.for_actor(person).live().order_by("pk")
    members = list(company.memberships.select_related("user").order_by("pk"))
    return {
        "case": case,
        "is_owner": any(each.user_id == person.pk and each.role == Membership.Role.OWNER for each in members),
        "may_edit": not company.is_verified and not is_waiting,
        "form": CompanyForm(instance=company),
        "rows": company_rows(company),
        "tabs": organisation_tabs(company, current="organisation"),
        "mandates_given": mandates.filter(seller=company).select_related("agent"),
        "deferment_form": DefermentForm(initial={"account": company.deferment_account}),
    }


def company_rows(company: Organisation) -> list[Row]:
    """Return the company data as answers."""
    rows = [
        Row(_("Reference"), company.reference),
        Row(_("Kind"), company.get_kind_display()),
        Row(_("Company name"), company.name),
        Row(_("Country"), countries.name(company.country)),
        Row(_("Registration number"), company.registration_number),
        Row(_("Address"), company.address),
        Row(_("Legal representative"), company.contact_name),
        Row(_("Telephone"), company.contact_phone),
    ]
    if company.verified_at:
        rows.append(Row(_("Verified on"), day(company.verified_at)))
    return rows


def _tokens(person: User) -> dict[str, Any]:
    tokens = person.api_tokens.filter(revoked_at=None).order_by("pk")
    return {
        "tokens": [(token, token.digest[:FINGERPRINT_LENGTH]) for token in tokens],
        "token_form": TokenForm(),
    }
