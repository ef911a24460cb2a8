"""Each authority's file: its columns, codes, days, origins, and what is said of a file that is another."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from swindow.problems import Refused
from tariffs.models import TariffLine, TariffMeasure, TariffSchedule
from tariffs.schedules.cells import after, day, depth, padded_code, trimmed
from tariffs.schedules.looking_up import children, line, measures
from tariffs.schedules.rows import NotRead, ReadMeasure
from tariffs.schedules.tables import open_table
from tariffs.schedules.us_hts import special_rates
from tests.tariffs.schedules.files import (
    EU_HEADER,
    UK_HEADER,
    US_HEADER,
    US_LINES,
    eu_measure,
    load,
    uk_measure,
    us_file,
    write,
)

JULY = date(2026, 7, 1)
COMMODITIES = (
    (
        "id",
        "commodity__sid",
        "commodity__code",
        "commodity__suffix",
        "commodity__description",
        "commodity__validity_start",
        "commodity__validity_end",
        "parent__sid",
        "parent__code",
        "parent__suffix",
    ),
    ("1", "10", "9500000000", "80", "THINGS TO PLAY WITH", "2021-01-01", "#NA", "#NA", "#NA", "#NA"),
    ("2", "11", "9503000000", "80", "Wheeled things", "2021-01-01", "#NA", "10", "9500000000", "80"),
    ("4", "13", "9503001000", "80", "With an engine", "2021-01-01", "#NA", "12", "9503001000", "10"),
    ("3", "12", "9503001000", "10", "To ride on", "2021-01-01", "#NA", "11", "9503000000", "80"),
    ("5", "14", "9503002000", "80", "Old ones", "2021-01-01", "2024-12-31", "11", "9503000000", "80"),
    ("6", "15", "9503003000", "80", "To come", "2027-01-01", "#NA", "11", "9503000000", "80"),
    ("7", "16", "9503004000", "80", "An orphan", "2021-01-01", "#NA", "99", "9503990000", "80"),
    ("8", "17", "950300500", "80", "Cut short", "2021-01-01", "#NA", "11", "9503000000", "80"),
)


@pytest.mark.parametrize(
    ("code", "shorter"),
    [
        ("0101000000", "0101"),
        ("1000000000", "10"),
        ("6109100010", "6109100010"),
        ("6109100000", "610910"),
        ("20", "20"),
    ],
)
def test_zeros_that_fill_a_code_up_are_taken_away(code: str, shorter: str) -> None:
    """In pairs, and never below a chapter."""
    assert trimmed(code) == shorter


def test_days_are_written_in_two_ways_and_end_after_the_last() -> None:
    """Authorities print the last day on which a measure holds; we keep the first on which it does not."""
    assert day("2026-07-01") == day("01-07-2026") == day("01/07/2026") == JULY
    assert after(day("2026-12-31")) == date(2027, 1, 1)
    assert after(day("9999-12-31")) is None
    assert day("") is None


@pytest.mark.parametrize("text", ["35796", "31-02-2026", "July"])
def test_a_day_is_never_guessed(text: str) -> None:
    """A spreadsheet's number of days is not a day."""
    with pytest.raises(NotRead, match="is not a day"):
        day(text)


def test_indents_are_numbers_or_dashes() -> None:
    """The Commission draws them, the others count."""
    assert [depth(text) for text in ("0", "3", "- -", "--")] == [0, 3, 2, 2]
    for text in ("", "x", "-1", "21", "999", "-" * 21):
        with pytest.raises(NotRead, match="is not a number"):
            depth(text)


@pytest.mark.parametrize("text", ["950300500", "9503.00.50", "95030050000", ""])
def test_a_code_that_lost_a_zero_is_told(text: str) -> None:
    """Nine digits are not a code: nobody knows on which side one is missing."""
    with pytest.raises(NotRead, match="leading zero"):
        padded_code(text)


