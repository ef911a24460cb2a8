"""What a suggestion is: candidates with their reasons; a person decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

DutyOf = Callable[[str], str]
"""Answers for a subheading with the duty in words ("12 %"), or an empty text where no schedule says it."""

Precedents = Callable[[tuple[str, ...]], Mapping[str, "PrecedentWeight"]]
"""Answers for the words of a text with the subheadings that accepted texts like it were given."""


@dataclass(frozen=True, slots=True)
class PrecedentWeight:
    """How strongly earlier texts speak for a subheading (0 to 1), and the words they share with the text.

    `declarants` counts those who had this very text accepted under it; 0 where they are too few to be told.
    """

    weight: float
    words: tuple[str, ...]
    declarants: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a candidate is here: `kind` is one of code, trade_term, brand, claim, question, precedent,
    attribute, nomenclature, likeness, default, duty."""

    kind: str
    words: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subheading, how well it fits (1 is the best of this text), and why."""

    hs6: str
    score: float
    reasons: tuple[Reason, ...]

    @property
    def heading(self) -> str:
        """Return the four digits by which candidates are grouped."""
        return self.hs6[:4]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Candidates for a text, best first; a vague text has a hint and cannot be declared as it stands."""

    text: str
    candidates: tuple[Candidate, ...]
    hint: str
    is_vague: bool
    questions: tuple[str, ...]

    def by_heading(self) -> dict[str, tuple[Candidate, ...]]:
        """Return the candidates grouped by heading, the best group first."""
        groups: dict[str, tuple[Candidate, ...]] = {}
        for candidate in self.candidates:
            groups[candidate.heading] = (*groups.get(candidate.heading, ()), candidate)
        return groups
