"""What every answer has in common."""

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

log = structlog.get_logger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]
_RETRY_AFTER_SECONDS = "5"


class DatabaseUnavailableMiddleware:
    """A database that is away gives 503 with Retry-After, never a trace."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say that the portal will be back."""
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError) as error:
            return unavailable(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Catch it before Django turns it into a 500."""
        if isinstance(error, (OperationalError, InterfaceError)):
            return unavailable(request, error)
        return None


class PrivatePagesMiddleware:
    """What a signed-in person sees is not kept by any cache."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add no-store unless the view said otherwise."""
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the page or the JSON of a short outage."""
    connection.close()
    log.warning("database_unavailable", error=type(error).__name__)
    if request.path.startswith("/api/"):
        problem = {"path": "", "code": "unavailable", "message": "Please repeat in a moment.", "fix": ""}
        response: HttpResponse = JsonResponse({"errors": [problem]}, status=503)
    else:
        response = render(request, "503.html", status=503, using=None)
    response.headers["Retry-After"] = _RETRY_AFTER_SECONDS
    return response
