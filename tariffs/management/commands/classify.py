"""Suggest subheadings for texts: JSON lines in, JSON lines out, one for one."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from swindow.problems import Problem, Refused
from tariffs.classification import Precedents, Suggestion, no_precedents, suggest
from tariffs.classification.precedents import PrecedentsIfAny

SCHEMA = Path(__file__).resolve().parents[2] / "classify.schema.json"
CANDIDATES = 10


class Command(BaseCommand):
    """Answers each line of a FILE or of standard input; a bad line gives its errors and the run goes on."""

    help = "Suggest HS 2022 subheadings for texts given as JSON lines. It suggests; a person decides."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the schema switch."""
        parser.add_argument("file", nargs="?", default="-", help="a file of JSON lines, or - (default)")
        parser.add_argument("--schema", action="store_true", help="print the JSON Schema of both sides")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one answer a line; precedents count where a database answers."""
        if options["schema"]:
            self.stdout.write(SCHEMA.read_text(encoding="utf-8").rstrip())
            return
        precedents = PrecedentsIfAny()
        if options["file"] == "-":
            self._answer(sys.stdin, precedents=precedents)
            return
        with Path(options["file"]).open(encoding="utf-8") as lines:
            self._answer(lines, precedents=precedents)

    def _answer(self, lines: Iterable[str], *, precedents: Precedents) -> None:
        for line in lines:
            if line.strip():
                answer = answer_line(line, precedents=precedents)
                self.stdout.write(json.dumps(answer, ensure_ascii=False))


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
