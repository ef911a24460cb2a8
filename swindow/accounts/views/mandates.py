"""A seller appoints agents; an agent accepts or declines; either side ends a mandate at once."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from swindow.accounts import lifecycle
from swindow.accounts.forms.mandates import MandateForm, TermsForm, as_initial
from swindow.accounts.models import AGENTS, DECLARANTS, HelpRequest, Mandate, Organisation
from swindow.accounts.signed_in import person_of
from swindow.accounts.views.places import ANYBODY, DEALERS, OWNERS, own_place, place_of
from swindow.accounts.views.tabs import organisation_tabs
from swindow.accounts.wording import history_rows, scope_words, term_rows
from swindow.components import Crumb
from swindow.problems import Refused

_PAGE = 25


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agents(request: HttpRequest) -> HttpResponse:
    """Show who acts for the seller, and let an owner appoint one more."""
    person = person_of(request)
    if request.method != "POST":
        seller = own_place(person, kinds=DECLARANTS, roles=ANYBODY)
        return _agents_page(request, seller, form=MandateForm(initial=_asked_for(request, seller)))
    seller = own_place(person, kinds=DECLARANTS, roles=OWNERS)
    form = MandateForm(request.POST)
    if not form.is_valid():
        return _agents_page(request, seller, form=form, status=422)
    agent = form.cleaned_data["agent"]
    try:
        lifecycle.give_mandate(seller, agent=agent, terms=form.terms(), by=person, at=timezone.now())
    except Refused as refused:
        form.refuse(refused.problems)
        return _agents_page(request, seller, form=form, status=409)
    messages.success(request, _("%(agent)s is asked by mail to accept your mandate.") % {"agent": agent})
    return redirect("accounts:agents")


@login_required
@require_safe
def mandate(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one mandate to its seller or its agent."""
    return _mandate_page(request, _mandate(request, reference))


@login_required
@require_POST
def mandate_change(request: HttpRequest, reference: str) -> HttpResponse:
    """End the mandate and offer it anew on other terms."""
    found, person = _mandate(request, reference), person_of(request)
    own_place(person, kinds=DECLARANTS, roles=OWNERS, company=found.seller_id)
    form = TermsForm(request.POST)
    if not form.is_valid():
        return _mandate_page(request, found, form=form, status=422)
    try:
        new = lifecycle.change_mandate(found, terms=form.terms(), by=person, at=timezone.now())
    except Refused as refused:
        form.refuse(refused.problems)
        return _mandate_page(request, _mandate(request, reference), form=form, status=409)
    messages.success(
        request, _("The new terms wait for %(agent)s. Until then it cannot act.") % {"agent": new.agent}
    )
    return redirect("accounts:mandate", new.reference)


