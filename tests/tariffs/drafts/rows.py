"""Rows of a draft found by what they say, and the changes that tests make to them."""

import tomllib
from datetime import date

from tariffs.drafting.edits import Evidence, Files, ParameterChanged, RateChanged
from tariffs.drafting.parameters import parameter_blocks
from tariffs.drafting.tables import read_table
from tariffs.pack_parsing import REGULATIONS, read_folder, validity_of

NEW_YEAR = date(2027, 1, 1)
# Of Singapore, as its folder says it today.
VERSION = str(read_folder(REGULATIONS / "sg").head["version"])
EVIDENCE = Evidence("https://www.iras.gov.sg/taxes", "2026-11-20", is_verified=True)


def line_of(files: Files, **wanted: str) -> int:
    """Return the line of the only row of rates.csv with these values."""
    found = [
        record.line
        for record in read_table(files["rates.csv"]).records
        if all(record.values[name] == value for name, value in wanted.items())
    ]
    assert len(found) == 1, (wanted, found)
    return found[0]


def parameter_line(files: Files, name: str) -> int:
    """Return the line of the last value of a parameter."""
    return [block.line for block in parameter_blocks(files["pack.toml"]) if block.name == name][-1]


def gst_rise(files: Files, *, rate: str = "10%", on: date = NEW_YEAR) -> RateChanged:
    """Return the change of Singapore's goods and services tax of 9 %."""
    return RateChanged(line_of(files, type="gst", expression="9%"), rate, on, EVIDENCE)


def limit_change(files: Files, *, value: str = "500", on: date = NEW_YEAR) -> ParameterChanged:
    """Return the change of Singapore's limit of 400."""
    return ParameterChanged(parameter_line(files, "low_value_limit"), value, on, EVIDENCE)


def limit_on(files: Files, on: date) -> str:
    """Return Singapore's limit of the day as pack.toml says it; empty where it has none."""
    rows = [row for row in tomllib.loads(files["pack.toml"])["parameter"] if row["name"] == "low_value_limit"]
    found = [row["value"] for row in rows if validity_of(row).covers(on)]
    assert len(found) <= 1
    return found[0] if found else ""
