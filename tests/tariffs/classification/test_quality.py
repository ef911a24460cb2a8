"""How well suggestions do on HMRC's parcel texts, which stand beside the checkout and in no index."""

import csv
import time

from tariffs.classification import suggest
from tests.bench.classification_quality import TEXTS, measure, read_texts
from tests.tariffs.shared_data import shared


def test_real_parcel_texts_find_their_subheading() -> None:
    """Both parts stay above figures a little under what was measured: see docs/classification.md."""
    path = shared(TEXTS)
    if path is None:
        return
    tuned, aside = (measure(part) for part in read_texts(path))
    assert tuned.hs6_first >= 0.54
    assert tuned.hs6_in_10 >= 0.78
    assert tuned.heading_in_5 >= 0.78
    assert aside.hs6_first >= 0.40
    assert aside.hs6_in_10 >= 0.67
    assert aside.heading_in_5 >= 0.70


def test_few_texts_of_real_goods_are_called_vague() -> None:
    """Texts that officers could classify get no hint, but for a few that only they understood."""
    path = shared(TEXTS)
    if path is None:
        return
    aside = read_texts(path)[1]
    assert sum(suggest(one.text).is_vague for one in aside) / len(aside) < 0.10


def test_texts_that_officers_refuse_are_often_called_vague() -> None:
    """Of what HMRC finds too vague, a quarter or more names no goods; it does not know the other names."""
    path = shared("uk_vague_terms_mit.csv")
    if path is None:
        return
    with path.open(encoding="utf-8", newline="") as file:
        texts = [row[0] for row in csv.reader(file) if row][::8]
    assert sum(suggest(text).is_vague for text in texts) / len(texts) > 0.25


def test_a_typeahead_is_answered_at_once() -> None:
    """p99 under 20 ms of the processor for what a seller types: the time of its neighbours is not counted."""
    title = "women summer floral midi dress v neck short sleeve elastic waist casual beach sundress"
    suggest("warm up")
    times = sorted(min(_seconds(title[:length]) for _ in range(3)) for length in range(1, len(title)))
    assert times[int(len(times) * 0.99)] < 0.02


def _seconds(text: str) -> float:
    started = time.thread_time()
    suggest(text)
    return time.thread_time() - started