def test_special_rates_are_parted_by_their_programmes() -> None:
    """Each rate is followed by its programmes in brackets."""
    found = list(special_rates("Free (A+,AU, S) 3.4% (JP) 2¢/kg + 1% (KR)", row=1, code="01"))
    assert [(one.expression, one.origins) for one in found] == [
        ("Free", "A+ AU S"),
        ("3.4%", "JP"),
        ("2¢/kg + 1%", "KR"),
    ]


@pytest.mark.parametrize("text", ["Free", "Free (AU", "Free (AU) and more", "Free (PA (PA, AU)"])
def test_a_special_rate_without_clear_programmes_is_nobodys(text: str) -> None:
    """It is kept whole, is not understood, and belongs to no country."""
    (found,) = special_rates(text, row=1, code="01")
    assert isinstance(found, ReadMeasure)
    assert (found.expression, found.origins) == (text, "special")
    assert "programmes" in found.problem


@pytest.mark.django_db
def test_lines_of_the_us_that_cannot_be_read_are_listed(tmp_path: Path) -> None:
    """A letter in a code, an indent that is none, a rate without a code, a text at the end."""
    wrong = (
        ("64AB.10.00", "1", "Letters", "", "5%", "", "", "", ""),
        ("6401.99.00", "x", "No indent", "", "5%", "", "", "", ""),
        ("", "1", "A rate on a text", "", "5%", "", "", "", ""),
        ("", "1", "Nothing follows", "", "", "", "", "", ""),
    )
    report = load(us_file(tmp_path, [*US_LINES[:3], *wrong]))
    assert [one.row for one in report.unread] == [5, 6, 7, 8]
    assert all(one.reason.endswith(".") for one in report.unread)
    assert TariffSchedule.objects.get().unread_count == 4


@pytest.mark.django_db
def test_measures_of_the_united_kingdom(tmp_path: Path) -> None:
    """Kinds by number, a quota with its order number, conditions, an exclusion, an end."""
    rows = [
        UK_HEADER,
        uk_measure("9503000000", "103", "2.50 %", indent="0"),
        uk_measure("9503001000", "142", "0.00 %", indent="1", geographical_area__id="KR"),
        uk_measure("9503001000", "143", "1.00 %", geographical_area__id="2020", quota__order_number="051234"),
        uk_measure("9503001000", "552", "30.00 %", geographical_area__id="CN", additional_code__code="C999"),
        uk_measure(
            "9503001000", "695", "25.00 %", excluded_geographical_areas__ids="UA|EU", regulation__id="X210001"
        ),
        uk_measure("9503001000", "109", "p/st"),
        uk_measure("9503001000", "305", "20.00 %"),
        uk_measure("9503001000", "475", "#NA", conditions="Licence 9100 or nothing"),
        uk_measure("9503001000", "112", "0.00 %", effective_end_date="2026-06-30"),
        uk_measure("9503001000", "112", "0.00 %", effective_start_date="2027-01-01"),
        uk_measure("9503001000", "103", "#NA", geographical_area__id="BY"),
        uk_measure("950300100", "103", "1 %"),
        uk_measure("9503001000", "103", "1 %", effective_end_date="2020-01-01"),
    ]
    report = load(write(tmp_path / "measures.csv", rows), source="uk-tariff")
    assert (report.line_count, report.measure_count) == (2, 11)
    assert [(one.row, one.text) for one in report.unread] == [(12, ""), (13, "1 %"), (14, "1 %")]
    found = measures("9503001000", source="uk-tariff", on=JULY)
    assert {one.measure_type: one.expression for one in found if one.origins != ("BY",)} == {
        "third_country": "2.50 %",
        "preference": "0.00 %",
        "quota": "1.00 %",
        "antidumping": "30.00 %",
        "additional": "25.00 %",
        "supplementary_unit": "p/st",
        "vat": "20.00 %",
        "other": "",
    }
    (inherited,) = [one for one in found if one.origins == ("1011",) and one.measure_type == "third_country"]
    assert inherited.code == "9503"
    ukraine = measures("9503001000", source="uk-tariff", on=JULY, origin="UA")
    assert {one.measure_type: one.applies for one in ukraine} == {
        "third_country": "yes",
        "quota": "perhaps",
        "supplementary_unit": "yes",
        "vat": "yes",
        "other": "yes",
    }
    (control,) = [one for one in ukraine if one.measure_type == "other"]
    assert (control.conditions, control.is_understood) == ("Licence 9100 or nothing", True)


