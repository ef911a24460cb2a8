"""Reads a text from JSON and writes the answer: the contract of `manage.py classify`."""

import json
from typing import Any

from django.utils.translation import gettext as _

from swindow.problems import Problem, Refused
from tariffs.classification.suggesting import no_precedents, suggest
from tariffs.classification.suggestions import Precedents, Suggestion

CANDIDATES = 10


def answer_line(line: str, *, precedents: Precedents = no_precedents) -> dict[str, Any]:
    """Return the answer to one line, or its errors."""
    row: Any = None
    try:
        row = json.loads(line, parse_float=str, parse_constant=str)
        found = suggest(_text(row), limit=CANDIDATES, precedents=precedents)
        return {"id": row.get("id"), **_written(found)}
    except (json.JSONDecodeError, RecursionError) as error:
        message = _("The line is not JSON: %(error)s.") % {"error": error}
        problems: tuple[Problem, ...] = (Problem("", "json", message, _("Correct it.")),)
    except Refused as error:
        problems = error.problems
    row_id = row.get("id") if isinstance(row, dict) else None
    return {"id": row_id, "errors": [_problem(problem) for problem in problems]}


def _text(row: Any) -> str:
    if not isinstance(row, dict):
        fix = _("Write one object a line.")
        raise Refused([Problem("", "object", _("The line is not a JSON object."), fix)])
    text = row.get("text")
    if text is None:
        raise Refused([Problem("text", "missing", _("The text is missing."), _("Say what the goods are."))])
    if not isinstance(text, str):
        fix = _("Write it in quotation marks.")
        raise Refused([Problem("text", "text", _("The text is not a text."), fix)])
    return text


def _written(found: Suggestion) -> dict[str, Any]:
    candidates = [
        {
            "hs6": candidate.hs6,
            "score": f"{candidate.score:.6f}",
            "reasons": [
                {"kind": reason.kind, "words": list(reason.words), "sentence": reason.sentence}
                for reason in candidate.reasons
            ],
        }
        for candidate in found.candidates
    ]
    return {"candidates": candidates} | ({"hint": found.hint} if found.hint else {})


def _problem(problem: Problem) -> dict[str, str]:
    return {
        "path": problem.path,
        "code": problem.code,
        "message": problem.message,
        "fix": problem.fix,
    }
