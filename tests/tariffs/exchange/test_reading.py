"""Official tables as CSV: what is read, and every mistake of a file at once."""

from datetime import date
from decimal import Decimal

import pytest

from swindow.problems import Refused
from tariffs.exchange import OfficialRate
from tariffs.exchange.reading import read_table

HEADER = "from,to,rate,valid_from,valid_to,source\n"
GOOD = "GBP,USD,1.3399,2026-06-01,2026-07-01,HMRC monthly rates June 2026\n"


def _refused(text: str) -> list[str]:
    with pytest.raises(Refused) as error:
        read_table(text.encode())
    return [problem.path for problem in error.value.problems]


def test_a_line_is_a_rate() -> None:
    """1 GBP = 1.3399 USD in June."""
    (rate,) = read_table((HEADER + GOOD).encode())
    assert rate == OfficialRate(
        "GBP", "USD", Decimal("1.3399"), date(2026, 6, 1), date(2026, 7, 1), "HMRC monthly rates June 2026"
    )


def test_what_spreadsheets_write_is_read() -> None:
    """A byte order mark, line ends of Windows, other column order, quotes, spaces and empty lines."""
    lines = [
        "\ufeffsource,to,from,rate,valid_to,valid_from",
        "",
        '"HMRC, June",USD , GBP,1.3399,2026-07-01,2026-06-01',
        ",,,,,",
    ]
    text = "\r\n".join(lines)
    (rate,) = read_table(text.encode())
    assert (rate.from_currency, rate.to_currency, rate.source) == ("GBP", "USD", "HMRC, June")


def test_every_mistake_is_told_at_once() -> None:
    """Named by line and column; good lines are not lost among them."""
    text = (
        HEADER
        + GOOD
        + "gbp,USD,1.1,2026-06-01,2026-07-01,x\n"
        + "GBP,CNY,0,2026-06-31,01.07.2026,\n"
        + "EUR,EUR,1,2026-06-01,2026-06-01,x\n"
        + "EUR,CNY\n"
    )
    assert _refused(text) == [
        "line 3, from",
        "line 4, rate",
        "line 4, source",
        "line 4, valid_from",
        "line 4, valid_to",
        "line 5, to",
        "line 5, valid_to",
        "line 6, cells",
    ]


@pytest.mark.parametrize(
    "rate", ["", "-1", "1,34", "1e3", "NaN", "0.0", "1.1234567890123", "1234567890123", "١"]
)
def test_a_rate_is_a_plain_number_that_the_column_holds(rate: str) -> None:
    """Nothing is rounded away silently."""
    assert _refused(f'{HEADER}GBP,USD,"{rate}",2026-06-01,2026-07-01,x\n') == ["line 2, rate"]


@pytest.mark.parametrize("day", ["2026-W23-1", "20260601", "1 June 2026", "2026-02-30", ""])
def test_a_date_is_written_in_one_way(day: str) -> None:
    """Year, month, day; another reader of the file must not see another day."""
    assert _refused(f"{HEADER}GBP,USD,1.3,{day},2026-07-01,x\n") == ["line 2, valid_from"]


@pytest.mark.parametrize("source", ["", "x" * 201, "HMRC\x00June"])
def test_a_source_is_plain_text_that_the_column_holds(source: str) -> None:
    """Every rate can be traced to its table."""
    assert _refused(f"{HEADER}GBP,USD,1.3,2026-06-01,2026-07-01,{source}\n") == ["line 2, source"]


def test_two_rates_for_one_pair_and_day_are_refused() -> None:
    """The later line is named; a rate that begins where the other ends is right."""
    text = HEADER + GOOD + "GBP,USD,1.31,2026-07-01,2026-08-01,x\n" + "GBP,USD,1.32,2026-06-30,2026-07-01,x\n"
    assert _refused(text) == ["line 4, valid_from"]


@pytest.mark.parametrize("text", ["", "\n", "from,to,rate\n", HEADER.replace("rate", "rates") + GOOD])
def test_a_file_without_the_columns_is_refused(text: str) -> None:
    """The first line names them."""
    assert _refused(text) == ["line 1"]


def test_a_file_without_rates_is_refused() -> None:
    """It is the wrong file."""
    assert _refused(HEADER) == ["file"]


def test_a_broken_file_is_refused() -> None:
    """Neither another encoding nor an open quote is guessed at."""
    assert _refused(HEADER + 'GBP,USD,1,2026-06-01,2026-07-01,"HMRC') == ["line 2, csv"]
    with pytest.raises(Refused, match="UTF-8"):
        read_table((HEADER + GOOD).encode("utf-16"))
