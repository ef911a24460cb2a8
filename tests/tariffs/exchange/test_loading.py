"""Official tables as rows: loaded whole, superseded day by day, never edited; rates come from them."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from swindow.problems import Refused
from tariffs.exchange import ECB, no_tables, published, rate, use_tables
from tariffs.exchange.loading import LoadedTable, load_table
from tariffs.exchange.published import forget, published_tables
from tariffs.models.exchange import ExchangeRateRow, ExchangeRateTable

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HEADER = "from,to,rate,valid_from,valid_to,source\n"
NOVEMBER = HEADER + "USD,CNY,7.0900,2026-11-01,2026-12-01,Customs rates November 2026\n"


@pytest.fixture(autouse=True)
def loaded_tables(law_of_the_folders: None) -> Iterator[None]:
    """Work from the rows, and forget afterwards those that the test rolled back."""
    use_tables(published_tables)
    forget()
    yield
    forget()
    use_tables(no_tables)


def _load(text: str, *, jurisdiction: str = "CN") -> LoadedTable:
    return load_table(text.encode(), jurisdiction=jurisdiction, at=AT)


def _rate(on: date, *, pair: str = "USD/CNY", jurisdiction: str = "CN") -> tuple[Decimal, str]:
    used = rate(*pair.split("/"), jurisdiction=jurisdiction, on=on)
    return used.rate, used.source


def test_an_official_table_replaces_the_stand_in_for_its_days() -> None:
    """November by customs, October and December by the ECB series."""
    before = _rate(date(2026, 11, 22))
    loaded = _load(NOVEMBER)
    assert (loaded.row_count, loaded.superseding_count, loaded.is_new) == (1, 0, True)
    assert before[1] == ECB
    assert _rate(date(2026, 11, 1)) == (Decimal("7.09"), "Customs rates November 2026")
    assert _rate(date(2026, 11, 30))[0] == Decimal("7.09")
    assert _rate(date(2026, 10, 31))[1] == ECB


def test_a_later_table_supersedes_only_its_own_days() -> None:
    """A correction from the 16th on leaves the first half of the month as it was."""
    _load(NOVEMBER)
    correction = _load(HEADER + "USD,CNY,7.2,2026-11-16,2026-12-01,Correction\n")
    assert correction.superseding_count == 1
    assert [_rate(date(2026, 11, day))[0] for day in (15, 16)] == [Decimal("7.09"), Decimal("7.2")]


def test_the_same_file_changes_nothing() -> None:
    """A job may load it every day; an older file does not come back over its correction."""
    _load(NOVEMBER)
    _load(HEADER + "USD,CNY,7.2,2026-11-01,2026-12-01,Correction\n")
    assert not _load(NOVEMBER).is_new
    assert ExchangeRateTable.objects.count() == 2
    assert _rate(date(2026, 11, 2))[0] == Decimal("7.2")


def test_a_table_serves_its_own_jurisdiction() -> None:
    """China's table is not Europe's; a union's is that of its members, unless one has its own."""
    _load(NOVEMBER)
    _load(HEADER + "EUR,USD,1.25,2026-11-01,2026-12-01,Union\n", jurisdiction="EU")
    _load(HEADER + "EUR,USD,1.6,2026-11-01,2026-12-01,Warsaw\n", jurisdiction="PL")
    day = date(2026, 11, 22)
    assert _rate(day, pair="USD/EUR", jurisdiction="NL") == (Decimal("0.8"), "Union")
    assert _rate(day, pair="USD/EUR", jurisdiction="PL") == (Decimal("0.625"), "Warsaw")


def test_a_file_with_a_mistake_is_refused_whole() -> None:
    """No half of a table."""
    with pytest.raises(Refused):
        _load(NOVEMBER + "EUR,CNY,x,2026-11-01,2026-12-01,y\n")
    assert not ExchangeRateRow.objects.exists()


