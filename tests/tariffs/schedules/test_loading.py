"""Schedules as versions: written once, closed by the next, never edited, and looked up by date."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from swindow.problems import Refused
from tariffs.models import TariffLine, TariffMeasure, TariffSchedule
from tariffs.schedules.looking_up import children, history, line, measures, under
from tariffs.schedules.national import national_lines
from tests.tariffs.schedules.files import NOON, US_LINES, load, us_file

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)
AUGUST = date(2026, 8, 1)


def _changed(number: str, *, column: int, text: str) -> list[tuple[str, ...]]:
    return [(*row[:column], text, *row[column + 1 :]) if row[0] == number else row for row in US_LINES]


def test_every_line_and_rate_of_a_file_becomes_a_row(tmp_path: Path) -> None:
    """Two special rates in one cell are two measures; a quota is a measure without a duty."""
    report = load(us_file(tmp_path))
    assert (report.line_count, report.measure_count) == (7, 10)
    row = TariffSchedule.objects.get()
    assert (row.line_count, row.measure_count, row.unread_count) == (7, 10, 1)
    assert (TariffLine.objects.count(), TariffMeasure.objects.count()) == (7, 10)


def test_a_text_that_is_no_duty_is_kept_and_listed_and_never_zero(tmp_path: Path) -> None:
    """The report names the line of the file, the code, the text and the reason."""
    report = load(us_file(tmp_path))
    (unread,) = report.unread
    assert (unread.file, unread.row, unread.code, unread.text) == (
        "hts.csv",
        8,
        "6401929000",
        "See heading 9999.01",
    )
    assert unread.reason
    general = measures("6401929000", source="us-hts", on=JULY, origin="CN")
    assert [(one.expression, one.is_understood) for one in general] == [("See heading 9999.01", False)]


def test_statistical_lines_inherit_the_rate_of_eight_digits(tmp_path: Path) -> None:
    """A code of ten digits answers with the measure of its eight."""
    load(us_file(tmp_path))
    (general,) = measures("6401100030", source="us-hts", on=JULY, origin="CN")
    assert (general.code, general.expression, general.type_code) == ("64011000", "37.5%", "general")


@pytest.mark.parametrize(
    ("origin", "rates"),
    [
        ("CN", ["37.5%"]),
        ("CA", ["37.5%", "Free"]),
        ("JP", ["37.5%", "12%"]),
        ("KR", ["37.5%", "Free"]),
        ("RU", ["75%"]),
    ],
)
def test_rates_are_those_of_the_origin(tmp_path: Path, origin: str, rates: list[str]) -> None:
    """HTS General Note 3: USMCA is S, column 2 takes the place of the general rate."""
    load(us_file(tmp_path))
    found = measures("6401100030", source="us-hts", on=JULY, origin=origin)
    assert sorted(one.expression for one in found) == sorted(rates)
    assert {one.applies for one in found} == {"yes"}


def test_a_programme_with_a_list_of_countries_applies_perhaps(tmp_path: Path) -> None:
    """The schedule does not say who is a beneficiary of D and E, so neither do we."""
    load(us_file(tmp_path))
    found = measures("6401923000", source="us-hts", on=JULY, origin="GH")
    assert {(one.expression, one.applies) for one in found} == {
        ("4.6¢/kg + 5%", "yes"),
        ("Free", "perhaps"),
        ("", "yes"),
    }


def test_a_line_knows_the_texts_above_it(tmp_path: Path) -> None:
    """A text between lines belongs to the path, without its mark-up."""
    load(us_file(tmp_path))
    found = line("6401923000", source="us-hts", on=JULY)
    assert found is not None
    assert found.path == ("Boots that keep water out:", "Others:", "Over the ankle:")
    assert (found.description, found.unit, found.indent) == ("Of plastics", "prs.", 4)
    assert line("6402", source="us-hts", on=JULY) is None
    assert line("6401", source="us-hts", on=JULY - timedelta(days=1)) is None


def test_a_code_filled_up_with_zeros_is_the_shorter_code(tmp_path: Path) -> None:
    """6401920000 is subheading 6401.92."""
    load(us_file(tmp_path))
    found = line("6401920000", source="us-hts", on=JULY)
    assert found is not None
    assert found.code == "640192"


def test_children_pass_through_texts_without_a_code(tmp_path: Path) -> None:
    """The tree opens one level, and shows the text between."""
    load(us_file(tmp_path))
    below = children("6401", source="us-hts", on=JULY)
    assert [(one.code, one.is_intermediate) for one in below] == [
        ("64011000", False),
        ("640192", True),
        ("640192", False),
    ]
    assert [one.code for one in children("64", source="us-hts", on=JULY)] == ["6401"]
    assert [one.code for one in children("", source="us-hts", on=JULY)] == ["6401"]
    assert children("6402", source="us-hts", on=JULY) == ()
    assert children("64%", source="us-hts", on=JULY) == ()


def test_lines_under_a_prefix(tmp_path: Path) -> None:
    """At most so many, in order."""
    load(us_file(tmp_path))
    assert [one.code for one in under("640192", source="us-hts", on=JULY)] == [
        "640192",
        "6401923000",
        "6401929000",
    ]
    assert len(under("64", source="us-hts", on=JULY, limit=2)) == 2


def test_national_lines_carry_the_texts_below_their_subheading(tmp_path: Path) -> None:
    """ "Of plastics" alone says little; the subheading's own text is the tree's."""
    load(us_file(tmp_path))
    found = national_lines("640110", jurisdiction="US", on=JULY)
    assert [(one.code, one.text) for one in found] == [
        ("64011000", "With a metal toe"),
        ("6401100030", "With a metal toe — For men"),
    ]
    assert [one.text for one in national_lines("640192", jurisdiction="US", on=JULY)] == [
        "Of plastics",
        "Of rubber",
    ]
    assert national_lines("640192", jurisdiction="NL", on=JULY) == ()


def test_a_newer_file_supersedes_by_date_and_tells_the_difference(tmp_path: Path) -> None:
    """The day before still answers by the older version."""
    load(us_file(tmp_path))
    newer = [
        *_changed("6401.10.00", column=4, text="30%")[:-1],
        ("6401.99.00", "1", "Others still", "", "7%", "", "", "", ""),
    ]
    report = load(us_file(tmp_path, newer, name="newer.csv"), on=AUGUST)
    assert report.supersedes == TariffSchedule.objects.get(valid_to=AUGUST).version
    found = report.difference
    assert found.added_codes == ("64019900",)
    assert found.removed_codes == ("6401929000",)
    assert [(one.code, one.before, one.after) for one in found.changed] == [("64011000", "37.5%", "30%")]
    assert [(one.code, one.after) for one in found.added] == [("64019900", "7%")]
    assert {one.before for one in found.removed} == {"See heading 9999.01", "66%"}
    last_day = AUGUST - timedelta(days=1)
    for on, rate in ((JULY, "37.5%"), (last_day, "37.5%"), (AUGUST, "30%")):
        (general,) = measures("64011000", source="us-hts", on=on, origin="CN")
        assert general.expression == rate


def test_history_joins_what_a_newer_version_repeats(tmp_path: Path) -> None:
    """Two periods of the general rate, one of the rates that stayed."""
    load(us_file(tmp_path))
    load(us_file(tmp_path, _changed("6401.10.00", column=4, text="30%")), on=AUGUST)
    periods = history("6401100030", source="us-hts", origin="CN")
    assert [(one.expression, one.valid_from, one.valid_to) for one in periods] == [
        ("37.5%", JULY, AUGUST),
        ("30%", AUGUST, None),
    ]
    special = history("6401100030", source="us-hts", origin="KR")
    assert [(one.valid_from, one.valid_to) for one in special if one.expression == "Free"] == [(JULY, None)]


def test_a_correction_of_the_same_day_leaves_no_trace_in_the_history(tmp_path: Path) -> None:
    """The first version then held for no day at all, and is kept all the same."""
    load(us_file(tmp_path))
    load(us_file(tmp_path, _changed("6401.10.00", column=4, text="30%")))
    assert TariffSchedule.objects.filter(valid_from=JULY, valid_to=JULY).count() == 1
    assert [one.expression for one in history("64011000", source="us-hts", origin="CN")] == ["30%"]


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    """Loading may be repeated."""
    load(us_file(tmp_path))
    report = load(us_file(tmp_path), on=AUGUST)
    assert not report.is_new
    assert TariffSchedule.objects.count() == 1


def test_a_trial_reports_the_same_and_keeps_nothing(tmp_path: Path) -> None:
    """The difference is computed on real rows, which are then taken back."""
    load(us_file(tmp_path))
    newer = us_file(tmp_path, _changed("6401.10.00", column=4, text="30%"), name="newer.csv")
    trial = load(newer, on=AUGUST, is_trial=True)
    assert len(trial.difference.changed) == 1
    assert TariffSchedule.objects.get().valid_to is None
    assert TariffLine.objects.count() == 7
    assert load(newer, on=AUGUST).difference == trial.difference


def test_an_older_file_is_refused(tmp_path: Path) -> None:
    """Versions come in the order of their days."""
    load(us_file(tmp_path), on=AUGUST)
    with pytest.raises(Refused, match="begins on 2026-08-01, after 2026-07-01"):
        load(us_file(tmp_path, US_LINES[:2]), on=JULY)
    assert TariffSchedule.objects.count() == 1


def test_a_label_names_one_version(tmp_path: Path) -> None:
    """Another content under a known label is refused."""
    load(us_file(tmp_path), label="2026 revision 11")
    with pytest.raises(Refused, match="Give another --label"):
        load(us_file(tmp_path, US_LINES[:2]), label="2026 revision 11", on=AUGUST)


def test_texts_alone_never_take_the_rates_away(tmp_path: Path) -> None:
    """A file of lines without any rate is refused while rates are in force."""
    load(us_file(tmp_path))
    with pytest.raises(Refused, match="take away every rate"):
        load(us_file(tmp_path, US_LINES[:1]), on=AUGUST)


def test_a_file_without_a_line_is_refused(tmp_path: Path) -> None:
    """A header alone is not a schedule."""
    with pytest.raises(Refused, match="Nothing in these files could be read"):
        load(us_file(tmp_path, []))
    assert not TariffLine.objects.exists()


def test_the_json_export_gives_the_same_rows_as_the_csv(tmp_path: Path) -> None:
    """The USITC offers both; names of columns differ."""
    load(us_file(tmp_path))
    names = (
        "htsno",
        "indent",
        "description",
        "units",
        "general",
        "special",
        "other",
        "quotaQuantity",
        "more",
    )
    rows = [dict(zip(names, row, strict=True)) for row in US_LINES]
    values = [
        row | {"units": json.loads(row["units"] or "[]"), "special": row["special"] or None, "footnotes": []}
        for row in rows
    ]
    path = tmp_path / "hts.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    report = load(path, on=AUGUST)
    assert (report.line_count, report.measure_count) == (7, 10)
    assert report.difference.added == report.difference.removed == report.difference.changed == ()
    found = line("6401100030", source="us-hts", on=AUGUST)
    assert found is not None
    assert found.unit == "prs., kg"


def test_the_database_allows_only_closing_once(tmp_path: Path) -> None:
    """No edit, no second end, no removal, no truncation, no row added to a version that exists."""
    load(us_file(tmp_path))
    schedules, lines, rates = TariffSchedule.objects, TariffLine.objects, TariffMeasure.objects
    version = schedules.get()
    forbidden = (
        lambda: schedules.update(version="other"),
        lambda: schedules.update(valid_to=AUGUST, line_count=1),
        lambda: schedules.all()._raw_delete("default"),
        lambda: lines.update(description="other"),
        lambda: lines.all()._raw_delete("default"),
        lambda: rates.update(expression="0%"),
        lambda: rates.all()._raw_delete("default"),
        lambda: rates.create(schedule=version, code="6401", measure_type="vat", is_understood=True),
        lambda: lines.create(schedule=version, position=8, indent=1, code="6402", is_intermediate=False),
    )
    for act in forbidden:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert schedules.update(valid_to=AUGUST) == 1
    for end in (JULY, None):
        with pytest.raises(DatabaseError, match="can only be closed, once"), transaction.atomic():
            schedules.update(valid_to=end)


def test_only_one_version_of_a_source_is_open(tmp_path: Path) -> None:
    """The partial unique index says so, whoever writes."""
    load(us_file(tmp_path))
    with pytest.raises(DatabaseError, match="tariff_schedule_one_open"), transaction.atomic():
        TariffSchedule.objects.create(
            source="us-hts",
            version="second",
            valid_from=AUGUST,
            sha256="0" * 64,
            loaded_at=NOON,
            line_count=0,
            measure_count=0,
            unread_count=0,
        )


def test_pages_ask_a_bounded_number_of_queries(
    tmp_path: Path, django_assert_num_queries: "pytest.FixtureRequest"
) -> None:
    """As many for a code of ten digits as for a chapter."""
    load(us_file(tmp_path))
    ask = {"source": "us-hts", "on": JULY}
    with django_assert_num_queries(3):  # type: ignore[operator]
        line("6401923000", **ask)  # type: ignore[arg-type]
    with django_assert_num_queries(3):  # type: ignore[operator]
        children("6401", **ask)  # type: ignore[arg-type]
    with django_assert_num_queries(2):  # type: ignore[operator]
        under("64", **ask)  # type: ignore[arg-type]
    with django_assert_num_queries(2):  # type: ignore[operator]
        measures("6401923000", **ask)  # type: ignore[arg-type]
    with django_assert_num_queries(1):  # type: ignore[operator]
        history("6401923000", source="us-hts")
    with django_assert_num_queries(2):  # type: ignore[operator]
        national_lines("640192", jurisdiction="US", on=JULY)
