"""Likeness in meaning beside the words: an extra, off unless SWINDOW_CLASSIFY_MODEL is set.

A trade term or a text of the tariff that is like the text in meaning speaks for its subheadings; `ranking`
adds that to what the words say.
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

from tariffs import nomenclature
from tariffs.classification.index import Index, the_index
from tariffs.classification.minilm import MiniLm, ModelUnavailable, VectorFile
from tariffs.classification.words import cut

# The most alike texts that are looked at; twice as many changed no figure.
_NEAREST = 200
# Below this cosine two texts have nothing in common; above it likeness counts by its square.
_FLOOR = 0.2
_POWER = 2
# Half of a maker's name is another maker.
_KINDS = {"brand": 0.65}
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_log = logging.getLogger(__name__)


class Nearest(Protocol):
    """Knows the English terms and the tariff's texts by what they mean."""

    def nearest(self, text: str, *, limit: int) -> Sequence[tuple[str, float]]:
        """Return the known texts most like the text, each with its cosine (-1 to 1), in any order."""


@dataclass(frozen=True, slots=True)
class Alike:
    """How strongly texts of like meaning speak for a subheading (0 to 1), and the best of them."""

    strength: float
    text: str


Documents = Mapping[str, tuple[tuple[str, float], ...]]
"""From what is known by its meaning to its subheadings, each with how sure that is (0 to 1)."""


def likeness(text: str, *, nearest: Nearest, index: Index) -> dict[str, Alike]:
    """Return what texts of like meaning say of each subheading; nothing for a text without English words."""
    if not cut(text).english:
        return {}
    found: dict[str, Alike] = {}
    known = documents(index)
    for other, cosine in nearest.nearest(_CHINESE.sub(" ", text), limit=_NEAREST):
        likely = (max(cosine - _FLOOR, 0.0) / (1 - _FLOOR)) ** _POWER
        for hs6, part in known.get(other, ()):
            strength = likely * part
            if strength > 0 and (hs6 not in found or strength > found[hs6].strength):
                found[hs6] = Alike(strength, other)
    return found


@cache
def documents(index: Index) -> Documents:
    """Return the English terms, then the tariff's own texts; the model reads no Chinese."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for term in index.terms:
        if not _CHINESE.search(term.text):
            codes, kind = found[term.text], _KINDS.get(term.kind, 1.0)
            for hs6, part in term.codes:
                codes[hs6] = max(kind * part, codes.get(hs6, 0.0))
    for entry in nomenclature.subheadings():
        found[entry.text][entry.code] = 1.0
    return {text: tuple(codes.items()) for text, codes in found.items()}


def the_nearest() -> Nearest | None:
    """Return the model where the setting asks for it; says once in the log why it cannot be had."""
    return _installed() if settings.CLASSIFY_MODEL else None


def open_nearest() -> Nearest:
    """Return the model with the vectors of the vocabulary; raises ModelUnavailable."""
    return VectorFile(tuple(documents(the_index())), folder=vector_folder(), model=MiniLm())


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
