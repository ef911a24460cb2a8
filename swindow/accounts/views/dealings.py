"""What an owner arranges for the company: account, mandates, colleagues; and anybody's API tokens."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from swindow.accounts import lifecycle
from swindow.accounts.forms import DefermentForm, InvitationForm, MandateForm, TokenForm
from swindow.accounts.models import Mandate, Organisation
from swindow.accounts.views.page import FINGERPRINT_LENGTH, organisation_page, person_of
from swindow.problems import Refused

_INVITATION = "swindow.accounts.invitation"
_INVITATION_SECONDS = 7 * 24 * 3600


@login_required
@require_POST
def deferment(request: HttpRequest) -> HttpResponse:
    """Store the deferment account."""
    company = _owned_company(request)
    form = DefermentForm(request.POST)
    if not form.is_valid():
        return organisation_page(request, deferment_form=form, status=422)
    account = form.cleaned_data["account"]
    lifecycle.set_deferment_account(company, account=account, by=person_of(request), at=timezone.now())
    messages.success(request, _("The deferment account is saved."))
    return redirect(f"{reverse('accounts:organisation')}#deferment")


@login_required
@require_POST
def mandate_give(request: HttpRequest) -> HttpResponse:
    """Let a verified agent act for the seller."""
    seller = _owned_company(request)
    if seller.kind != Organisation.Kind.SELLER:
        raise Http404
    form = MandateForm(request.POST)
    if not form.is_valid():
        return organisation_page(request, mandate_form=form, status=422)
    agent = form.cleaned_data["agent"]
    lifecycle.give_mandate(seller, agent=agent, by=person_of(request), at=timezone.now())
    messages.success(request, _("%(agent)s may now act for you.") % {"agent": agent})
    return redirect(f"{reverse('accounts:organisation')}#mandates")


@login_required
@require_POST
def mandate_revoke(request: HttpRequest, agent: str) -> HttpResponse:
    """End a mandate at once."""
    given = Mandate.objects.for_actor(request.user)
    mandates = given.filter(seller=_owned_company(request), revoked_at=None)
    mandate = get_object_or_404(mandates.select_related("agent"), agent__reference=agent)
    lifecycle.revoke_mandate(mandate, by=person_of(request), at=timezone.now())
    messages.success(request, _("%(agent)s does not act for you any more.") % {"agent": mandate.agent})
    return redirect(f"{reverse('accounts:organisation')}#mandates")


@login_required
@require_POST
def token_create(request: HttpRequest) -> HttpResponse:
    """Make an API token and show it once, in the answer itself."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return organisation_page(request, token_form=form, status=422)
    _token, key = lifecycle.create_token(
        person_of(request), label=form.cleaned_data["label"], at=timezone.now()
    )
    return organisation_page(request, new_key=key)


@login_required
@require_POST
def token_revoke(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """End one of the person's own tokens."""
    if len(fingerprint) != FINGERPRINT_LENGTH:
        raise Http404
    person = person_of(request)
    tokens = person.api_tokens.filter(revoked_at=None)
    token = get_object_or_404(tokens, digest__startswith=fingerprint)
    lifecycle.revoke_token(token, by=person, at=timezone.now())
    messages.success(request, _("The token is revoked. Machines that used it are refused from now on."))
    return redirect(f"{reverse('accounts:organisation')}#tokens")


@login_required
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Make an invitation for one address; it is shown for the owner to send."""
    company = _owned_company(request)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return organisation_page(request, invitation_form=form, status=422)
    email = form.cleaned_data["email"].lower()
    invitation = signing.dumps({"organisation": company.reference, "email": email}, salt=_INVITATION)
    address = request.build_absolute_uri(reverse("accounts:join", args=[invitation]))
    return organisation_page(request, invitation=address, invited=email)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, invitation: str) -> HttpResponse:
    """Let the invited person join; anybody else, and a stale invitation, gets 404."""
    person = person_of(request)
    company = _inviting_company(invitation, email=person.email)
    context: dict[str, Any] = {"inviting": company}
    if request.method == "POST":
        try:
            lifecycle.join_organisation(company, by=person, at=timezone.now())
        except Refused as refused:
            context["problems"] = list(refused.problems)
            return render(request, "accounts/join.html", context, status=409)
        messages.success(request, _("You belong to %(company)s now.") % {"company": company})
        return redirect("accounts:organisation")
    return render(request, "accounts/join.html", context)


def _owned_company(request: HttpRequest) -> Organisation:
    person = person_of(request)
    owned = Organisation.objects.for_actor(person).owned_by(person)
    company = owned.exclude(kind=Organisation.Kind.AUTHORITY).order_by("name").first()
    if company is None:
        raise Http404
    return company


def _inviting_company(invitation: str, *, email: str) -> Organisation:
    try:
        terms = signing.loads(invitation, salt=_INVITATION, max_age=_INVITATION_SECONDS)
    except signing.BadSignature:
        raise Http404 from None
    if terms["email"] != email.lower():
        raise Http404
    return get_object_or_404(Organisation, reference=terms["organisation"])
