"""Suggestions for free text, beside bare BM25 over the nomenclature's own words."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from tariffs import nomenclature
from tariffs.classification import suggest
from tariffs.classification.index import the_index
from tariffs.classification.words import phrase
from tests.bench.measuring import Sample

# Written for this bench: what a typeahead sends while a seller types, in both languages, with slips.
TEXTS = (
    *("nike air women running shoe mesh", "女士纯棉睡衣", "stainless steel water bottle 750ml", "6109.10"),
    *("led strip light usb 5m rgb", "kids wooden puzzle animals", "mens leather wallett brown", "gift"),
    *(
        "wireless bluetoth earbuds",
        "手机壳 硅胶 苹果",
        "chest of drawers white 80x48",
        "hydrating face srm 30ml",
    ),
    *("不锈钢保温杯", "dog treats chicken 500g", "brake disc front pair", "crochet yarn acrylic 100g"),
)
_EACH = 60


class Classify:
    """Texts a second in one process; the limit knows neither trade terms nor reasons."""

    name = "classify"
    unit = "texts a second"

    def open(self) -> None:
        """Build the index once, as a process of the portal does."""
        started = time.perf_counter()
        the_index()
        self._seconds_to_build = time.perf_counter() - started

    def prepare(self) -> None:
        """Nothing is used up."""

    def ours(self) -> Sample:
        """Suggest with reasons; every text differs, so that no cache answers."""
        return _timed(suggest)

    def limit(self) -> Sample:
        """Add up the weights of the words and sort: what any ranking must do."""
        return _timed(_bare)

    def remarks(self) -> dict[str, Any]:
        """Return how long the index took and what it holds."""
        return {
            "seconds_to_build": round(self._seconds_to_build, 2),
            "terms": len(the_index().terms),
            "subheadings": len(nomenclature.subheadings()),
        }

    def close(self) -> None:
        """Nothing was started."""


_round = 0


def _timed(work: Callable[[str], object]) -> Sample:
    global _round  # a new number in each text keeps caches out
    _round += 1
    times: list[float] = []
    for number in range(_EACH):
        for text in TEXTS:
            started = time.perf_counter()
            work(f"{text} {_round}{number:03}" if not text[0].isdigit() else text)
            times.append(time.perf_counter() - started)
    return Sample(len(times) / sum(times), [one * 1000 for one in times])


def _bare(text: str) -> Sequence[str]:
    scores: dict[str, float] = defaultdict(float)
    for word in phrase(text):
        for hs6, weight in the_index().tariff.get(word, ()):
            scores[hs6] += weight
    return sorted(scores, key=lambda hs6: (-scores[hs6], hs6))[:10]
