"""The day that a rate is taken from, checked against the calendar by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tariffs.exchange import anchor_day, last_published_on, used_during
from tests.tariffs.exchange.policies import POLICIES

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("on", "anchor"),
    [
        ("2026-01-01", "2025-12-17"),
        ("2026-01-31", "2025-12-17"),
        ("2026-02-14", "2026-01-21"),
        ("2026-05-01", "2026-04-15"),
        ("2026-07-01", "2026-06-17"),
        ("2024-03-01", "2024-02-21"),
        ("2018-03-15", "2018-02-28"),
        ("2021-03-01", "2021-02-24"),
        ("2026-03-31", "2026-02-25"),
    ],
)
def test_china_takes_the_third_wednesday_or_the_one_after_a_holiday(on: str, anchor: str) -> None:
    """CN: third Wednesday of the previous month; of February 2018, 2021 and 2026 the fourth."""
    assert anchor_day(POLICIES["CN"], on=date.fromisoformat(on)) == date.fromisoformat(anchor)


@pytest.mark.parametrize(
    ("on", "anchor"),
    [
        ("2026-01-15", "2025-12-24"),
        ("2025-01-10", "2024-12-18"),
        ("2021-01-01", "2020-12-23"),
        ("2020-01-31", "2019-12-18"),
        ("2026-11-30", "2026-10-21"),
        ("2024-02-29", "2024-01-24"),
        ("2024-03-01", "2024-02-21"),
    ],
)
def test_europe_takes_the_last_wednesday_but_one(on: str, anchor: str) -> None:
    """EU: in December 2025 and January 2024, with five Wednesdays, the fourth; else the third."""
    assert anchor_day(POLICIES["EU"], on=date.fromisoformat(on)) == date.fromisoformat(anchor)


@pytest.mark.parametrize(
    ("on", "anchor"),
    [("2026-06-01", "2026-05-21"), ("2026-01-05", "2025-12-18"), ("2021-01-31", "2020-12-24")],
)
def test_britain_takes_the_last_thursday_but_one(on: str, anchor: str) -> None:
    """GB: the day on which HMRC publishes the table of the next month."""
    assert anchor_day(POLICIES["GB"], on=date.fromisoformat(on)) == date.fromisoformat(anchor)


@pytest.mark.parametrize(
    ("on", "anchor"),
    [
        ("2026-03-31", "2026-01-02"),
        ("2026-04-01", "2026-04-01"),
        ("2022-02-14", "2022-01-03"),
        ("2023-02-14", "2023-01-03"),
        ("2018-06-30", "2018-04-03"),
        ("2017-12-31", "2017-10-02"),
    ],
)
def test_america_takes_the_first_business_day_of_the_quarter(on: str, anchor: str) -> None:
    """US: never the quarter before, also after Easter Monday (2018) or a Sunday (2023)."""
    assert anchor_day(POLICIES["US"], on=date.fromisoformat(on)) == date.fromisoformat(anchor)


@pytest.mark.parametrize(
    ("name", "on", "anchor"),
    [
        ("AU", "2026-10-22", "2026-10-22"),
        ("AU", "2026-10-25", "2026-10-23"),
        ("AU", "2026-01-01", "2025-12-31"),
        ("AU", "2026-04-06", "2026-04-02"),
        ("BR", "2026-10-23", "2026-10-22"),
        ("BR", "2026-10-26", "2026-10-23"),
        ("BR", "2026-01-02", "2025-12-31"),
        ("BR", "2026-12-01", "2026-11-30"),
    ],
)
def test_a_day_without_rates_takes_the_last_published_before(name: str, on: str, anchor: str) -> None:
    """AU and BR: weekends, New Year and Easter have no rates of their own."""
    assert anchor_day(POLICIES[name], on=date.fromisoformat(on)) == date.fromisoformat(anchor)


@pytest.mark.parametrize(
    ("on", "anchor"),
    [
        ("2026-10-01", "2026-09-17"),
        ("2026-10-02", "2026-10-01"),
        ("2026-10-15", "2026-10-01"),
        ("2026-10-16", "2026-10-15"),
        ("2026-01-01", "2025-12-18"),
        ("2026-01-02", "2025-12-31"),
    ],
)
def test_india_changes_on_the_day_after_the_first_and_third_thursday(on: str, anchor: str) -> None:
    """IN: a Thursday that is a holiday (New Year 2026) takes the last published rate."""
    assert anchor_day(POLICIES["IN"], on=date.fromisoformat(on)) == date.fromisoformat(anchor)


@pytest.mark.parametrize(
    ("name", "on", "anchor"),
    [
        ("weekly", "2026-10-21", "2026-10-16"),
        ("weekly", "2026-10-25", "2026-10-16"),
        ("weekly", "2026-10-26", "2026-10-23"),
        ("weekly", "2026-01-01", "2025-12-24"),
        ("weekly from Sunday", "2026-10-24", "2026-10-16"),
        ("weekly from Sunday", "2026-10-25", "2026-10-23"),
        ("SG", "2020-05-04", "2020-04-30"),
        ("KR", "2020-06-21", "2020-06-19"),
        ("JP", "2024-07-28", "2024-07-19"),
        ("JP", "2024-08-03", "2024-07-19"),
        ("JP", "2025-01-08", "2024-12-27"),
    ],
)
def test_weeks_begin_where_the_pack_says(name: str, on: str, anchor: str) -> None:
    """SG from Monday, KR and JP from Sunday; a mean is named by the last day in it."""
    assert anchor_day(POLICIES[name], on=date.fromisoformat(on)) == date.fromisoformat(anchor)


@pytest.mark.parametrize(
    ("name", "on", "first", "end"),
    [
        ("CN", "2026-12-31", "2026-12-01", "2027-01-01"),
        ("US", "2026-12-31", "2026-10-01", "2027-01-01"),
        ("AU", "2026-12-31", "2026-12-31", "2027-01-01"),
        ("SG", "2027-01-01", "2026-12-28", "2027-01-04"),
        ("JP", "2024-08-03", "2024-07-28", "2024-08-04"),
        ("IN", "2026-10-10", "2026-10-02", "2026-10-16"),
        ("IN", "2026-12-31", "2026-12-18", "2027-01-08"),
    ],
)
def test_a_rate_is_used_for_its_whole_period(name: str, on: str, first: str, end: str) -> None:
    """The end is exclusive; a fortnight may have three weeks."""
    expected = (date.fromisoformat(first), date.fromisoformat(end))
    assert used_during(POLICIES[name], on=date.fromisoformat(on)) == expected


@given(
    name=some.sampled_from(sorted(POLICIES)),
    on=some.dates(min_value=date(2000, 1, 1), max_value=date(2026, 9, 1)),
)
def test_one_period_has_one_anchor_and_no_later_one(name: str, on: date) -> None:
    """Every day of a period takes the same rate, and the periods follow each other without a gap."""
    policy = POLICIES[name]
    first, end = used_during(policy, on=on)
    assert first <= on < end
    assert used_during(policy, on=end)[0] == end
    assert anchor_day(policy, on=first) == anchor_day(policy, on=end - DAY) == anchor_day(policy, on=on)
    if name != "US":
        assert anchor_day(policy, on=on) <= first


def test_after_the_last_known_day_only_a_weekend_goes_back() -> None:
    """A weekday whose rates are not known yet keeps its own day, and so has no rate."""
    last = last_published_on()
    after = [last + DAY * number for number in range(1, 8)]
    weekday = next(day for day in after if day.weekday() < 5)
    assert anchor_day(POLICIES["AU"], on=weekday) == weekday
    for day in after:
        if day < weekday:
            assert anchor_day(POLICIES["AU"], on=day) == last
