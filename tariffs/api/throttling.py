"""How often a caller may ask the open operations; the pages draw on the same share of searches."""

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from tariffs.limits import RETRY_SECONDS, allows_assessment, allows_search


class _Share(BaseThrottle):
    """Tells a caller whose share is used up when to come again."""

    def wait(self) -> int:
        """Return the seconds that Retry-After tells."""
        return RETRY_SECONDS


class Searches(_Share):
    """Lets a caller search some twenty times a second, a little more in a burst."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Take one search of the caller's share."""
        return allows_search(request)


class Assessments(_Share):
    """Lets a caller ask five times a second, more in a burst."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Take one call of the caller's share."""
        return allows_assessment(request)
