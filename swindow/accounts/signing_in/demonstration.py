"""Invented people have no telephone: a demonstration shows the codes of their authenticator apps."""

import json
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.http import HttpRequest

from swindow.accounts.models import User
from swindow.accounts.signing_in.throttle import is_code_used

_PERIOD = 30


def demonstration_code(request: HttpRequest) -> str:
    """Return a code that works now, in a demonstration and for its invented people alone; else nothing."""
    person = _signing_in(request)
    if not settings.DEMO or person is None or person.email not in _invented():
        return ""
    app = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    if app is None:
        return ""
    secret, now = decrypt(app.data["secret"]), int(time.time()) // _PERIOD
    # A code works once; whoever comes back within half a minute is shown the next one.
    codes = (format_hotp_value(hotp_value(secret, now + later)) for later in (0, 1, -1))
    return next((code for code in codes if not is_code_used(person.pk, code)), "")


def _signing_in(request: HttpRequest) -> User | None:
    stage = getattr(request, "_login_stage", None)
    person = stage.login.user if stage else request.user
    return person if isinstance(person, User) else None


def _invented() -> frozenset[str]:
    try:
        logins = json.loads((settings.VAR_DIR / "demo" / "logins.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return frozenset()
    return frozenset(login["email"] for login in logins)
