"""Likeness in meaning beside the words: an extra, off unless SWINDOW_CLASSIFY_MODEL is set.

A term that is like the text speaks for its subheadings as a matched term does; `ranking` adds it to what
the words say.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from tariffs.classification.index import Index, the_index
from tariffs.classification.minilm import MiniLm, ModelUnavailable, VectorFile
from tariffs.classification.words import cut

# The most alike terms that are looked at; twice as many changed no figure.
_NEAREST = 200
# Below this cosine two texts have nothing in common; above it likeness counts by its square.
_FLOOR = 0.2
_POWER = 2
# Half of a maker's name is another maker.
_KINDS = {"brand": 0.65}
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_log = logging.getLogger(__name__)


class Nearest(Protocol):
    """Knows the English terms of the vocabulary by what they mean."""

    def nearest(self, text: str, *, limit: int) -> Sequence[tuple[str, float]]:
        """Return the terms most like the text, each with its cosine (-1 to 1), in any order."""


@dataclass(frozen=True, slots=True)
class Alike:
    """How strongly terms like the text speak for a subheading (0 to 1), and the number of the best one."""

    strength: float
    term: int


def likeness(text: str, *, nearest: Nearest, index: Index) -> dict[str, Alike]:
    """Return what terms of like meaning say of each subheading; nothing for a text without English words."""
    if not cut(text).english:
        return {}
    found: dict[str, Alike] = {}
    numbers = terms_by_text(index)
    for term_text, cosine in nearest.nearest(_CHINESE.sub(" ", text), limit=_NEAREST):
        strength = (max(cosine - _FLOOR, 0.0) / (1 - _FLOOR)) ** _POWER
        for number in numbers.get(term_text, ()):
            _add(found, number=number, strength=strength, index=index)
    return found


@cache
def terms_by_text(index: Index) -> Mapping[str, tuple[int, ...]]:
    """Return the English terms in the order of the index, each with its numbers; MiniLM reads no Chinese."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, term in enumerate(index.terms):
        if not _CHINESE.search(term.text):
            found[term.text].append(number)
    return {text: tuple(numbers) for text, numbers in found.items()}


def the_nearest() -> Nearest | None:
    """Return the model where the setting asks for it; says once in the log why it cannot be had."""
    return _installed() if settings.CLASSIFY_MODEL else None


def open_nearest() -> Nearest:
    """Return the model with the vectors of the vocabulary; raises ModelUnavailable."""
    return VectorFile(tuple(terms_by_text(the_index())), folder=vector_folder(), model=MiniLm())


def vector_folder() -> Path:
    """Return where the vectors are kept."""
    return Path(settings.VAR_DIR) / "vectors"


@cache
def _installed() -> Nearest | None:
    try:
        return open_nearest()
    except ModelUnavailable as error:
        # Suggestions by words alone are better than a page that fails.
        _log.error("SWINDOW_CLASSIFY_MODEL is set, and suggestions go by words alone. %s", error)
        return None


def _add(found: dict[str, Alike], *, number: int, strength: float, index: Index) -> None:
    term = index.terms[number]
    strength *= _KINDS.get(term.kind, 1.0)
    for hs6, part in term.codes:
        known = found.get(hs6)
        if strength * part > (known.strength if known else 0.0):
            found[hs6] = Alike(strength * part, number)
