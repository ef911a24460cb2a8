"""Suggestions for free text: distinct candidates, reasons, questions, and a hint for what says nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tariffs import nomenclature
from tariffs.classification import Suggestion, suggest


def _codes(text: str) -> list[str]:
    return [candidate.hs6 for candidate in suggest(text).candidates]


def _is_whole(found: Suggestion) -> bool:
    codes = [candidate.hs6 for candidate in found.candidates]
    scores = [candidate.score for candidate in found.candidates]
    return (
        len(set(codes)) == len(codes) == 10
        and all(nomenclature.exists(code) and len(code) == 6 for code in codes)
        and scores == sorted(scores, reverse=True)
        and all(0 <= score <= 1 for score in scores)
        and all(candidate.reasons for candidate in found.candidates)
    )


@given(st.text(max_size=120))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_ten_distinct_subheadings(text: str) -> None:
    """Whatever is typed, nothing is raised and the list is full."""
    assert _is_whole(suggest(text))


WORDS = st.sampled_from(
    [
        *("cotton", "dress", "610910", "shoe", "鞋", "女士", "led", "parts", "gift", "xl", "12cm", "ml"),
        *("charger", "wooden", "toy,", "(for)", "61", "&", "shmpoo"),
    ]
)


@given(st.lists(WORDS, max_size=30).map(" ".join), st.sampled_from(["en", "zh", "zh-hans"]))
@settings(max_examples=100, deadline=None)
def test_any_words_of_the_trade_get_ten_distinct_subheadings(text: str, language: str) -> None:
    """The same for texts that look like a seller's, in either language."""
    assert _is_whole(suggest(text, language=language))


@pytest.mark.parametrize(
    ("text", "hs6"),
    [
        ("mens knitted cotton t-shirt", "610910"),
        ("women's polyester woven dress", "620443"),
        ("nike air women running shoe mesh", "640411"),
        ("female leather handbag", "420221"),
        ("wooden chest of drawers bedroom 80x48 white", "940350"),
        ("plush teddy bear 30cm", "950300"),
        ("bluetooth earbuds", "851830"),
        ("usb wall charger 20w", "850440"),
        ("power bank 10000mah", "850760"),
        ("smartphone 128gb", "851713"),
        ("brake pads front axle", "870830"),
        ("scented candle vanilla", "340600"),
        ("dry dog food chicken 2kg", "230910"),
        ("stainless steel vacuum flask", "961700"),
        ("duvet 10.5 tog", "940440"),
        ("halloween witch costume", "950590"),
        ("christmas tree baubles", "950510"),
    ],
)
def test_everyday_goods_are_found_first(text: str, hs6: str) -> None:
    """What customs decides for the common version of the thing stands first."""
    assert _codes(text)[0] == hs6


@pytest.mark.parametrize(
    ("text", "hs6"),
    [
        ("女士纯棉睡衣", "610831"),
        ("男士纯棉T恤", "610910"),
        ("手机壳", "392690"),
        ("保温杯", "961700"),
        ("毛绒玩具", "950300"),
        ("蓝牙耳机", "851830"),
        ("口红", "330410"),
        ("猫粮", "230910"),
    ],
)
def test_chinese_titles_are_read_as_well(text: str, hs6: str) -> None:
    """Chinese is matched by pairs of characters against the Chinese terms of the vocabulary."""
    assert hs6 in _codes(text)[:3]


@pytest.mark.parametrize(
    ("text", "hs6"),
    [
        ("shampo", "330510"),  # a letter left out
        ("lipstcik", "330410"),  # two letters swapped
        ("hydrtng mstrsr", "330499"),  # vowels left out
        ("elegant glass perfume women hairspra", "330530"),  # cut off after some characters
        ("hairspray200ml", "330530"),  # figures written on to the word
        ("phonecharger", "850440"),  # written together
    ],
)
def test_slips_of_typing_are_forgiven(text: str, hs6: str) -> None:
    """Trigrams, consonants, beginnings and parts find the word that was meant."""
    assert hs6 in _codes(text)[:5]


