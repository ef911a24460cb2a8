"""How long a session lives: shorter for who works for an authority, and never past a day's work."""

import time
from dataclasses import dataclass
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from swindow.accounts.models import User
from swindow.accounts.signing_in.second_factor import standing_of
from swindow.accounts.signing_in.throttle import remove_old_failures

_VISIT = "visit"
# A session is written at most once a minute, however often somebody clicks.
_NOTED_EVERY = 60


@dataclass(frozen=True, slots=True)
class Life:
    """Seconds that a session lives without a request, and in all."""

    idle: int
    whole: int


STAFF = Life(idle=15 * 60, whole=8 * 3600)
TRADERS = Life(idle=30 * 60, whole=12 * 3600)


def note_visit(request: HttpRequest, person: User) -> bool:
    """Note that the session is in use; False when it has run out and must end."""
    now = time.time()
    visit = request.session.get(_VISIT)
    if visit is None:
        _note(request, person, began=now, now=now)
        return True
    life = STAFF if visit["is_staff"] else TRADERS
    if now - visit["seen"] >= life.idle or now - visit["began"] >= life.whole:
        return False
    if now - visit["seen"] >= _NOTED_EVERY:
        _note(request, person, began=visit["began"], now=now)
        UserSession.objects.filter(session_key=request.session.session_key).update(
            last_seen_at=timezone.now()
        )
    return True


def tidy_sign_ins() -> None:
    """Remove what no sign-in needs any more: wrong tries of yesterday, and sessions that have run out."""
    now = timezone.now()
    remove_old_failures(at=now)
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.filter(created_at__lt=now - timedelta(seconds=TRADERS.whole)).delete()


def _note(request: HttpRequest, person: User, *, began: float, now: float) -> None:
    is_staff = standing_of(person).must_have_factor
    request.session[_VISIT] = {"began": began, "seen": now, "is_staff": is_staff}