def test_a_jurisdiction_without_rules_is_refused() -> None:
    """The sentence lists those there are."""
    with pytest.raises(Refused, match="Choose one of AM, AT, "):
        _load(NOVEMBER, jurisdiction="AQ")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tariffs_exchangeraterow SET rate = 1",
        "DELETE FROM tariffs_exchangeraterow",
        "TRUNCATE tariffs_exchangeraterow",
        "UPDATE tariffs_exchangeratetable SET row_count = 9",
        "DELETE FROM tariffs_exchangeratetable",
        "TRUNCATE tariffs_exchangeratetable CASCADE",
        "INSERT INTO tariffs_exchangeraterow"
        " (table_id, from_currency, to_currency, rate, valid_from, valid_to, source)"
        " SELECT id, 'EUR', 'CNY', 1, '2026-11-01', '2026-12-01', 'later' FROM tariffs_exchangeratetable",
    ],
)
def test_the_database_refuses_to_change_a_loaded_table(statement: str) -> None:
    """Not by shell, not by admin, not by hand; nor does a table grow later."""
    _load(NOVEMBER)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"rate": Decimal(0)}, "exchange_rate_row_above_zero"),
        ({"valid_to": date(2026, 11, 1)}, "exchange_rate_row_valid_period"),
        ({"from_currency": "usd"}, "exchange_rate_row_two_currencies"),
        ({"from_currency": "CNY"}, "exchange_rate_row_two_currencies"),
        ({"source": ""}, "exchange_rate_row_has_source"),
    ],
)
def test_the_database_holds_what_the_file_is_checked_for(change: dict[str, Any], constraint: str) -> None:
    """Whoever writes rows."""
    row = {
        "table_id": 1_000_000,
        "from_currency": "USD",
        "to_currency": "CNY",
        "rate": Decimal(7),
        "valid_from": date(2026, 11, 1),
        "valid_to": date(2026, 12, 1),
        "source": "Customs",
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ExchangeRateRow.objects.create(**row | change)


def test_rates_ask_the_database_nothing_once_warm(django_assert_num_queries: Any) -> None:
    """Tables are kept by version in the process."""
    _load(NOVEMBER)
    _rate(date(2026, 11, 22))
    with django_assert_num_queries(0):
        for day in range(1, 31):
            _rate(date(2026, 11, day))


def test_a_new_table_is_seen_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process looks at the newest tables again after a few seconds, with one query."""
    _load(NOVEMBER)
    _rate(date(2026, 11, 22))
    seen = published._Looked.at
    _load(HEADER + "USD,CNY,7.2,2026-11-01,2026-12-01,Correction\n")
    published._Looked.at = seen
    assert _rate(date(2026, 11, 22))[0] == Decimal("7.09")
    monkeypatch.setattr(published, "LOOK_AGAIN_SECONDS", 0)
    assert _rate(date(2026, 11, 22))[0] == Decimal("7.2")


def test_the_command_says_what_became_of_the_file(tmp_path: Path) -> None:
    """New, known, and refused with every mistake."""
    path, out = tmp_path / "rates.csv", io.StringIO()
    path.write_text(NOVEMBER, encoding="utf-8")
    for _time in range(2):
        call_command("load_exchange_rates", "--jurisdiction", "CN", str(path), stdout=out)
    first, second = out.getvalue().splitlines()
    assert first.startswith(
        "CN: 1 rates loaded, used from 2026-11-01 until 2026-12-01 (exclusive); 0 of them"
    )
    assert second == "CN: this file is already loaded; nothing was changed."
    path.write_text(NOVEMBER + "a,b,c,d,e,f\n", encoding="utf-8")
    with pytest.raises(CommandError) as error:
        call_command("load_exchange_rates", "--jurisdiction", "CN", str(path), stdout=out)
    assert str(error.value).count("line 3, ") == 5
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_exchange_rates", "--jurisdiction", "CN", str(tmp_path / "none.csv"))
