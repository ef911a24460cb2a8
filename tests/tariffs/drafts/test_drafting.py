"""Drafts as text: edits leave every other line as it is, and what is found is found where it stands."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from swindow.problems import Refused
from tariffs.assessment import assess, to_snapshot
from tariffs.drafting.checking import problems_of
from tariffs.drafting.compiling import compile_draft
from tariffs.drafting.differences import differences_of, effective_days
from tariffs.drafting.edits import (
    DRAFT_FILES,
    Files,
    FileWritten,
    ParameterAdded,
    ParameterClosed,
    RateAdded,
    RateClosed,
    RateTakenOut,
)
from tariffs.drafting.golden import read_cases, run_cases
from tariffs.drafting.preview import StoredCase, what_changes
from tariffs.drafting.touching import Touch, touches_of
from tariffs.exchange import OfficialRate, use_tables
from tariffs.facts import ConsignmentFacts, Dates
from tariffs.pack_parsing import REGULATIONS
from tariffs.packs import pack_for
from tests.tariffs.drafts.rows import (
    EVIDENCE,
    NEW_YEAR,
    gst_rise,
    limit_change,
    limit_on,
    line_of,
    parameter_line,
)
from tests.tariffs.facts import item, to_china

FOLDERS = sorted(path.parent.name for path in REGULATIONS.glob("*/golden.json"))


def folder_files(name: str) -> Files:
    return {file: (REGULATIONS / name / file).read_text(encoding="utf-8") for file in DRAFT_FILES}


@pytest.fixture
def files() -> Files:
    """Singapore as it is in its folder."""
    return folder_files("sg")


def to_singapore(*, on: date = date(2026, 11, 22), price: str = "1000") -> ConsignmentFacts:
    facts = to_china(item("640411", price, currency="SGD"))
    return replace(facts, jurisdiction="SG", currency="SGD", transport_mode="air", dates=Dates(acceptance=on))


@pytest.mark.parametrize("name", FOLDERS)
def test_the_law_that_comes_with_the_portal_has_no_problem(name: str) -> None:
    """Otherwise no draft of it could be proposed; its golden cases hold."""
    files = folder_files(name)
    assert problems_of(files, jurisdiction=name.upper()) == ()
    report = run_cases(read_cases(files["golden.json"]), pack=compile_draft(files))
    assert report.count >= 12
    assert report.failed == ()


def test_a_changed_rate_ends_and_its_successor_follows(files: Files) -> None:
    """Two lines differ, thousands stay as they are."""
    edited = gst_rise(files).applied(files, base=files)
    old, new = files["rates.csv"].split("\n"), edited["rates.csv"].split("\n")
    line = line_of(files, type="gst", expression="9%")
    assert (old[: line - 1], old[line:]) == (new[: line - 1], new[line + 1 :])
    assert ",9%,,SG-07,,,2024-01-01,2027-01-01," in new[line - 1]
    assert ",10%,,SG-07,,,2027-01-01,,https://www.iras.gov.sg/taxes,2026-11-20,true,true" in new[line]
    assert {name for name in files if files[name] != edited[name]} == {"rates.csv"}


def test_a_row_is_not_changed_before_it_begins_nor_after_it_ends(files: Files) -> None:
    """PD-14, PD-15: periods of one rate do not overlap."""
    with pytest.raises(Refused, match="begins on 2024-01-01 only"):
        gst_rise(files, on=date(2024, 1, 1)).applied(files, base=files)
    closed = RateClosed(line_of(files, type="gst", expression="8%"), date(2024, 1, 1))
    with pytest.raises(Refused, match="ends on 2024-01-01 already"):
        closed.applied(files, base=files)


def test_a_published_row_is_closed_and_never_taken_out(files: Files) -> None:
    """PD-11: what was law stays readable; what this draft added was never law."""
    with pytest.raises(Refused, match="is published"):
        RateTakenOut(line_of(files, type="gst", expression="9%")).applied(files, base=files)
    edited = gst_rise(files).applied(files, base=files)
    back = RateTakenOut(line_of(edited, expression="10%")).applied(edited, base=files)
    assert line_of(back, type="gst", expression="9%", valid_to="2027-01-01")


def test_a_changed_parameter_keeps_the_file_and_its_comments(files: Files) -> None:
    """The next value stands below the old one, and the law reads each on its days."""
    edited = limit_change(files).applied(files, base=files)
    kept = [line for line in edited["pack.toml"].split("\n") if line in files["pack.toml"].split("\n")]
    assert [line for line in files["pack.toml"].split("\n") if line.startswith("#")] == [
        line for line in kept if line.startswith("#")
    ]
    assert limit_on(edited, date(2026, 12, 31)) == "400"
    assert limit_on(edited, NEW_YEAR) == "500"
    assert compile_draft(edited).version == compile_draft(files).version


def test_a_parameter_between_two_days_is_split_in_the_middle(files: Files) -> None:
    """The successor ends where the old value would have ended."""
    first = limit_change(files, value="500").applied(files, base=files)
    ends = ParameterClosed(parameter_line(first, "low_value_limit"), date(2028, 1, 1))
    second = ends.applied(first, base=files)
    third = limit_change(second, value="450", on=date(2027, 7, 1)).applied(second, base=files)
    days = (date(2026, 12, 31), NEW_YEAR, date(2027, 7, 1), date(2027, 12, 31), date(2028, 1, 1))
    assert [limit_on(third, day) for day in days] == ["400", "500", "450", "450", ""]


def test_a_value_is_added_below_the_others_of_its_name(files: Files) -> None:
    """A gap is filled without touching what was there."""
    closed = ParameterClosed(parameter_line(files, "low_value_limit"), NEW_YEAR).applied(files, base=files)
    more = ParameterAdded("low_value_limit", "600", "SG-01", date(2027, 7, 1), None, EVIDENCE)
    edited = more.applied(closed, base=files)
    assert [limit_on(edited, day) for day in (date(2027, 6, 30), date(2027, 7, 1))] == ["", "600"]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("pack.toml", "[rounding]", "[rounding", ("Expected ']'", 1)),
        ("pack.toml", "value <= low_value_limit", "value <= low_limit", ("'low_limit' is not known", 1)),
        ("pack.toml", 'value = "400"', 'value = "many"', ("is no number", 0)),
        ("pack.toml", 'jurisdiction = "SG"', 'jurisdiction = "MY"', ("The draft is for SG.", 1)),
        ("pack.toml", 'agencies = ["customs"', 'agencies = ["army"', ("army is none of the agencies", 1)),
        ("rates.csv", "gst,,,,,,,9%", "gst,,,,,,,9 ABC / kg", ("no currency ABC", 13)),
        ("rates.csv", "gst,,,,,,,9%,,SG-07", "gst,,,,,,,9%,,SG-99", ("There is no rule SG-99", 0)),
        ("rates.csv", "gst,,,,,,,9%,,", "gst,,,,,,,9%,", ("17 cells instead of 18", 0)),
        ("rates.csv", "9%,,SG-07,,,2024-01-01,", "9%,,SG-07,,,20240101,", ("20240101 in valid_from", 0)),
        (
            "rates.csv",
            "9%,,SG-07,,,2024-01-01,",
            "9%,,SG-07,,,2023-06-01,",
            ("two rows for the same days", 0),
        ),
        ("rates.csv", "type,hs_prefix", "typ,hs_prefix", ("lacks the columns type", 0)),
        ("controls.csv", ",quarantine,", ",army,", ("army is none of the agencies", 0)),
        ("golden.json", "[", "{", ("golden cases cannot be read", 1)),
        ("golden.json", '"SG-01"', '"SG-02"', ("No golden case shows rule SG-01", 0)),
    ],
)
def test_a_problem_is_named_with_its_place(
    files: Files, file: str, old: str, new: str, expected: tuple[str, int]
) -> None:
    """File, line and character; 0 where only the line is known."""
    assert old in files[file]
    count = -1 if file == "golden.json" and old != "[" else 1
    broken = {**files, file: files[file].replace(old, new, count)}
    found = problems_of(broken, jurisdiction="SG")
    problem = next(one for one in found if expected[0] in one.message)
    assert problem.file == file
    if expected[1]:
        assert problem.line > 0
        assert problem.character >= expected[1]
    if file == "rates.csv" and expected[1]:
        assert problem.character == expected[1]


def test_a_parameter_with_two_values_for_one_day_is_found(files: Files) -> None:
    """The engine would silently take the last."""
    more = ParameterAdded("low_value_limit", "600", "SG-01", NEW_YEAR, None, EVIDENCE)
    found = problems_of(more.applied(files, base=files), jurisdiction="SG")
    assert ["two values for the same days" in problem.message for problem in found] == [True]


@pytest.mark.parametrize("text", ["", "\0", "[" * 5_000, "{" * 5_000, '"', "a,b\n" * 3, "x" * 200_000])
@pytest.mark.parametrize("file", DRAFT_FILES)
def test_any_text_is_answered_with_problems(files: Files, file: str, text: str) -> None:
    """Whatever an officer pastes, the draft says what is wrong with it."""
    broken = {**files, file: text}
    assert problems_of(broken, jurisdiction="SG")
    assert differences_of(files, broken) is not None


def test_golden_cases_fail_with_both_figures(files: Files) -> None:
    """Expected and found, case by case."""
    early = gst_rise(files, on=date(2026, 1, 1)).applied(files, base=files)
    report = run_cases(read_cases(files["golden.json"]), pack=compile_draft(early))
    case = next(one for one in report.failed if one.name.startswith("a cent above SGD 400"))
    assert {wrong.name: (wrong.expected, wrong.found) for wrong in case.mismatches}["payable"] == (
        "36.00",
        "40.00",
    )


def test_official_tables_of_a_portal_do_not_fail_golden_cases() -> None:
    """They were worked out by the ECB's rates."""
    files = folder_files("eu")
    odd = OfficialRate("USD", "EUR", Decimal("0.5"), date(2000, 1, 1), date(2100, 1, 1), "a table")
    use_tables(lambda jurisdiction: [odd])
    report = run_cases(read_cases(files["golden.json"]), pack=compile_draft(files))
    assert report.failed == ()


