"""Administrators appoint officers and administrators, two of them for each, and end their places."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from swindow.accounts import lifecycle
from swindow.accounts.forms.officers import OfficerForm, OfficerPlaceForm
from swindow.accounts.models import Membership, OfficerAppointment, OfficerAppointmentQuerySet, Role, User
from swindow.accounts.second_factor import factors_of, step_up
from swindow.accounts.views.page import person_of
from swindow.problems import Refused


@login_required
@require_safe
def officers(request: HttpRequest) -> HttpResponse:
    """Show who works for the authorities, and what waits for a second administrator."""
    _appointments(request)
    return _page(request)


@login_required
@require_POST
@step_up
def officer_propose(request: HttpRequest) -> HttpResponse:
    """Propose a person; another administrator confirms."""
    _appointments(request)
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


@login_required
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


@login_required
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


@login_required
@require_POST
def officer_dismiss(request: HttpRequest) -> HttpResponse:
    """End an officer's place, sessions and tokens at once."""
    _appointments(request)
    form = OfficerPlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, place_form=form, status=422)
    place = form.cleaned_data["officer"]
    lifecycle.dismiss_officer(place, by=person_of(request), at=timezone.now())
    messages.success(request, _("%(person)s is no officer any more.") % {"person": place.user})
    return redirect("accounts:officers")


def _appointments(request: HttpRequest) -> OfficerAppointmentQuerySet:
    if not person_of(request).is_superuser:
        raise Http404
    return OfficerAppointment.objects.for_actor(request.user).select_related(
        "person", "authority", "proposed_by"
    )


def _page(request: HttpRequest, *, status: int = 200, **shown: Any) -> HttpResponse:
    places = Membership.objects.filter(role=Role.OFFICER).select_related("user", "organisation")
    administrators = User.objects.filter(is_superuser=True).order_by("email")
    secured = Authenticator.objects.filter(type__in=(Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN))
    staff = secured.filter(user__in=User.objects.filter(is_superuser=True))
    context: dict[str, Any] = {
        "proposals": _appointments(request).open().order_by("pk"),
        "places": list(places.order_by("organisation__name", "pk")),
        "administrators": list(administrators),
        "secured": set(staff.values_list("user_id", flat=True))
        | set(secured.filter(user__memberships__role=Role.OFFICER).values_list("user_id", flat=True)),
        "today": timezone.now().date(),
        "form": OfficerForm(),
    }
    return render(request, "accounts/officers.html", context | shown, status=status)
