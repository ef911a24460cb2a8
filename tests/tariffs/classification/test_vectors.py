"""Likeness in meaning beside the words, with vectors made by hand: the extra is not needed here."""

import importlib.util
import io
import logging
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from tariffs.classification import Suggestion, suggest, vectors
from tariffs.classification.index import the_index
from tariffs.classification.minilm import MiniLm, ModelUnavailable, extra, make_vectors, vector_path
from tariffs.classification.vectors import likeness, open_nearest, the_nearest

Vector = tuple[float, float]
EXTRA = all(importlib.util.find_spec(name) for name in ("numpy", "onnxruntime", "tokenizers"))
UNKNOWN = "qwv zorbixx"


class ByHand:
    """A model of two dimensions: what keeps rain off, and what one walks on."""

    known: dict[str, Vector] = {"umbrella": (1.0, 0.0), "running shoe": (0.0, 1.0), "trainer": (0.1, 0.995)}

    def __init__(self, **texts: Vector) -> None:
        self.texts = {text.replace("_", " "): vector for text, vector in texts.items()}
        self.asked: list[str] = []

    def nearest(self, text: str, *, limit: int) -> Sequence[tuple[str, float]]:
        self.asked.append(text)
        here = self.texts.get(text, (0.0, 0.0))
        return [(term, here[0] * x + here[1] * y) for term, (x, y) in self.known.items()][:limit]


def _whole(found: Suggestion) -> bool:
    codes = [one.hs6 for one in found.candidates]
    scores = [one.score for one in found.candidates]
    return len(set(codes)) == len(codes) == 10 and scores == sorted(scores, reverse=True)


def test_goods_named_in_unknown_words_are_found_by_their_meaning() -> None:
    """No word of the text is known; what it means is like an umbrella, and the reason says so."""
    assert "6601" not in {one.heading for one in suggest(UNKNOWN).candidates}
    found = suggest(UNKNOWN, nearest=ByHand(qwv_zorbixx=(1.0, 0.0)))
    best = found.candidates[0]
    assert best.heading == "6601"
    assert [(reason.kind, "umbrella" in reason.sentence) for reason in best.reasons] == [("likeness", True)]
    assert _whole(found)


def test_meaning_that_is_like_nothing_changes_nothing() -> None:
    """Below a cosine of 0.2 two texts have nothing in common."""
    for text in ("mens cotton t-shirt", "power bank 10000mah", UNKNOWN):
        far = ByHand(**{text.replace(" ", "_"): (0.1, -0.9)})
        assert suggest(text, nearest=far) == suggest(text)
        assert far.asked == [text]


def test_words_that_name_the_goods_outweigh_what_is_only_somewhat_like_them() -> None:
    """A fair likeness to something else does not take the first place from a plain name."""
    text = "mens knitted cotton t-shirt"
    found = suggest(text, nearest=ByHand(**{text.replace(" ", "_"): (0.6, 0.0)}))
    assert found.candidates[0].hs6 == "610910"
    assert _whole(found)


def test_a_vague_text_stays_vague_whatever_it_is_like() -> None:
    """Only words of the text can name the goods; a hint is not lost to a guess."""
    for text in ("gift", "parts"):
        found = suggest(text, nearest=ByHand(**{text: (1.0, 0.0)}))
        assert found.is_vague and found.hint


def test_a_text_without_english_words_is_not_put_to_the_model() -> None:
    """The model reads no Chinese; in a mixed text it reads the rest."""
    model = ByHand()
    assert suggest("女士纯棉睡衣", nearest=model) == suggest("女士纯棉睡衣")
    assert model.asked == []
    suggest("nike 女鞋 shoes", nearest=model)
    assert [one.split() for one in model.asked] == [["nike", "shoes"]]


def test_a_subheading_takes_its_strongest_likeness() -> None:
    """Strength is the square of how far the cosine is above 0.2, times how sure the term is of the code."""
    found = likeness(UNKNOWN, nearest=ByHand(qwv_zorbixx=(0.0, 1.0)), index=the_index())
    assert found
    assert all(0 < one.strength <= 1.15 for one in found.values())
    assert {one.text for one in found.values()} <= {"running shoe", "trainer"}
    weaker = likeness(UNKNOWN, nearest=ByHand(qwv_zorbixx=(0.0, 0.6)), index=the_index())
    assert all(weaker[hs6].strength < one.strength for hs6, one in found.items() if hs6 in weaker)


def test_a_model_that_is_not_installed_is_told_with_its_remedy() -> None:
    """The sentence names the package and the command."""
    with pytest.raises(ModelUnavailable, match=r"no_such_module is missing\. Run: make install-model"):
        extra("no_such_module")


def test_the_command_says_what_to_install() -> None:
    """Without the extra nothing is made, and the sentence says how to get it."""
    if EXTRA:
        print("The extra is installed here, so its absence is not checked.")
        return
    with pytest.raises(CommandError, match="make install-model"):
        call_command("make_vectors", stdout=io.StringIO())


def test_the_setting_without_the_model_leaves_suggestions_by_words(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The page does not fail; the log says once what to do."""
    plain = suggest("ladies running shoe")
    settings.CLASSIFY_MODEL = True
    settings.VAR_DIR = tmp_path
    vectors._installed.cache_clear()
    try:
        with caplog.at_level(logging.ERROR):
            assert the_nearest() is None
            assert suggest("ladies running shoe") == plain
    finally:
        vectors._installed.cache_clear()
    assert [("Run: " in record.getMessage()) for record in caplog.records] == [True]


def test_the_model_is_off_unless_it_is_asked_for() -> None:
    """The default setting loads nothing."""
    assert the_nearest() is None


def test_vectors_belong_to_just_the_texts_that_they_were_made_of(tmp_path: Path) -> None:
    """A term more is another file: old vectors are never taken for new ones."""
    before = vector_path(("umbrella", "shoe"), folder=tmp_path)
    assert before == vector_path(("umbrella", "shoe"), folder=tmp_path)
    assert before != vector_path(("umbrella", "shoe", "sock"), folder=tmp_path)
    assert before != vector_path(("shoe", "umbrella"), folder=tmp_path)


def test_the_real_model_finds_what_means_the_same(tmp_path: Path) -> None:
    """With the extra: vectors are written once, found again, and those of an older vocabulary removed."""
    if not EXTRA:
        print("The extra is not installed here, so the model itself is not checked.")
        return
    model = MiniLm()
    texts = ("umbrella", "running shoes", "dog food", "bulldozer")
    old = make_vectors(texts[:2], folder=tmp_path, model=model)
    with pytest.raises(ModelUnavailable, match="make_vectors"):
        vectors.VectorFile(texts, folder=tmp_path, model=model)
    path = make_vectors(texts, folder=tmp_path, model=model)
    assert path.is_file() and not old.exists()
    found = vectors.VectorFile(texts, folder=tmp_path, model=model)
    best = [
        max(found.nearest(text, limit=limit), key=lambda pair: pair[1])[0]
        for text in ("sneakers for jogging", "keeps the rain off", "kibble for puppies", "excavator")
        for limit in (2, 9)
    ]
    assert best == [text for text in ("running shoes", "umbrella", "dog food", "bulldozer") for _ in range(2)]


def test_opening_the_model_says_what_is_missing(settings: Settings, tmp_path: Path) -> None:
    """Either the extra or its vectors: one sentence, one command."""
    settings.VAR_DIR = tmp_path
    with pytest.raises(ModelUnavailable, match=r"Run: (make install-model|manage\.py make_vectors)"):
        open_nearest()
