"""The second step of signing in: who has one, how fresh it is, and what is not done without it.

`@step_up` guards the POST of an act that needs a factor used within five minutes in this session. What was
typed waits, sealed, in the session and is posted again to the same address once the factor was given.
"""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from swindow.accounts.models import Membership, Organisation, User
from swindow.problems import Problem
from swindow.vault.errors import Unreadable
from swindow.vault.keys import unwrap, wrap

FRESH_SECONDS = 5 * 60
# Between giving the factor and the browser's own second POST.
_RESUMED_SECONDS = 60
_KEPT_SECONDS = 15 * 60
_KEPT_BYTES = 200_000
_KEPT = "suspended_act"
_PUT_OFF = "second_factor_put_off"
_GO_ON = "after_second_factor"
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person has, and must have, beside the password."""

    has_factor: bool
    must_have_factor: bool


def standing_of(person: User) -> Standing:
    """Return it with one query; staff and officers must have a second factor."""
    of_authority = Membership.objects.filter(
        user=OuterRef("pk"), organisation__kind=Organisation.Kind.AUTHORITY
    )
    has_factor, is_staff, is_officer = (
        User.objects.filter(pk=person.pk)
        .annotate(has_factor=Exists(factors_of(OuterRef("pk"))), is_officer=Exists(of_authority))
        .values_list("has_factor", "is_staff", "is_officer")
        .get()
    )
    return Standing(has_factor, is_staff or is_officer)


def factors_of(person: User | OuterRef) -> QuerySet[Authenticator]:
    """Return the authenticator apps and security keys of somebody; recovery codes alone are no factor."""
    factors: QuerySet[Authenticator] = Authenticator.objects.filter(user=person, type__in=_FACTORS)
    return factors


def has_second_factor(person: User) -> bool:
    """Tell whether the person has set up a second factor."""
    return factors_of(person).exists()


def may_remove_a_factor(person: User) -> bool:
    """Tell whether a factor can go: of those who must have one, the last stays."""
    return factors_of(person).count() > 1 or not standing_of(person).must_have_factor


def used_second_factor(request: HttpRequest) -> bool:
    """Tell whether this session came in, or was confirmed, with a second factor; without a query."""
    return _last_use(request) is not None


def is_fresh(request: HttpRequest) -> bool:
    """Tell whether a second factor was used in this session within five minutes."""
    used_at = _last_use(request)
    return used_at is not None and time.time() - used_at < FRESH_SECONDS


def step_up_soon(request: HttpRequest) -> bool:
    """Tell whether an act under step-up would ask for the factor now; for a note on the page before it."""
    return not is_fresh(request)


def is_offered(request: HttpRequest) -> bool:
    """Tell whether the page should offer a second step; whoever has one came in with it. No query."""
    is_open = isinstance(request.user, User) and not request.session.get(_PUT_OFF)
    return is_open and not used_second_factor(request)


def put_off(request: HttpRequest) -> None:
    """Remember until the next sign-in that the person does not want a second step now."""
    request.session[_PUT_OFF] = True


def may_lodge(request: HttpRequest) -> bool:
    """Tell whether the person may declare to customs: only who has a second factor may."""
    return used_second_factor(request) or (isinstance(request.user, User) and has_second_factor(request.user))


def factor_is_missing() -> Problem:
    """Return why nothing is lodged for a person without a second factor."""
    return Problem(
        "",
        "AC-20",
        _("A declaration is lodged only by people who sign in with a second step."),
        _("Set up an authenticator app or a security key under Sign-in and security, then lodge again."),
    )


def step_up(view: "View[P]") -> "View[P]":
    """Guard the POST of a view: it needs a second factor used within five minutes in this session."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method != "POST" or not isinstance(request.user, User):
            return view(request, *args, **kwargs)
        if not is_fresh(request):
            return ask_for_factor(request)
        _take_up(request)
        return view(request, *args, **kwargs)

    # A test walks every route and looks for it.
    answer.asks_for_factor = True  # type: ignore[attr-defined]
    return answer


