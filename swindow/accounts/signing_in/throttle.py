"""Wrong passwords and codes are counted in PostgreSQL before they are checked, so that a crowd counts whole.

After five wrong tries for an account from one address, or twenty for the account, the next one waits 1, 2,
4 … up to 15 minutes. The words are the same whether the account exists. Tries during a wait are counted too.
"""

import hashlib
import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.core.internal.ratelimit import get_ip
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from swindow.accounts.models import SignInFailure

# The attribute of a request that was told to wait; the answer becomes 429 with Retry-After.
RETRY_AFTER = "sign_in_retry_after"
_FREE_AT_ADDRESS, _FREE_FOR_ACCOUNT = 5, 20
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
# Wrong tries of yesterday say nothing about today.
_FORGOTTEN_AFTER = timedelta(hours=12)
# Longer than any code is valid, with the tolerance for slow clocks.
_CODE_STAYS_USED = timedelta(minutes=5)
# Parallel tries queue at the row, which stays locked until the transaction ends: each reads another count.
_COUNT = """
INSERT INTO accounts_signinfailure AS known (key, count, last_at) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET count = known.count + 1 RETURNING count, last_at
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """What is counted together, and how many wrong tries of it are free."""

    what: str
    free: int

    @property
    def key(self) -> str:
        """Return what the database keeps of it."""
        return hashlib.sha256(self.what.encode()).hexdigest()

    def wait_after(self, tries: int) -> timedelta:
        """Return how long to wait after so many wrong tries."""
        beyond = tries - self.free
        return timedelta() if beyond < 0 else min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(beyond, 10))


def sign_in_limits(request: HttpRequest, *, email: str) -> tuple[Limit, ...]:
    """Return what a password for this address counts against, known or not."""
    account = unicodedata.normalize("NFKC", email).strip().casefold()
    return (
        Limit(f"account:{account}:{get_ip(request)}", _FREE_AT_ADDRESS),
        Limit(f"account:{account}", _FREE_FOR_ACCOUNT),
    )


def code_limits(person: int) -> tuple[Limit, ...]:
    """Return what a code of the second step counts against."""
    return (Limit(f"code:{person}", _FREE_AT_ADDRESS),)


def count_or_refuse(request: HttpRequest, limits: Iterable[Limit]) -> None:
    """Count a try before it is checked; raises ValidationError when it comes too soon."""
    at = timezone.now()
    wait = max((_count(limit, at=at) for limit in limits), default=timedelta())
    if wait > timedelta():
        setattr(request, RETRY_AFTER, wait)
        raise ValidationError(_too_soon(wait), code="too_many_login_attempts")


def forget(limits: Iterable[Limit]) -> None:
    """Begin to count anew, because the right answer came."""
    SignInFailure.objects.filter(key__in=[limit.key for limit in limits]).delete()


def forget_account(email: str) -> None:
    """Begin to count anew for an account whose password was set by its owner's mail."""
    account = unicodedata.normalize("NFKC", email).strip().casefold()
    forget([Limit(f"account:{account}", _FREE_FOR_ACCOUNT)])


def remove_old_failures(*, at: datetime) -> int:
    """Remove what is too old to count; returns how many rows."""
    return SignInFailure.objects.filter(last_at__lt=at - _FORGOTTEN_AFTER).delete()[0]


def use_code_once(person: int, code: str, *, at: datetime) -> bool:
    """Tell whether this code of an authenticator app is new; it stays used, in every process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_signinfailure (key, count, last_at) VALUES (%s, 1, %s) "
            "ON CONFLICT (key) DO UPDATE SET last_at = EXCLUDED.last_at "
            "WHERE accounts_signinfailure.last_at < %s",
            [_used(person, code).key, at, at - _CODE_STAYS_USED],
        )
        return int(cursor.rowcount) == 1


def is_code_used(person: int, code: str) -> bool:
    """Tell whether this code of an authenticator app was used a moment ago."""
    since = timezone.now() - _CODE_STAYS_USED
    return SignInFailure.objects.filter(key=_used(person, code).key, last_at__gte=since).exists()


def _used(person: int, code: str) -> Limit:
    return Limit(f"used:{person}:{code}", 0)


@transaction.atomic
def _count(limit: Limit, *, at: datetime) -> timedelta:
    """Count one try; return how long it comes too soon, nothing when it may be checked."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [limit.key, at])
        count, last_at = cursor.fetchone()
    row = SignInFailure.objects.filter(key=limit.key)
    if last_at < at - _FORGOTTEN_AFTER:
        row.update(count=1, last_at=at)
        return timedelta()
    wait: timedelta = last_at + limit.wait_after(count - 1) - at
    # A neighbour that began later may have been counted before: among the free ones that is no haste.
    if count > limit.free and wait > timedelta():
        return wait
    row.update(last_at=at)
    return timedelta()


def _too_soon(wait: timedelta) -> str:
    minutes = math.ceil(wait / timedelta(minutes=1))
    text = ngettext(
        "Too many tries. Wait %(minutes)s minute, then try again; trying sooner makes the wait longer.",
        "Too many tries. Wait %(minutes)s minutes, then try again; trying sooner makes the wait longer.",
        minutes,
    )
    return text % {"minutes": minutes}
