"""What an owner arranges for the company: its account; and anybody's API tokens."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from swindow.accounts import lifecycle
from swindow.accounts.forms import DefermentForm, TokenForm
from swindow.accounts.signed_in import person_of
from swindow.accounts.signing_in.second_factor import step_up
from swindow.accounts.views.page import FINGERPRINT_LENGTH, organisation_page, owned_company


@login_required
@require_POST
@step_up
def deferment(request: HttpRequest) -> HttpResponse:
    """Store the deferment account."""
    company = owned_company(request)
    form = DefermentForm(request.POST)
    if not form.is_valid():
        return organisation_page(request, deferment_form=form, status=422)
    account = form.cleaned_data["account"]
    lifecycle.set_deferment_account(company, account=account, by=person_of(request), at=timezone.now())
    messages.success(request, _("The deferment account is saved."))
    return redirect(f"{reverse('accounts:organisation')}#deferment")


@login_required
@require_POST
@step_up
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
