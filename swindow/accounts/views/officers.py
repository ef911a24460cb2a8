"""Administrators appoint officers and administrators, two of them for each, and end their places."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from swindow.accounts import lifecycle
from swindow.accounts.forms.officers import OfficerForm, OfficerPlaceForm
from swindow.accounts.models import Membership, OfficerAppointment, Role, User
from swindow.accounts.models.appointments import OfficerAppointmentQuerySet
from swindow.accounts.signed_in import person_of
from swindow.accounts.signing_in.second_factor import step_up
from swindow.accounts.views.people import FACTORS
from swindow.problems import Refused

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def _administrators_only(view: "View[P]") -> "View[P]":
    """Show these pages to administrators; they are not there for anybody else."""

    @wraps(view)
    @login_required
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not person_of(request).is_superuser:
            raise Http404
        return view(request, *args, **kwargs)

    return cast("View[P]", answer)


@_administrators_only
@require_safe
def officers(request: HttpRequest) -> HttpResponse:
    """Show who works for the authorities, and what waits for a second administrator."""
    return _page(request)


@_administrators_only
@require_POST
@step_up
def officer_propose(request: HttpRequest) -> HttpResponse:
    """Propose a person; another administrator confirms."""
    form = OfficerForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    terms = form.cleaned_data
    try:
        lifecycle.propose_officer(
            terms["person"],
            authority=terms["place"],
            until=terms["access_until"],
            by=person_of(request),
            at=timezone.now(),
        )
    except Refused as refused:
        return _page(request, form=form, problems=refused.problems, status=422)
    messages.success(request, _("Proposed. Another administrator confirms it."))
    return redirect("accounts:officers")


@_administrators_only
@require_POST
@step_up
def officer_confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirm what another administrator proposed."""
    appointment = get_object_or_404(_appointments(request), reference=reference)
    try:
        lifecycle.confirm_officer(appointment, by=person_of(request), at=timezone.now())
    except Refused as refused:
        return _page(request, problems=refused.problems, status=409)
    messages.success(request, _("%(person)s is appointed.") % {"person": appointment.person})
    return redirect("accounts:officers")


@_administrators_only
@require_POST
def officer_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Drop a proposal."""
    appointment = get_object_or_404(_appointments(request), reference=reference)
    try:
        lifecycle.withdraw_officer(appointment, by=person_of(request), at=timezone.now())
    except Refused as refused:
        return _page(request, problems=refused.problems, status=409)
    messages.success(request, _("The proposal is withdrawn."))
    return redirect("accounts:officers")


@_administrators_only
@require_POST
def officer_dismiss(request: HttpRequest) -> HttpResponse:
    """End an officer's place, sessions and tokens at once."""
    form = OfficerPlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, place_form=form, status=422)
    place = form.cleaned_data["officer"]
    lifecycle.dismiss_officer(place, by=person_of(request), at=timezone.now())
    messages.success(request, _("%(person)s is no officer any more.") % {"person": place.user})
    return redirect("accounts:officers")


def _appointments(request: HttpRequest) -> OfficerAppointmentQuerySet:
    appointments = OfficerAppointment.objects.for_actor(request.user)
    return appointments.select_related("person", "authority", "proposed_by")


def _page(request: HttpRequest, *, status: int = 200, **shown: Any) -> HttpResponse:
    officers = Membership.objects.filter(role=Role.OFFICER).select_related("user", "organisation")
    places = list(officers.order_by("organisation__name", "pk"))
    administrators = list(User.objects.filter(is_superuser=True).order_by("email"))
    people = [*(place.user_id for place in places), *(person.pk for person in administrators)]
    secured = Authenticator.objects.filter(user__in=people, type__in=FACTORS)
    context: dict[str, Any] = {
        "proposals": _appointments(request).open().order_by("pk"),
        "places": places,
        "administrators": administrators,
        "secured": set(secured.values_list("user_id", flat=True)),
        "today": timezone.now().date(),
        "form": OfficerForm(),
    }
    return render(request, "accounts/officers.html", context | shown, status=status)
