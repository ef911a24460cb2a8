"""Small published files in words of our own, in the shape that each authority gives them."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from tariffs.schedules.loading import LoadReport, load_schedule

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
US_HEADER = (
    "HTS Number",
    "Indent",
    "Description",
    "Unit of Quantity",
    "General Rate of Duty",
    "Special Rate of Duty",
    "Column 2 Rate of Duty",
    "Quota Quantity",
    "Additional Duties",
)
US_LINES = (
    ("6401", "0", "Boots that keep water out:", "", "", "", "", "", ""),
    ("6401.10.00", "1", "With a metal toe", "", "37.5%", "Free (AU,KR, S) 12% (JP)", "75%", "", ""),
    ("6401.10.00.30", "2", "For men", '["prs.","kg"]', "", "", "", "", ""),
    ("", "1", "Others:", "", "", "", "", "", ""),
    ("6401.92", "2", "Over the <i>ankle</i>:", "", "", "", "", "", ""),
    (
        "6401.92.30.00",
        "3",
        "Of plastics",
        '["prs."]',
        "4.6¢/kg + 5% 1/",
        "Free (D,E)",
        "25%",
        "900 pairs",
        "",
    ),
    ("6401.92.90.00", "3", "Of rubber", '["prs."]', "See heading 9999.01", "", "66%", "", ""),
)
UK_HEADER = (
    "id",
    "commodity__sid",
    "commodity__code",
    "commodity__indent",
    "commodity__description",
    "measure__sid",
    "measure__type__id",
    "measure__type__description",
    "measure__additional_code__code",
    "measure__duty_expression",
    "measure__effective_start_date",
    "measure__effective_end_date",
    "measure__conditions",
    "measure__geographical_area__id",
    "measure__excluded_geographical_areas__ids",
    "measure__quota__order_number",
    "measure__regulation__id",
)
EU_HEADER = (
    "Goods code",
    "Add code",
    "Order No.",
    "Start date",
    "End date",
    "RED_IND",
    "Origin",
    " Measure type",
    "Legal base",
    "Duty",
    "Origin code",
    " Meas. type code",
)


def write(path: Path, rows: Iterable[Sequence[str]], *, delimiter: str = ",") -> Path:
    """Write rows as CSV and return the file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def us_file(folder: Path, lines: Iterable[Sequence[str]] = US_LINES, *, name: str = "hts.csv") -> Path:
    """Write an export of the USITC."""
    return write(folder / name, [US_HEADER, *lines])


def load(*paths: Path, source: str = "us-hts", on: date = date(2026, 7, 1), **more: object) -> LoadReport:
    """Load files as one version."""
    return load_schedule(paths, source=source, valid_from=on, at=NOON, **more)  # type: ignore[arg-type]


def uk_measure(code: str, number: str, duty: str, *, indent: str = "0", **more: str) -> tuple[str, ...]:
    """Return a row of the UK's measures; names of columns are given without their prefix."""
    values = {
        "commodity__code": code,
        "commodity__indent": indent,
        "commodity__description": f"Goods {code}",
        "measure__type__id": number,
        "measure__type__description": f"Type {number}",
        "measure__duty_expression": duty,
        "measure__effective_start_date": "2021-01-01",
        "measure__effective_end_date": "#NA",
        "measure__geographical_area__id": "1011",
    } | {f"measure__{name}": value for name, value in more.items()}
    return tuple(values.get(column, "#NA") for column in UK_HEADER)


def eu_measure(code: str, number: str, duty: str, **more: str) -> tuple[str, ...]:
    """Return a row of the Commission's duties; names of columns are given as in the file."""
    values = {
        "Goods code": code,
        "Start date": "01-01-2020",
        "Origin": "ERGA OMNES",
        " Measure type": f"Type {number}",
        "Legal base": "R0000/20",
        "Duty": duty,
        "Origin code": "1011",
        " Meas. type code": number,
    } | more
    return tuple(values.get(column, "") for column in EU_HEADER)
