"""`python -m tests.bench.classification_quality`: how often real parcel texts get their subheading.

The texts are HMRC's, each with the subheading that its officers gave; they stand beside the checkout and are
in no index. A hash of the text puts 70 % into the part that words and weights were chosen on, and keeps
30 % aside. Both are printed: the first shows what the tool knows, the second what a new text may expect. The
third part is the A to Z of the UK tariff: goods by their formal names, machines and chemicals among them.
`--model` prints each part by words alone and then with the sentence model, which must be installed.
"""

import argparse
import csv
import hashlib
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import django

from tests.bench.measuring import percentile
from tests.tariffs.shared_data import shared

if TYPE_CHECKING:
    from tariffs.classification.vectors import Nearest

TEXTS = "uk_fpo_parcel_train_mit.csv"
A_TO_Z = "uk_search_references_mit.json"
_TENTHS_TO_TUNE_ON = 7


@dataclass(frozen=True, slots=True)
class Labelled:
    """A parcel's text and the subheading that customs gave it."""

    text: str
    hs6: str


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares from 0 to 1, and milliseconds for one text."""

    texts: int
    hs6_first: float
    hs6_in_10: float
    heading_in_5: float
    p50_ms: float
    p99_ms: float


def read_texts(path: Path) -> tuple[list[Labelled], list[Labelled]]:
    """Return the part to tune on and the part that is kept aside."""
    parts: tuple[list[Labelled], list[Labelled]] = ([], [])
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parts[_is_kept_aside(row["text"])].append(Labelled(row["text"], row["hs6"]))
    return parts


def read_terms(path: Path) -> list[Labelled]:
    """Return the terms of the A to Z, each with the first six digits of its code."""
    return [Labelled(term, code[:6]) for term, code in json.loads(path.read_text(encoding="utf-8")).items()]


def measure(texts: Sequence[Labelled], *, nearest: "Nearest | None" = None) -> Quality:
    """Classify every text and count; a heading counts among the first five different headings."""
    from tariffs.classification import suggest

    first = in_ten = heading = 0
    times: list[float] = []
    suggest("warm up", nearest=nearest)
    for one in texts:
        started = time.perf_counter()
        codes = [candidate.hs6 for candidate in suggest(one.text, nearest=nearest).candidates]
        times.append((time.perf_counter() - started) * 1000)
        first += codes[0] == one.hs6
        in_ten += one.hs6 in codes
        heading += one.hs6[:4] in list(dict.fromkeys(code[:4] for code in codes))[:5]
    count = len(texts)
    times.sort()
    return Quality(
        count, first / count, in_ten / count, heading / count, percentile(times, 0.5), percentile(times, 0.99)
    )


def main() -> int:
    """Print all parts; exit 1 where the texts are absent, or the model is asked for and not there."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.classification_quality", description=__doc__)
    parser.add_argument("--model", action="store_true", help="also with the sentence model")
    with_model = parser.parse_args().model
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "swindow.settings")
    os.environ.setdefault("SWINDOW_SECRET_KEY", "only-for-benches")
    django.setup()
    # Apps must be ready before anything of theirs is imported.
    from tariffs.classification.minilm import ModelUnavailable
    from tariffs.classification.vectors import open_nearest

    texts, terms = shared(TEXTS), shared(A_TO_Z)
    if texts is None or terms is None:
        return 1
    ways: list[tuple[str, Nearest | None]] = [("words", None)]
    if with_model:
        try:
            ways.append(("model", open_nearest()))
        except ModelUnavailable as error:
            print(error, file=sys.stderr)
            return 1
    _print(texts, terms, ways=ways)
    return 0


def _print(texts: Path, terms: Path, *, ways: "Sequence[tuple[str, Nearest | None]]") -> None:
    tuned, aside = read_texts(texts)
    row = "{:<12} {:<6} {:>6} {:>10} {:>10} {:>13} {:>8} {:>8}"
    print(row.format("part", "by", "texts", "hs6 first", "hs6 in 10", "heading in 5", "p50 ms", "p99 ms"))
    for name, part in (("tuned on", tuned), ("kept aside", aside), ("A to Z", read_terms(terms))):
        for way, nearest in ways:
            found = measure(part, nearest=nearest)
            shares = (f"{share:.1%}" for share in (found.hs6_first, found.hs6_in_10, found.heading_in_5))
            times = (f"{found.p50_ms:.2f}", f"{found.p99_ms:.2f}")
            print(row.format(name, way, found.texts, *shares, *times), flush=True)


def _is_kept_aside(text: str) -> bool:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 10 >= _TENTHS_TO_TUNE_ON


if __name__ == "__main__":
    sys.exit(main())
