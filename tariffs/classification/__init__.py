"""Suggestions of HS subheadings for free text and code prefixes. It suggests; a person decides."""

from tariffs.classification.suggesting import no_precedents, suggest
from tariffs.classification.suggestions import (
    Candidate,
    DutyOf,
    Precedents,
    PrecedentWeight,
    Reason,
    Suggestion,
)

__all__ = [
    "Candidate",
    "DutyOf",
    "PrecedentWeight",
    "Precedents",
    "Reason",
    "Suggestion",
    "no_precedents",
    "suggest",
]
