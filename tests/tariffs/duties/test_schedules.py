"""The real schedules: every rate is understood or listed with its reason, and none is silently nothing."""

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest

from tariffs.duties.audit import Audit, audit
from tariffs.duties.evaluating import Measured, evaluate
from tariffs.duties.expression import DutyExpression
from tariffs.duties.parsing import DutyError, parse_duty
from tests.tariffs.shared_data import shared

US = "us_hts_2026_rates.csv.gz"
UK_AND_EU = "uk_ukgt_and_eu_cet_2021.csv.gz"
Record = Callable[[str, object], None]
_RATE = re.compile(r"\$?([0-9][0-9.,]*)\s*(?:%|¢|EUR|GBP|€)|\$([0-9][0-9.,]*)")
# The middle of each month, and the days on which some seasons change.
_DAYS = [date(2026, month, 15) for month in range(1, 13)]


def _rows(name: str, record: Record) -> Iterator[dict[str, str]]:
    path = shared(name)
    if path is None:
        record("absent", name)
        return
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _report(name: str, found: Audit) -> None:
    total = len(found.understood) + found.refused
    print(f"{name}: {len(found.understood)} of {total} lines understood; {len(set(found.understood))} texts")
    for reason, texts in found.not_understood.items():
        print(f"  {len(texts)} lines: {reason}: {sorted(set(texts))}")


def _ones(duty: DutyExpression, on: date) -> Measured:
    # No degree is counted, so that what is taken off for degrees stays far from the whole.
    return Measured(
        quantities=dict.fromkeys(duty.units, Decimal(1)) | {"jewel": Decimal(17), "degrees": Decimal(99)},
        abv_percent=Decimal(1),
        sucrose_percent=Decimal(1),
        retail_price=Decimal(1),
        convert=lambda amount, _currency: amount,
        on=on,
    )


def _largest_on_any_day(text: str) -> Decimal:
    duty, amounts = parse_duty(text), []
    for day in _DAYS if duty.is_seasonal else _DAYS[:1]:
        try:
            amounts.append(evaluate(duty, Decimal(100), measured=_ones(duty, day)).amount)
        except DutyError:
            continue
    return max(amounts)


def _says_nothing_is_due(text: str) -> bool:
    told = [Decimal((percent or dollars).replace(",", "")) for percent, dollars in _RATE.findall(text)]
    has_component = re.search(r"\bEA\b", text)
    return text.lower() == "free" or (bool(told) and not any(told) and not has_component)


def _assert_none_is_silently_nothing(found: Audit) -> None:
    wrong = [
        text
        for text in sorted(set(found.understood))
        if (_largest_on_any_day(text) == 0) is not _says_nothing_is_due(text)
    ]
    assert wrong == []


def test_every_rate_of_the_us_schedule_is_understood_or_listed(record_property: Record) -> None:
    """All but the lines that only point at the rate of other goods, or at a note."""
    rows = [row for row in _rows(US, record_property) if row["general_raw"]]
    if not rows:
        return
    found = audit((row["general_raw"] for row in rows), currency="USD")
    _report("US general rates", found)
    record_property("understood", len(found.understood))
    own = [reason for reason in found.not_understood if "other goods" not in reason and "note" not in reason]
    assert sum(len(found.not_understood[reason]) for reason in own) <= 2
    assert found.is_share_at_least(98)
    _assert_none_is_silently_nothing(found)


def test_percentages_of_the_us_schedule_are_those_that_others_read(record_property: Record) -> None:
    """The column of percentages that the data carries is the same, line by line."""
    rows = list(_rows(US, record_property))
    for row in rows:
        if row["general_pct"]:
            assert parse_duty(row["general_raw"], currency="USD").percent == Decimal(row["general_pct"])


def test_programme_rates_of_the_us_schedule_are_understood(record_property: Record) -> None:
    """They are told as numbers of per cent, or not told."""
    told = [row["special_json"] for row in _rows(US, record_property) if row["special_json"]]
    rates = [rate for text in told for rate in json.loads(text).values() if rate is not None]
    found = audit(f"{rate}%" for rate in rates)
    _report("US programme rates", found)
    assert found.refused == 0


@pytest.mark.parametrize(
    ("column", "currency", "refused"), [("ukgt_duty_rate", "GBP", 0), ("cet_duty_rate", "EUR", 29)]
)
def test_every_rate_of_the_uk_and_the_eu_is_understood_or_listed(
    record_property: Record, column: str, currency: str, refused: int
) -> None:
    """All of the UK's; of the EU's all but entry prices, whose scale is not in the text."""
    texts = [row[column] for row in _rows(UK_AND_EU, record_property)]
    if not texts:
        return
    found = audit(texts, currency=currency)
    _report(column, found)
    record_property("understood", len(found.understood))
    assert found.refused <= refused
    assert found.is_share_at_least(99)
    assert all("entry price" in reason for reason in found.not_understood)
    _assert_none_is_silently_nothing(found)
