"""A problem in a file of a draft, and the place that it is said of."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tariffs.drafting.edits import Files
from tariffs.expressions import ExpressionError, compile_expression

# Each has its kind of hold (declarations): goods could not be lodged with another.
AGENCIES = ("customs", "tax", "quarantine", "port")


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing to mend in a file; line and character count from 1 and are 0 where nothing says them."""

    file: str
    message: str
    line: int = 0
    character: int = 0
    fix: str = ""


def at(files: Files, *, file: str, text: str, message: str, fix: str = "") -> FileProblem:
    """Return a problem at the first place of a text in a file."""
    line, character = find(files[file], part=text)
    return FileProblem(file, message, line, character, fix)


def find(text: str, *, part: str) -> tuple[int, int]:
    """Return line and character of the first place, both from 1; 0 where it is written otherwise."""
    place = text.find(part)
    if place < 0:
        return 0, 0
    return text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


def line_of(text: str, *, number: int) -> str:
    """Return one line of a file, counted from 1."""
    return text.split("\n")[number - 1]


def no_rule(rule: str) -> str:
    """Say that a rule is not in the pack."""
    return _("There is no rule %(rule)s in pack.toml.") % {"rule": rule or "''"}


def no_agency(agency: str) -> str:
    """Say that an agency is not known."""
    return _("%(agency)s is none of the agencies %(known)s.") % {
        "agency": agency or "''",
        "known": ", ".join(AGENCIES),
    }


def ends_first() -> str:
    """Say that a row ends before it begins."""
    return _("The row ends before it begins.")


def formula_problem(files: Files, *, file: str, text: str, known: frozenset[str]) -> Iterator[FileProblem]:
    """Yield what is wrong in a formula, at its place in the file."""
    try:
        compile_expression(text, known=known)
    except ExpressionError as error:
        line, start = find(files[file], part=text)
        character = start + error.position - 1 if line else error.position
        yield FileProblem(file, str(error), line, character, _("Mend the formula there."))
    except RecursionError:
        line, start = find(files[file], part=text)
        yield FileProblem(file, _("This formula is nested too deeply."), line, start)
