"""A problem: what is wrong, where, by which rule, and what to do; shown to people and machines alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend; `path` names the field, for example goods_items.2.origin."""

    path: str
    code: str
    message: str
    fix: str = ""

    @property
    def sentence(self) -> str:
        """Return the message and its mend as one text."""
        return f"{self.message} {self.fix}".strip()


class Refused(Exception):
    """The act was not done; carries every problem at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.sentence for problem in self.problems))


class NotAllowed(PermissionDenied):
    """Whoever asks may see it but not do this with it; carries who could allow it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.sentence)
