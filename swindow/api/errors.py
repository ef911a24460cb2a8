"""Every refusal answers with all its problems: path, code, message, fix."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import IntegrityError
from django.db.models import BaseConstraint, UniqueConstraint
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, Throttled, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from swindow.documents.errors import FileNotReady, StorageUnavailable, UploadRefused
from swindow.problems import NotAllowed, Problem, Refused

_RETRY_SECONDS = "5"


def explain_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a refusal with the list of its problems; None for what is not the caller's doing."""
    if isinstance(error, Refused):
        return problems_response(*error.problems, status=422)
    if isinstance(error, NotAllowed):
        return problems_response(error.problem, status=403)
    if isinstance(error, UploadRefused):
        return problems_response(Problem("file", error.code, str(error.message), str(error.fix)), status=422)
    if isinstance(error, (StorageUnavailable, FileNotReady)):
        status = 503 if isinstance(error, StorageUnavailable) else 409
        return _later(Problem("", "not_ready", str(error)), status=status)
    if isinstance(error, IntegrityError):
        return problems_response(_conflict(error), status=409)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        problems = list(_problems(error.get_full_details(), path=""))
    else:
        problems = [_whole_request(error, response)]
    response.data = {"errors": [as_json(problem) for problem in problems]}
    return response


def problems_response(*problems: Problem, status: int) -> Response:
    """Return an answer that lists the problems."""
    return Response({"errors": [as_json(problem) for problem in problems]}, status=status)


def as_json(problem: Problem) -> dict[str, str]:
    """Return a problem as every error body shows it."""
    return {
        "path": problem.path,
        "code": problem.code,
        "message": str(problem.message),
        "fix": str(problem.fix),
    }


def _later(problem: Problem, *, status: int) -> Response:
    response = problems_response(problem, status=status)
    response["Retry-After"] = _RETRY_SECONDS
    return response


def _conflict(error: IntegrityError) -> Problem:
    diagnosis = getattr(error.__cause__, "diag", None)
    constraint = _constraint(getattr(diagnosis, "constraint_name", None) or "")
    message = getattr(constraint, "violation_error_message", None)
    if message and constraint is not None and not str(message).startswith("Constraint"):
        path = constraint.fields[-1] if isinstance(constraint, UniqueConstraint) and constraint.fields else ""
        return Problem(path, "conflict", str(message), _("Change it, or read the object that is there."))
    text = _("This contradicts what is stored already.")
    return Problem("", "conflict", text, _("Read the object again and repeat the request."))


def _constraint(name: str) -> BaseConstraint | None:
    models = (model for model in apps.get_models() if name)
    return next((one for model in models for one in model._meta.constraints if one.name == name), None)


def _whole_request(error: Exception, response: Response) -> Problem:
    if response.status_code == 404:
        return Problem("", "not_found", _("There is no such object, or it is not yours."))
    code = str(getattr(error, "default_code", "refused"))
    text = str(error.detail) if isinstance(error, APIException) else str(error)
    fix = _("Wait and repeat it.") if isinstance(error, Throttled) else ""
    return Problem("", code, text, _FIXES.get(code, lambda: fix)())


def _problems(details: Any, *, path: str) -> Iterator[Problem]:
    if isinstance(details, Mapping) and "message" in details and "code" in details:
        code = str(details["code"])
        yield Problem(path, code, str(details["message"]), _FIXES.get(code, str)())
    elif isinstance(details, Mapping):
        for name, inner in details.items():
            # Lines are counted from 1, as on every paper.
            place = name + 1 if isinstance(name, int) else name
            own = path if name == "non_field_errors" else f"{path}.{place}".lstrip(".")
            yield from _problems(inner, path=own)
    else:
        is_plain = all(isinstance(one, Mapping) and "message" in one for one in details)
        for place, inner in enumerate(details, start=1):
            yield from _problems(inner, path=path if is_plain else f"{path}.{place}".lstrip("."))


# Code -> what to do about it; called when needed, so that it speaks the caller's language.
_FIXES = {
    "required": lambda: _("Send this field."),
    "null": lambda: _("Leave the field out, or give it a value."),
    "blank": lambda: _("Fill it in."),
    "unknown_field": lambda: _("Remove it, or check its spelling."),
    "number_form": lambda: _("Write it as text with digits and a point, for example “12.50”."),
    "whole_number": lambda: _("Write a whole number without quotation marks, for example 3."),
    "day_form": lambda: _("Write year, month and day, for example 2026-11-23."),
    "country": lambda: _("Use the two capital letters of ISO 3166, for example NL."),
    "currency": lambda: _("Use the three capital letters of ISO 4217, for example EUR."),
    "address": lambda: _("Write it like name@example.com."),
    "characters": lambda: _("Type the text anew; do not paste invisible characters."),
    "max_length": lambda: _("Shorten it."),
    "not_authenticated": lambda: _("Send the header Authorization: Bearer with your token."),
    "authentication_failed": lambda: _("Make a new token under Organisation."),
}
