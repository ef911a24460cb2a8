"""What holds for every request of somebody signed in: the second factor, and how long a session lives."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from swindow.accounts.models import User
from swindow.accounts.signing_in.adapter import send_waiting_mails
from swindow.accounts.signing_in.second_factor import (
    ask_for_factor,
    may_remove_a_factor,
    standing_of,
    used_second_factor,
)
from swindow.accounts.signing_in.sessions import note_visit
from swindow.accounts.signing_in.throttle import RETRY_AFTER
from swindow.acting import act_as

Answer = Callable[[HttpRequest], HttpResponse]

# With a factor that this session has not used: confirm, or leave.
_WAYS_TO_USE = frozenset(
    [
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "set_language",
    ]
)
# Without a factor that one must have: set it up, look after the own account, or leave.
_WAYS_TO_SET_UP = _WAYS_TO_USE | {
    "account_change_password",
    "account_confirm_email",
    "account_email",
    "account_email_verification_sent",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_index",
    "usersessions_list",
}
# How long these take must not tell whether an address has an account: for a new one a password is hashed and
# a person stored. Measured: 0.7 s on a busy machine, so both kinds of answers wait for the same moment.
_EVEN_SECONDS = {"account_signup": 1.0, "account_reset_password": 0.4}
_REMOVING = frozenset(["mfa_deactivate_totp", "mfa_remove_webauthn"])


class SessionLifeMiddleware:
    """Ends sessions that were idle or lived too long, and tells how long to wait after wrong sign-ins."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the person, or as a stranger when the session has run out."""
        if isinstance(request.user, User) and not note_visit(request, request.user):
            logout(request)
            act_as(request.user)
            messages.info(
                request, _("You were signed out because nothing happened for a while. Sign in again.")
            )
        began = time.monotonic()
        response = self.get_response(request)
        if request.method == "POST":
            rest = _EVEN_SECONDS.get(_view_of(request), 0.0) - (time.monotonic() - began)
            time.sleep(max(0.0, rest))
        response._resource_closers.append(partial(send_waiting_mails, request))  # type: ignore[attr-defined]
        wait: timedelta | None = getattr(request, RETRY_AFTER, None)
        if wait is not None:
            response.status_code = 429
            response.headers["Retry-After"] = str(int(wait.total_seconds()))
        return response


class SecondFactorMiddleware:
    """Staff and officers reach nothing before they have a second factor; nobody passes beside the own one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; `process_view` decides."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Let the view answer, or send the person to the factor."""
        # A session opens nothing of the API: tokens are looked at where they are read.
        if not isinstance(request.user, User) or request.path.startswith("/api/"):
            return None
        name = _view_of(request)
        if used_second_factor(request):
            return _keep_the_last(request) if name in _REMOVING else None
        standing = standing_of(request.user)
        if standing.has_factor:
            return None if name in _WAYS_TO_USE else ask_for_factor(request)
        if standing.must_have_factor and name not in _WAYS_TO_SET_UP:
            return _set_up_first(request)
        return None


def _view_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _set_up_first(request: HttpRequest) -> HttpResponseBase:
    messages.warning(
        request, _("People who work for an authority sign in with a second step. Set it up first.")
    )
    return redirect("mfa_index")


def _keep_the_last(request: HttpRequest) -> HttpResponseBase | None:
    if request.method != "POST" or not isinstance(request.user, User) or may_remove_a_factor(request.user):
        return None
    messages.warning(
        request, _("This is your last second step and your work needs one. Add another one first.")
    )
    return redirect("mfa_index")
