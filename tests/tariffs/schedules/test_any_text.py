"""Whatever stands in a file's cells: it is read, or listed, and never ends in an exception."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swindow.problems import Refused
from tests.tariffs.schedules.files import EU_HEADER, UK_HEADER, US_HEADER, US_LINES, load, write

CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            *{cell for row in US_LINES for cell in row},
            *("9503000000", "0101.21.00.10", "٦٤٠١", "103", "305", "2026-07-01", "01-07-2026", "#NA", "KR"),
            *("\x00", "a" * 300, "9999-12-31", "0001-01-01", "4", "6", "- -", "Free (AU,KR)", "10 % + 1 GBP"),
        ]
    ),
)
KINDS = {"us-hts": US_HEADER, "uk-tariff": UK_HEADER, "eu-taric": EU_HEADER}
ANY_TEXT = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.django_db
@pytest.mark.parametrize("source", KINDS)
def test_any_cells_are_read_or_listed(tmp_path: Path, source: str) -> None:
    """Each row counts as a line, a measure or something not read."""
    header = KINDS[source]

    @ANY_TEXT
    @given(rows=st.lists(st.tuples(*[CELL] * len(header)), max_size=6))
    def check(rows: list[tuple[str, ...]]) -> None:
        cells = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
        path = write(tmp_path / "file.csv", [header, *cells])
        try:
            report = load(path, source=source, is_trial=True)
        except Refused:
            return
        assert report.line_count + report.measure_count + len(report.unread) > 0

    check()


@pytest.mark.django_db
def test_any_json_is_read_or_listed(tmp_path: Path) -> None:
    """Halves of characters and nested values are cells as well."""
    path = tmp_path / "file.json"
    names = ("htsno", "indent", "description", "units", "general", "special", "other")
    value = st.one_of(CELL, st.none(), st.integers(), st.lists(CELL, max_size=2), st.just("\ud800"))

    @ANY_TEXT
    @given(rows=st.lists(st.fixed_dictionaries(dict.fromkeys(names, value)), min_size=1, max_size=6))
    def check(rows: list[dict[str, object]]) -> None:
        path.write_text(json.dumps(rows), encoding="utf-8")
        try:
            load(path, is_trial=True)
        except Refused:
            return

    check()