def test_a_code_finds_what_begins_with_it() -> None:
    """6109 gives the subheadings of the heading first; 6109.10.00 its own one."""
    assert set(_codes("6109")[:2]) == {"610910", "610990"}
    assert _codes("6109.10")[0] == "610910"
    assert _codes("6109100010")[0] == "610910"
    found = suggest("6109")
    assert found.candidates[0].reasons[0].kind == "code"
    assert found.hint and not found.is_vague


@pytest.mark.parametrize(("said", "hs6"), [("men", "610721"), ("women", "610831")])
def test_for_whom_decides_between_headings(said: str, hs6: str) -> None:
    """Attributes of the text choose among what the words leave open."""
    assert _codes(f"{said} knitted cotton pyjamas")[0] == hs6


@pytest.mark.parametrize(
    "text",
    [
        "gift",
        "parts",
        "black, xl",
        "misc",
        "sample",
        "",
        "  ",
        "12 x 30 cm",
        "accessories",
        "goods",
        "礼品",
        "配件",
    ],
)
def test_a_text_that_names_no_goods_gets_a_hint_and_keeps_its_candidates(text: str) -> None:
    """Such a text cannot be declared as it stands."""
    found = suggest(text)
    assert found.is_vague
    assert "what the goods are" in found.hint
    assert len(found.candidates) == 10


@pytest.mark.parametrize("text", ["gift box cardboard", "cotton socks", "spark plug", "猫粮", "lipstick red"])
def test_a_text_that_names_goods_gets_no_hint(text: str) -> None:
    """A word like gift or red does no harm beside the goods' own name."""
    found = suggest(text)
    assert not found.is_vague
    assert found.hint == ""


def test_each_candidate_says_which_words_spoke_for_it() -> None:
    """A reason names its source and the words of the text that matched there."""
    best = suggest("ladies running shoe").candidates[0]
    by_kind = {reason.kind: reason for reason in best.reasons}
    assert "running" in by_kind["trade_term"].words
    assert "shoe" in by_kind["nomenclature"].words
    assert all(reason.sentence for reason in best.reasons)


def test_questions_tell_what_decides() -> None:
    """Knitted or woven, of what, for whom: asked only while the text leaves it open."""
    open_text = suggest("pyjamas")
    assert open_text.questions
    assert any("knit" in question.lower() for question in open_text.questions)


def test_questions_come_in_the_readers_language() -> None:
    """A Chinese reader gets the Chinese question."""
    questions = suggest("睡衣", language="zh").questions
    assert any("针织" in question for question in questions)


def test_candidates_can_be_grouped_by_heading() -> None:
    """Groups keep the order of their best member."""
    found = suggest("cotton t-shirt")
    groups = found.by_heading()
    assert next(iter(groups)) == found.candidates[0].heading
    assert sum(len(group) for group in groups.values()) == 10


def test_the_difference_in_duty_is_shown_where_there_is_one() -> None:
    """A choice between codes is a choice between duties; equal duties are not worth a line."""
    equal = suggest("cotton t-shirt", duty_of=lambda _hs6: "12 %")
    differing = suggest("cotton t-shirt", duty_of=lambda hs6: "12 %" if hs6 == "610910" else "6.5 %")
    assert not any(reason.kind == "duty" for one in equal.candidates for reason in one.reasons)
    assert differing.candidates[0].reasons[-1].sentence == "Duty: 12 %."


def test_the_same_text_always_gets_the_same_answer() -> None:
    """Equal scores are ordered by code, never by chance."""
    assert suggest("kids bag") == suggest("kids bag")


def test_more_or_fewer_candidates_may_be_asked_for() -> None:
    """A typeahead wants five."""
    assert len(suggest("gloves", limit=5).candidates) == 5
    assert len(suggest("zzzz", limit=20).candidates) == 20
