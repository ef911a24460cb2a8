"""What a request gets that cannot be answered: a page for people, JSON for machines."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views import defaults

from swindow.problems import NotAllowed

_API = "/api/"
_SENTENCES = {
    HTTPStatus.BAD_REQUEST: _("The request cannot be understood."),
    HTTPStatus.FORBIDDEN: _("This is not allowed."),
    HTTPStatus.NOT_FOUND: _("There is nothing here for you."),
    HTTPStatus.INTERNAL_SERVER_ERROR: _("Something went wrong on our side; repeat in a few minutes."),
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return _for_machines(request, HTTPStatus.BAD_REQUEST) or defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    machine = _for_machines(request, HTTPStatus.FORBIDDEN)
    if machine is None and isinstance(exception, NotAllowed):
        return render(request, "403.html", {"problem": exception.problem}, status=HTTPStatus.FORBIDDEN)
    return machine or defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, the same for what is not there and what is somebody else's."""
    return _for_machines(request, HTTPStatus.NOT_FOUND) or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500; the page needs neither the database nor a person."""
    return _for_machines(request, HTTPStatus.INTERNAL_SERVER_ERROR) or defaults.server_error(request)


def _for_machines(request: HttpRequest, status: HTTPStatus) -> HttpResponse | None:
    if not request.path.startswith(_API):
        return None
    problem = {"path": "", "code": status.name.lower(), "message": _SENTENCES[status], "fix": ""}
    return JsonResponse({"errors": [problem]}, status=status)
