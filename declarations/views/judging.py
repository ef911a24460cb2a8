"""A draft as the law sees it now, with each problem at the place where it is mended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from declarations.lifecycle.lodging import judge
from declarations.lifecycle.representing import limits_met
from declarations.models import Declaration, DraftAnswer
from declarations.sections import TITLES, Place, place_of
from declarations.statement import Statement, read_statements
from swindow.problems import Problem
from tariffs.results import AssessmentResult, RequiredDocument


@dataclass(frozen=True, slots=True)
class Judgement:
    """The statement, its assessment, and every problem with its place."""

    statement: Statement
    result: AssessmentResult | None
    found: tuple[tuple[Place, Problem], ...]
    unstored: frozenset[str]

    @property
    def problems(self) -> list[Problem]:
        """Return every problem."""
        return [problem for _place, problem in self.found]

    @property
    def required(self) -> Sequence[RequiredDocument]:
        """Return the papers that the goods need, present or not."""
        return self.result.required_documents if self.result else ()

    def of(self, section: str) -> list[Problem]:
        """Return the problems of a section."""
        return [problem for place, problem in self.found if place.section == section]

    def of_line(self, line_no: int) -> list[Problem]:
        """Return the problems of a goods line."""
        return [
            problem for place, problem in self.found if place.section == "goods" and place.line_no == line_no
        ]


def judge_draft(draft: Declaration, *, at: datetime) -> Judgement:
    """Read a draft with its parts and judge it as if it were lodged now."""
    statement = read_statements([draft.pk])[draft.pk]
    _facts, result, problems = judge(statement, at=at, language=get_language() or "en")
    unstored = frozenset(DraftAnswer.objects.filter(declaration=draft).values_list("section", flat=True))
    problems += [_unstored(section) for section in sorted(unstored)]
    problems += limits_met(statement, draft.powers, at=at)
    found = tuple((place_of(problem), problem) for problem in problems)
    return Judgement(statement, result, found, unstored)


def _unstored(section: str) -> Problem:
    head, _dot, part = section.partition(".")
    path = f"goods_items.{part}.typed" if head == "goods" and part.isdigit() else f"{head}.typed"
    return Problem(
        path,
        "DE-10",
        _("Something that you typed under %(section)s could not be saved.") % {"section": TITLES[head]},
        _("Open it and mend the marked fields, or clear them."),
    )
