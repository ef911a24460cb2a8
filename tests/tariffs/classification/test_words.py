"""Words of a text: stems, slips, Chinese pairs, and what is dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffs.classification.attributes import agreement, attributes_of
from tariffs.classification.spelling import is_one_slip, skeleton, speller
from tariffs.classification.stemming import stem
from tariffs.classification.words import bigrams, cut, phrase


@pytest.mark.parametrize(
    ("words", "root"),
    [
        (("dress", "dresses"), "dress"),
        (("battery", "batteries"), "battery"),
        (("brush", "brushes"), "brush"),
        (("shelf", "shelves", "shelving"), "shelf"),
        (("knit", "knitted"), "knit"),
        (("colour", "color", "colours"), "color"),
        (("jewellery", "jewelry"), "jewelry"),
        (("print", "printed", "printing", "prints"), "print"),
        (("ladies", "women", "womens"), "women"),
        (("bed", "beds"), "bed"),
    ],
)
def test_forms_of_a_word_have_one_stem(words: tuple[str, ...], root: str) -> None:
    """Plural, past and spelling of both sides of the ocean."""
    assert {stem(word) for word in words} == {root}


def test_sizes_counts_and_numbers_say_nothing() -> None:
    """What is left of a marketplace title are the words for the goods."""
    assert phrase("2 x 500ml Bottle, 30cm") == ("bottl",)
    assert cut("T-Shirt XL").english[0].stem == "tshirt"


def test_what_follows_for_or_with_says_less() -> None:
    """A case for a phone is no phone."""
    case, phone = cut("case for phone").english
    assert case.place > phone.place


def test_chinese_is_cut_into_pairs_within_a_run() -> None:
    """A space divides; a character alone stays."""
    assert bigrams("纯棉睡衣") == ("纯棉", "棉睡", "睡衣")
    assert bigrams("女鞋 真皮 茶") == ("女鞋", "真皮", "茶")


@pytest.mark.parametrize(
    ("word", "other", "answer"),
    [
        ("shampo", "shampoo", True),
        ("lipstcik", "lipstick", True),
        ("cotten", "cotton", True),
        ("cotton", "cotton", True),
        ("cotn", "cotton", False),
        ("chino", "rhino", True),
    ],
)
def test_one_slip_is_one_letter_or_one_swap(word: str, other: str, answer: bool) -> None:
    """Damerau's four slips."""
    assert is_one_slip(word, other) is answer


def test_consonants_find_what_price_labels_write_without_vowels() -> None:
    """shmpoo, cndtnr, mstrsr."""
    known = speller({"shampoo": 3, "conditioner": 2, "moisturiser": 1})
    assert skeleton("shmpoo") == skeleton("shampoo")
    assert [known.near(word, is_last=False)[0][0] for word in ("shmp", "cndtnr", "mstrsr")] == [
        "shampoo",
        "conditioner",
        "moisturiser",
    ]


def test_words_written_together_come_apart() -> None:
    """Labels leave no room for spaces."""
    known = speller({"phone": 3, "charger": 2, "hair": 1, "spray": 1})
    assert known.parts("phonecharger") == ("phone", "charger")
    assert known.parts("qwertzuiop") == ()


def test_attributes_are_read_in_both_languages() -> None:
    """For whom, of what, how made."""
    assert attributes_of("Ladies knitted merino jumper") == {
        "person": "women",
        "make": "knitted",
        "material": "wool",
    }
    assert attributes_of("男士纯棉针织衫") == {"person": "men", "make": "knitted", "material": "cotton"}


def test_a_subheading_agrees_or_differs_by_its_own_text() -> None:
    """6109.10 is of cotton; 6109.90 is not; neither says for whom."""
    wanted = {"material": "cotton", "person": "men"}
    assert agreement(wanted, "610910") == (1, 0)
    assert agreement({"material": "synthetic"}, "610910") == (0, 1)
    assert agreement({"make": "woven"}, "620443") == (1, 0)
    assert agreement({"make": "knitted"}, "620443") == (0, 1)


@given(st.text(max_size=200))
def test_any_text_can_be_cut(text: str) -> None:
    """Cutting never raises and leaves no empty word."""
    assert all(word.stem and word.written for word in cut(text).english)
