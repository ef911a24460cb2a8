"""Where each problem of a draft is mended, as links."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from declarations.sections import TITLES, Place
from declarations.views.judging import Judgement
from declarations.views.tasks import section_url
from swindow.problems import Problem


@dataclass(frozen=True, slots=True)
class Mend:
    """One problem: what is wrong, what to do, by which rule, and the link to its field."""

    where: str
    message: str
    fix: str
    rule: str
    url: str


def mends(judgement: Judgement) -> list[Mend]:
    """Return every problem of a draft with its link."""
    reference = judgement.statement.declaration.reference
    return [
        Mend(where(place), problem.message, problem.fix, problem.code, _url(place, problem, reference))
        for place, problem in judgement.found
    ]


def where(place: Place) -> str:
    """Return the section of a problem, with its line."""
    title = str(TITLES[place.section])
    return _("%(title)s, line %(line)s") % {"title": title, "line": place.line_no} if place.line_no else title


def _url(place: Place, problem: Problem, reference: str) -> str:
    if problem.path == "declarant":
        return reverse("accounts:organisation")
    if problem.path == "goods.typed":
        return reverse("declarations:line_new", args=[reference])
    if place.section == "goods" and place.line_no:
        url = reverse("declarations:line_edit", args=[reference, place.line_no])
    else:
        url = section_url(place.section, reference)
    is_field = place.field and place.field not in ("typed", "documents")
    return f"{url}#id_{place.field}" if is_field else url
