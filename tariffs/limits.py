"""How often one caller may ask the open pages and operations that cost more than a look-up."""

from django.conf import settings
from django.http import HttpRequest

from swindow.documents.throttle import Bucket

_EVERYONE = "everyone"
# A search costs 1 to 10 ms of a process; a person who types asks some five times a second.
_SEARCHES = (Bucket(per_second=20, burst=120), Bucket(per_second=100, burst=400))
# An assessment of many consignments costs a hundred times that.
_ASSESSMENTS = (Bucket(per_second=5, burst=60), Bucket(per_second=40, burst=200))
RETRY_SECONDS = 5


def allows_search(request: HttpRequest) -> bool:
    """Take one search of the caller's share and one of everybody's; False when one is used up."""
    return _allows(_SEARCHES, request)


def allows_assessment(request: HttpRequest) -> bool:
    """Take one call of the caller's share and one of everybody's; False when one is used up."""
    return _allows(_ASSESSMENTS, request)


def caller_of(request: HttpRequest) -> str:
    """Return the network address that asks; behind our own proxy the one that the proxy wrote."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    # Only the last entry was written by our own proxy; the others are the caller's word.
    if settings.BEHIND_PROXY and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _allows(shares: tuple[Bucket, Bucket], request: HttpRequest) -> bool:
    each, all_together = shares
    return each.allows(caller_of(request)) and all_together.allows(_EVERYONE)