@login_required
@require_POST
def mandate_accept(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the power that a seller offers."""
    found = _mandate(request, reference)
    own_place(person_of(request), kinds=AGENTS, roles=OWNERS, company=found.agent_id)
    told = _("You act for %(seller)s now.") % {"seller": found.seller}
    return _done(request, found, lifecycle.accept_mandate, told=told)


@login_required
@require_POST
def mandate_decline(request: HttpRequest, reference: str) -> HttpResponse:
    """Refuse the power that a seller offers."""
    found = _mandate(request, reference)
    own_place(person_of(request), kinds=AGENTS, roles=OWNERS, company=found.agent_id)
    told = _("You have declined the mandate of %(seller)s.") % {"seller": found.seller}
    return _done(request, found, lifecycle.decline_mandate, told=told)


@login_required
@require_POST
def mandate_end(request: HttpRequest, reference: str) -> HttpResponse:
    """End a mandate at once, from either side."""
    found, person = _mandate(request, reference), person_of(request)
    if place_of(person, kinds=DECLARANTS, roles=OWNERS, company=found.seller_id):
        told = _("%(agent)s does not act for you any more.") % {"agent": found.agent}
    else:
        own_place(person, kinds=AGENTS, roles=OWNERS, company=found.agent_id)
        told = _("You do not act for %(seller)s any more.") % {"seller": found.seller}
    return _done(request, found, lifecycle.end_mandate, told=told)


def _done(request: HttpRequest, mandate: Mandate, act: Callable[..., Mandate], *, told: str) -> HttpResponse:
    try:
        act(mandate, by=person_of(request), at=timezone.now())
    except Refused as refused:
        now = _mandate(request, mandate.reference)
        return _mandate_page(request, now, problems=list(refused.problems), status=409)
    messages.success(request, told)
    return redirect("accounts:mandate", mandate.reference)


def _mandate(request: HttpRequest, reference: str) -> Mandate:
    mandates = Mandate.objects.for_actor(request.user)
    people = ("given_by", "accepted_by", "revoked_by")
    found: Mandate = get_object_or_404(
        mandates.select_related("seller", "agent", *people), reference=reference
    )
    return found


def _agents_page(
    request: HttpRequest, seller: Organisation, *, form: MandateForm, status: int = 200
) -> HttpResponse:
    person = person_of(request)
    given = Mandate.objects.for_actor(person).filter(seller=seller).select_related("agent").order_by("-pk")
    # The same set as `current`, by the database's clock on both sides, so that none is in neither list.
    past = given.exclude(pk__in=Mandate.objects.for_actor(person).current().values("pk"))
    start = given.filter(reference=request.GET.get("before", "").replace("\0", "")).first()
    ended = list((past.filter(pk__lt=start.pk) if start else past)[: _PAGE + 1])
    asked = HelpRequest.objects.for_actor(person).filter(seller=seller).select_related("agent")
    url = reverse("accounts:agents")
    context = {
        "seller": seller,
        "tabs": organisation_tabs(seller, current="agents"),
        "current": [(each, scope_words(each)) for each in given.current()],
        "ended": ended[:_PAGE],
        "newer_url": url if start else "",
        "older_url": f"{url}?before={ended[_PAGE - 1].reference}" if len(ended) > _PAGE else "",
        "asked": asked.order_by("-pk")[:_PAGE],
        "form": form,
        "is_owner": place_of(person, kinds=DECLARANTS, roles=OWNERS, company=seller.pk) is not None,
        "may_ask": place_of(person, kinds=DECLARANTS, roles=DEALERS, company=seller.pk) is not None,
    }
    return render(request, "accounts/mandates.html", context, status=status)


def _asked_for(request: HttpRequest, seller: Organisation) -> dict[str, Any]:
    """Return what the address fills in: an agent of the directory, or an answered request for help."""
    asked = HelpRequest.objects.for_actor(request.user).filter(seller=seller).select_related("agent")
    found = asked.filter(reference=request.GET.get("request", "").replace("\0", "")).first()
    if found:
        return {"agent": found.agent.reference, "countries": found.countries}
    return {"agent": request.GET.get("agent", "")[:20]}


def _mandate_page(
    request: HttpRequest,
    mandate: Mandate,
    *,
    form: TermsForm | None = None,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    person = person_of(request)
    is_seller = place_of(person, kinds=DECLARANTS, roles=ANYBODY, company=mandate.seller_id) is not None
    side = mandate.seller_id if is_seller else mandate.agent_id
    kinds = DECLARANTS if is_seller else AGENTS
    back = Crumb(_("Agents"), reverse("accounts:agents")) if is_seller else _desk()
    context = {
        "mandate": mandate,
        "crumbs": [back, Crumb(mandate.reference)],
        "term_rows": term_rows(mandate),
        "history_rows": history_rows(mandate),
        "is_seller": is_seller,
        "may_decide": place_of(person, kinds=kinds, roles=OWNERS, company=side) is not None,
        "form": form or TermsForm(initial=as_initial(mandate)),
    }
    return render(request, "accounts/mandates_one.html", context | shown, status=status)


def _desk() -> Crumb:
    return Crumb(_("Desk"), reverse("declarations:desk"))
