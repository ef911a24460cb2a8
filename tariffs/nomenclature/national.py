"""The seam to national lines: what a loaded schedule has below six digits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class NationalLine:
    """A line of a country's tariff below a subheading: code of 8 to 12 digits and the country's own text."""

    code: str
    text: str
    jurisdiction: str


class NationalLines(Protocol):
    """Answers which national lines stand below a subheading; a loaded schedule gives one."""

    def __call__(self, hs6: str, *, jurisdiction: str, on: date) -> Sequence[NationalLine]:
        """Return the lines in force on the day, in order; none when no schedule of the country is loaded."""


def no_national_lines(hs6: str, *, jurisdiction: str, on: date) -> Sequence[NationalLine]:
    """Return nothing: the tree then ends at six digits."""
    return ()
