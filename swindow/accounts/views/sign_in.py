"""What a person does about the own sign-in beside allauth's pages."""

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from swindow.accounts.signed_in import person_of
from swindow.accounts.signing_in.second_factor import put_off


@login_required
@require_POST
def session_end(request: HttpRequest, session: int) -> HttpResponse:
    """End one of the person's own sessions at once."""
    own = get_object_or_404(UserSession, pk=session, user=person_of(request))
    end_sessions(request, [own])
    messages.success(request, _("That session is ended."))
    return redirect("usersessions_list")


@login_required
@require_POST
def second_step_later(request: HttpRequest) -> HttpResponse:
    """Take the offer of a second step away until the next sign-in."""
    put_off(request)
    return redirect("home")
