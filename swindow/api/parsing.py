"""JSON without surprises: bounded size and depth, no NaN, no text that PostgreSQL cannot store."""

import json
from collections.abc import Callable, Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

DEEPEST = 12


class StrictJSONParser(BaseParser):
    """JSON without NaN, without NUL or lone surrogates, of bounded size and depth."""

    media_type = "application/json"
    # How a number with a point is read; None as a binary float.
    parse_float: Callable[[str], Any] | None = None

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the decoded body, {} for an empty one; raises ParseError with a sentence."""
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise ParseError(_("The body is larger than 12 MiB. Send less at once."))
        return parse_json(body, parse_float=type(self).parse_float)


def parse_json(body: bytes, *, parse_float: Callable[[str], Any] | None = None) -> Any:
    """Return the decoded body, {} for an empty one; raises ParseError with a sentence."""
    if not body.strip():
        return {}
    try:
        value = json.loads(body.decode(), parse_constant=_refuse_constant, parse_float=parse_float)
    except (ValueError, RecursionError) as error:
        raise ParseError(_("This is not JSON: %(error)s") % {"error": str(error)[:120]}) from error
    _refuse_unstorable(value, depth=0)
    return value


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