@pytest.mark.django_db
def test_the_commodities_report_makes_the_tree(tmp_path: Path) -> None:
    """Lines follow their parents' numbers; ended, coming and lost ones are no part of it."""
    files = (
        write(tmp_path / "commodities.csv", COMMODITIES),
        write(tmp_path / "measures.csv", [UK_HEADER, uk_measure("9503001000", "103", "2 %")]),
    )
    report = load(*files, source="uk-tariff")
    assert (report.line_count, report.measure_count) == (4, 1)
    assert [(one.file, one.row, one.code) for one in report.unread] == [
        ("commodities.csv", 9, "950300500"),
        ("commodities.csv", 8, "95030040"),
    ]
    found = line("9503001000", source="uk-tariff", on=JULY)
    assert found is not None
    assert found.path == ("THINGS TO PLAY WITH", "Wheeled things", "To ride on")
    assert [one.description for one in children("95", source="uk-tariff", on=JULY)] == ["Wheeled things"]


@pytest.mark.django_db
def test_a_tree_that_bites_its_tail_ends(tmp_path: Path) -> None:
    """Two lines that stand above one another hang from nothing."""
    row = ("1", "10", "9500000000", "80", "One", "2021-01-01", "#NA", "11", "#NA", "#NA")
    other = ("2", "11", "9503000000", "80", "Two", "2021-01-01", "#NA", "10", "#NA", "#NA")
    with pytest.raises(Refused, match="Nothing in these files"):
        load(write(tmp_path / "c.csv", [COMMODITIES[0], row, other]), source="uk-tariff")


@pytest.mark.django_db
def test_the_list_of_2021_is_read_gzipped(tmp_path: Path) -> None:
    """Codes of 8 and 10 digits, in any order."""
    text = (
        "commodity,description,cet_duty_rate,ukgt_duty_rate\n95030030,Kites,4%,2%\n9503002110,Dolls,1%,Fish\n"
    )
    path = tmp_path / "ukgt.csv.gz"
    path.write_bytes(gzip.compress((text + "950300,Short,1%,1%\n").encode()))
    report = load(path, source="uk-tariff")
    assert (report.line_count, report.measure_count) == (2, 2)
    assert [(one.row, one.code) for one in report.unread] == [(3, "9503002110"), (4, "950300")]


@pytest.mark.django_db
def test_duties_and_nomenclature_of_the_union(tmp_path: Path) -> None:
    """Two files make one version; blanks in the header and a suffix on the code are the Commission's."""
    duties = [
        EU_HEADER,
        eu_measure("9503000000", "103", "4.700 %"),
        eu_measure("9503001000", "103", "10.200 % + 93.100 EUR DTN"),
        eu_measure("9503001000", "143", "0.000 %", **{"Order No.": "09.1234", "Origin code": "KR"}),
        eu_measure("9503001000", "552", "Cond:  A cert: D-008 (01):12.000 %", **{"Origin code": "CN"}),
        eu_measure("9503001000", "103", "1.000 %", **{"Start date": "35796"}),
    ]
    texts = [
        ("Goods code", "Start date", "End date", "Language", "Hier. pos.", "Indent", "Description"),
        ("9500000000 80", "01-01-2000", "", "EN", "2", "", "THINGS TO PLAY WITH"),
        ("9503000000 80", "01-01-2000", "", "EN", "4", "", "Wheeled things"),
        ("9503001000 10", "01-01-2000", "", "EN", "8", "-", "- To ride on"),
        ("9503001000 80", "01-01-2000", "", "EN", "8", "- -", "- - With an engine"),
        ("9503001500 80", "01-01-2000", "", "EN", "8", "- -", "- - Without"),
        ("9503002000 80", "01-01-2000", "31-12-2024", "EN", "8", "-", "- Gone"),
        ("9503003000 80", "01-01-2000", "", "EN", "7", "-", "- Odd"),
    ]
    report = load(
        write(tmp_path / "duties.csv", duties, delimiter=";"),
        write(tmp_path / "texts.csv", texts),
        source="eu-taric",
    )
    assert (report.line_count, report.measure_count, report.understood_count) == (5, 4, 3)
    assert [(one.file, one.row) for one in report.unread] == [
        ("duties.csv", 5),
        ("duties.csv", 6),
        ("texts.csv", 8),
    ]
    found = line("9503001500", source="eu-taric", on=JULY)
    assert found is not None
    assert found.path == ("THINGS TO PLAY WITH", "Wheeled things", "To ride on")
    (general,) = measures("9503001000", source="eu-taric", on=JULY, origin="VN")
    assert general.expression == "10.200 % + 93.100 EUR DTN"
    (quota,) = TariffMeasure.objects.filter(measure_type="quota")
    assert quota.order_number == "091234"


