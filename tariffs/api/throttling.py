"""How often a caller may ask the open operations; the pages draw on the same share."""

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from tariffs.limits import RETRY_SECONDS, allows_search


class Searches(BaseThrottle):
    """Lets a caller search some twenty times a second, a little more in a burst."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Take one search of the caller's share."""
        return allows_search(request)

    def wait(self) -> int:
        """Return the seconds that Retry-After tells."""
        return RETRY_SECONDS