def test_differences_are_rows_with_what_was_and_what_is(files: Files) -> None:
    """A rise is an end and a beginning; neither rewrites history."""
    edited = limit_change(files).applied(files, base=files)
    edited = gst_rise(edited).applied(edited, base=files)
    found = differences_of(files, edited)
    assert [(one.file, one.kind) for one in found] == [
        ("pack.toml", "closed"),
        ("pack.toml", "added"),
        ("rates.csv", "closed"),
        ("rates.csv", "added"),
    ]
    assert not any(one.rewrites_history for one in found)
    assert effective_days(found) == (NEW_YEAR,)
    end = found[2].changes[0]
    assert (end.name, end.old, end.new) == ("valid_to", "", "2027-01-01")


def test_an_overwritten_row_rewrites_history_and_a_better_source_does_not(files: Files) -> None:
    """A second person looks twice where days that are past get another law."""
    text = files["rates.csv"]
    other = differences_of(files, {**files, "rates.csv": text.replace("gst,,,,,,,8%", "gst,,,,,,,8.5%")})
    assert [(one.kind, one.rewrites_history) for one in other] == [("rewritten", True)]
    row = text.split("\n")[line_of(files, type="customs_duty", hs_prefix="2204") - 1]
    surer = text.replace(row, row.replace("not confirmed in a source,,false", "Act 1,,true"))
    better = differences_of(files, {**files, "rates.csv": surer})
    assert [(one.kind, one.rewrites_history) for one in better] == [("rewritten", False)]
    gone = differences_of(files, {**files, "rates.csv": text.replace(f"{row}\n", "")})
    assert [(one.kind, one.rewrites_history) for one in gone] == [("removed", True)]