def ask_for_factor(request: HttpRequest) -> HttpResponseRedirect:
    """Send the person to give the factor and back; a POST is kept and done afterwards, files excepted."""
    if not isinstance(request.user, User) or not has_second_factor(request.user):
        return ask_to_set_up(request)
    request.session.pop(_KEPT, None)
    if request.method != "POST":
        return _to_factor(request, then=request.get_full_path())
    if request.FILES or not _keep(request):
        messages.warning(request, _("Confirm that it is you, then attach the files and send the form again."))
        return _to_factor(request, then=_page_of(request))
    return _to_factor(request, then=request.get_full_path())


def ask_to_set_up(request: HttpRequest) -> HttpResponseRedirect:
    """Send a person without a second factor to set one up, remembering the page for the way back."""
    request.session[_GO_ON] = _page_of(request)
    messages.warning(request, _("This needs a second step at sign-in. Set one up, then do it again."))
    return HttpResponseRedirect(reverse("mfa_index"))


def way_back(request: HttpRequest) -> str:
    """Return the page that somebody left to set up a second factor; empty when there is none."""
    return str(request.session.get(_GO_ON, ""))


def resume(request: HttpRequest, state: dict[str, Any]) -> HttpResponseBase:
    """Let the browser post a kept act again to its own address, now that the factor was given."""
    kept = request.session.get(_KEPT)
    then = get_next_redirect_url(request) or reverse("home")
    # An act that was left half-way earlier is never done by a later confirmation of something else.
    if not kept or kept["path"] != then or time.time() - kept["at"] > _KEPT_SECONDS:
        request.session.pop(_KEPT, None)
        # Only an address of ours: `redirect` would look for a page of that name.
        return HttpResponseRedirect(then) if then.startswith("/") else redirect("home")
    request.session[_KEPT] = kept | {"resumed_at": time.time()}
    return HttpResponseRedirect(then, preserve_request=True)


def accept_factor(request: HttpRequest, *, kind: str) -> None:
    """Note that this session used a new factor; other sessions, begun without it, end."""
    person = request.user
    if isinstance(person, User):
        record_authentication(request, person, "mfa", type=kind)
        end_other_sessions(request, person)
        rotate_session(request)


def rotate_session(request: HttpRequest) -> None:
    """Give the session another key and keep its line in the list of sessions."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def _last_use(request: HttpRequest) -> float | None:
    person: User | AnonymousUser = request.user
    if not isinstance(person, User):
        return None
    uses = [one["at"] for one in get_authentication_records(request, person) if one.get("method") == "mfa"]
    return max(uses, default=None)


def _keep(request: HttpRequest) -> bool:
    path, typed = request.get_full_path(), request.POST.urlencode().encode()
    if len(typed) > _KEPT_BYTES:
        return False
    # Sealed, because a session is a row: what was typed may be a bank account.
    sealed = base64.b64encode(wrap(typed, bound_to=f"{_KEPT}:{path}")).decode()
    request.session[_KEPT] = {"path": path, "at": time.time(), "sealed": sealed}
    request.session[STATE_SESSION_KEY] = {
        "state": {},
        "callback": "swindow.accounts.signing_in.second_factor.resume",
    }
    return True


def _take_up(request: HttpRequest) -> None:
    kept = request.session.pop(_KEPT, None)
    path = request.get_full_path()
    if not kept or kept["path"] != path or time.time() - kept.get("resumed_at", 0) > _RESUMED_SECONDS:
        return
    try:
        typed = unwrap(base64.b64decode(kept["sealed"]), bound_to=f"{_KEPT}:{path}")
    except Unreadable:
        return
    request.POST = QueryDict(typed.decode(), encoding=request.encoding)


def _to_factor(request: HttpRequest, *, then: str) -> HttpResponseRedirect:
    way = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
    return HttpResponseRedirect(f"{way}?{urlencode({'next': then})}")


def _page_of(request: HttpRequest) -> str:
    """Return the page that holds the form of a POST, as the browser tells it."""
    if request.method != "POST":
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return reverse("home")
    parts = urlsplit(referer)
    return parts._replace(scheme="", netloc="").geturl() or "/"
