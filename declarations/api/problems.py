"""Problems of a statement, each with the path of the field in a request."""

from declarations.sections import place_of
from swindow.problems import Problem


def in_request(problem: Problem) -> Problem:
    """Return the problem with the path of the request's field that mends it."""
    return Problem(_path(problem), problem.code, problem.message, problem.fix)


def _path(problem: Problem) -> str:
    place = place_of(problem)
    if place.section == "goods":
        parts = ["goods_items", str(place.line_no) if place.line_no else "", place.field]
    elif place.section in ("documents", "inspection"):
        parts = ["documents", place.field]
    elif place.section in ("parties", "transport", "tax"):
        parts = [place.section, place.field]
    else:
        parts = [problem.path]
    return ".".join(part for part in parts if part)
