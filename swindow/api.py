"""The API's common ground: strict input, and errors that repair."""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.response import Response
from rest_framework.views import exception_handler

from swindow.problems import Problem, Refused

DEEPEST = 12


class StrictJSONParser(BaseParser):
    """JSON without NaN, without NUL or lone surrogates, of bounded size and depth."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the decoded body; raises ParseError with a sentence."""
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise ParseError(_("The body is larger than 12 MiB. Send less at once."))
        try:
            value = json.loads(body.decode(), parse_float=str, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("This is not JSON: %(error)s") % {"error": str(error)[:120]}) from error
        _refuse_unstorable(value, depth=0)
        return value


def explain_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every refusal with the list of its problems: path, code, message, fix."""
    if isinstance(error, Refused):
        return Response({"errors": [_as_json(problem) for problem in error.problems]}, status=422)
    if isinstance(error, IntegrityError):
        fix = _("Read the object again and repeat the request.")
        problem = Problem("", "conflict", _("This contradicts what is stored already."), fix)
        return Response({"errors": [_as_json(problem)]}, status=409)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        problems = list(_problems(error.get_full_details(), path=""))
    else:
        problems = [Problem("", _code_of(error), _sentence_of(error, response))]
    response.data = {"errors": [_as_json(problem) for problem in problems]}
    return response


def _problems(details: Any, *, path: str) -> Iterator[Problem]:
    if isinstance(details, Mapping) and "message" in details and "code" in details:
        yield Problem(path, str(details["code"]), str(details["message"]))
    elif isinstance(details, Mapping):
        for name, inner in details.items():
            own = path if name == "non_field_errors" else f"{path}.{name}".lstrip(".")
            yield from _problems(inner, path=own)
    else:
        is_plain = all(isinstance(one, Mapping) and "message" in one for one in details)
        for place, inner in enumerate(details, start=1):
            yield from _problems(inner, path=path if is_plain else f"{path}.{place}")


def _as_json(problem: Problem) -> dict[str, str]:
    return {
        "path": problem.path,
        "code": problem.code,
        "message": str(problem.message),
        "fix": str(problem.fix),
    }


def _code_of(error: Exception) -> str:
    return str(getattr(error, "default_code", "not_found"))


def _sentence_of(error: Exception, response: Response) -> str:
    if response.status_code == 404:
        return _("There is no such object, or it is not yours.")
    return str(getattr(error, "detail", error))


def _refuse_constant(name: str) -> Any:
    raise ValueError(_("%(name)s is not a number.") % {"name": name})


def _refuse_unstorable(value: Any, *, depth: int) -> None:
    if depth > DEEPEST:
        raise ParseError(_("The body is nested too deeply."))
    if isinstance(value, str) and any(mark == "\0" or 0xD800 <= ord(mark) < 0xE000 for mark in value):
        raise ParseError(_("A text contains a character that cannot be stored."))
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _refuse_unstorable(name, depth=depth + 1)
            _refuse_unstorable(inner, depth=depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _refuse_unstorable(inner, depth=depth + 1)