def test_touched_goods_are_those_of_the_changed_rows(files: Files) -> None:
    """By prefix and origin; a formula or a tax on everything is about all goods; names are about none."""
    added = RateAdded({"type": "customs_duty", "hs_prefix": "640411", "origin": "CN|VN", "expression": "3%"})
    edited = added.applied(files, base=files)
    found = touches_of(differences_of(files, edited), files=edited)
    assert found == (Touch("640411", frozenset(["SG"]), frozenset(["CN", "VN"])),)
    wide = limit_change(edited).applied(edited, base=files)
    assert touches_of(differences_of(files, wide), files=wide) == (Touch("", frozenset(["SG"])),)
    named = FileWritten("rates.csv", files["rates.csv"].replace("skimmed milk powder", "milk powder", 1))
    words = named.applied(files, base=files)
    assert differences_of(files, words)
    assert touches_of(differences_of(files, words), files=words) == ()


def test_stored_cases_show_what_the_draft_would_change(files: Files) -> None:
    """On their own days nothing, from the new year on a tenth instead of nine hundredths."""
    facts = to_singapore()
    base = pack_for("SG", on=NEW_YEAR)
    stored = [StoredCase("SW-1", to_snapshot(facts, assess(facts)))]
    draft = compile_draft(gst_rise(files).applied(files, base=files))
    assert what_changes(draft, stored, base=base).changes == ()
    preview = what_changes(draft, stored, base=base, on=NEW_YEAR)
    assert preview.count == 1
    change = preview.changes[0]
    assert (change.key, change.taxes) == ("SW-1", (("gst", Decimal("90.00"), Decimal("100.00")),))
    assert change.rises_by == 10


def test_a_case_that_the_draft_cannot_work_out_says_why(files: Files) -> None:
    """A parameter that ends without a successor is an error, never a guess."""
    facts = to_singapore()
    base = pack_for("SG", on=NEW_YEAR)
    stored = [StoredCase("SW-1", to_snapshot(facts, assess(facts)))]
    ended = ParameterClosed(parameter_line(files, "low_value_limit"), NEW_YEAR).applied(files, base=files)
    preview = what_changes(compile_draft(ended), stored, base=base, on=NEW_YEAR)
    assert "low value limit" in preview.changes[0].after.problem