@pytest.mark.django_db
def test_a_nomenclature_without_indents_nests_texts_of_one_code(tmp_path: Path) -> None:
    """The short list tells levels only: what shares a code with a text above stands under it."""
    rows = [
        ("goods_code", "hier_pos", "description"),
        ("0100000000", "2", "ANIMALS"),
        ("0101000000", "4", "Horses and the like"),
        ("0101210000", "6", "Horses"),
        ("0101210000", "6", "For breeding"),
        ("0101300000", "6", "Asses"),
    ]
    load(write(tmp_path / "texts.csv", rows), source="eu-taric")
    assert list(TariffLine.objects.values_list("code", "is_intermediate", "parent_position")) == [
        ("01", False, None),
        ("0101", False, 1),
        ("010121", True, 2),
        ("010121", False, 3),
        ("010130", False, 2),
    ]


@pytest.mark.parametrize(
    ("content", "source", "words"),
    [
        (b"PK\x03\x04...", "eu-taric", "Save its sheet as “CSV UTF-8”"),
        ("HTS Number,Indent\n0101,Café".encode("latin-1"), "us-hts", "is not UTF-8"),
        (b"[1, 2]", "us-hts", "not a list of lines"),
        (b"[{", "us-hts", "is not JSON"),
        (b"\x1f\x8bnothing", "us-hts", "cannot be read"),
        (b"", "us-hts", "these columns are missing"),
        (b"name,price\nx,1\n", "uk-tariff", "these columns are missing"),
    ],
)
def test_a_file_that_is_something_else_is_told_so(
    tmp_path: Path, content: bytes, source: str, words: str
) -> None:
    """What is wrong, and what to do."""
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(Refused, match=words):
        open_table(path, source=source)


def test_a_file_that_is_missing_is_told_so(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(Refused, match=r"lost\.csv cannot be read"):
        open_table(tmp_path / "lost.csv", source="us-hts")


def test_the_missing_columns_of_the_nearest_format_are_named(tmp_path: Path) -> None:
    """One column short of an export."""
    path = write(tmp_path / "hts.csv", [US_HEADER[1:]])
    with pytest.raises(Refused, match="“USITC export” these columns are missing: hts number"):
        open_table(path, source="us-hts")


def test_a_file_of_another_authority_names_it(tmp_path: Path) -> None:
    """The columns tell whose it is."""
    with pytest.raises(Refused, match="is a file of us-hts, not of uk-tariff"):
        open_table(us_file(tmp_path), source="uk-tariff")


@pytest.mark.django_db
def test_titles_above_the_header_and_bad_bytes_far_below_it(tmp_path: Path) -> None:
    """A few lines of title are passed over; a broken file is refused as a whole."""
    path = us_file(tmp_path)
    path.write_bytes(b"Harmonized Tariff Schedule\n\n" + path.read_bytes())
    assert load(path).unread[0].row == 10
    path.write_bytes(path.read_bytes() * 1_000 + b"\xff")
    with pytest.raises(Refused, match="not UTF-8"):
        load(path, on=date(2026, 8, 1))
    assert TariffSchedule.objects.count() == 1
