"""The vocabulary that the product ships: every code exists, and a mistake names its file and line."""

import csv
from pathlib import Path

import pytest

from tariffs import nomenclature
from tariffs.classification.index import the_index
from tariffs.classification.vocabulary import VocabularyError, load_vocabulary
from tests.tariffs.shared_data import shared


def test_the_vocabulary_is_large_and_in_two_languages() -> None:
    """At least 3,000 everyday terms with codes of HS 2022, most of them with Chinese."""
    rows = [row for row in load_vocabulary() if row.kind in {"term", "default"}]
    assert sum(len(row.en) for row in rows) >= 3000
    assert sum(bool(row.zh) for row in rows) / len(rows) > 0.9
    assert all(nomenclature.exists(code) for row in rows for code in row.codes)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("sock,袜子,777777,", "x.csv line 2: HS 2022 has no code 777777"),
        ("sock,袜子,,", "x.csv line 2: HS 2022 has no code (empty)"),
        (",,611595,", "x.csv line 2: neither an English nor a Chinese term"),
        ("sock,611595", "x.csv line 2: 2 cells instead of 4"),
    ],
)
def test_a_mistake_in_a_file_names_its_line(tmp_path: Path, line: str, problem: str) -> None:
    """Nothing is passed over in silence."""
    (tmp_path / "x.csv").write_text(f"en,zh,codes,question\n{line}\n", encoding="utf-8")
    with pytest.raises(VocabularyError) as caught:
        load_vocabulary(tmp_path)
    assert str(caught.value).startswith(problem)


def test_a_file_with_other_columns_is_refused(tmp_path: Path) -> None:
    """The header is part of the form."""
    (tmp_path / "x.csv").write_text("english,codes\nsock,611595\n", encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"x\.csv line 1"):
        load_vocabulary(tmp_path)


def test_every_subheading_can_be_found_by_its_own_words() -> None:
    """The tariff's own text is in the index for all 5,612."""
    found = {hs6 for postings in the_index().tariff.values() for hs6, _ in postings}
    assert len(found) == 5612


def test_no_text_of_the_measured_set_is_a_long_term_of_the_vocabulary() -> None:
    """Terms are general words of the trade; whole texts of four words and more would be copies."""
    path = shared("uk_fpo_parcel_train_mit.csv")
    if path is None:
        return
    with path.open(encoding="utf-8", newline="") as file:
        texts = {row["text"].lower() for row in csv.DictReader(file)}
    terms = {term.lower() for row in load_vocabulary() for term in row.en}
    assert not {term for term in terms & texts if len(term.split()) > 3}
