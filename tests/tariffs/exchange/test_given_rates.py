"""Rates given with the facts: they replace the pack's, in both directions and through a third currency."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tariffs.exchange import ECB, GIVEN, Exchanger, OfficialRate, no_tables, use_tables
from tariffs.facts import CannotAssess, ConsignmentFacts, GivenRate, LegalProblem
from tariffs.packs import pack_for
from tests.tariffs.facts import TODAY, item, to_china

RATES = some.decimals(min_value="0.0001", max_value="100000", places=6)
AMOUNTS = some.decimals(min_value="0.01", max_value="1000000", places=2)
CLOSE = Decimal("1e-20")


@pytest.fixture(autouse=True)
def no_official_tables() -> Iterator[None]:
    """Begin and end with an empty shelf."""
    use_tables(no_tables)
    yield
    use_tables(no_tables)


def _rate(
    pair: str, rate: Decimal | str, *, valid_from: date | None = None, valid_to: date | None = None
) -> GivenRate:
    from_currency, to_currency = pair.split("/")
    return GivenRate(from_currency, to_currency, Decimal(rate), valid_from, valid_to)


def _facts(*rates: GivenRate) -> ConsignmentFacts:
    return to_china(item("85101000", "100"), exchange_rates=rates)


def _exchanger(*rates: GivenRate, on: date = TODAY) -> Exchanger:
    return Exchanger(_facts(*rates), pack=pack_for("CN", on=on), on=on)


def _no_day() -> date:
    raise CannotAssess([LegalProblem("dates.export", "date_missing", "The date of export is missing.")])


def _undated(*rates: GivenRate) -> Exchanger:
    return Exchanger(_facts(*rates), pack=pack_for("CN", on=TODAY), on=_no_day)


def _official(*rates: OfficialRate) -> None:
    use_tables(lambda jurisdiction: rates if jurisdiction == "CN" else ())


def _official_rate(pair: str, rate: str, *, valid_to: date = date(2026, 12, 1)) -> OfficialRate:
    from_currency, to_currency = pair.split("/")
    return OfficialRate(
        from_currency, to_currency, Decimal(rate), date(2026, 11, 1), valid_to, "Customs table"
    )


def test_a_given_rate_multiplies_and_its_inverse_divides() -> None:
    """Contract: 1 from = rate to."""
    assert _exchanger(_rate("USD/CNY", "7.2"))(Decimal(10), "USD") == 72
    assert _exchanger(_rate("CNY/USD", "0.125"))(Decimal(10), "USD") == 80


def test_the_pair_as_given_goes_before_its_inverse() -> None:
    """Whatever their order."""
    assert _exchanger(_rate("CNY/USD", "0.125"), _rate("USD/CNY", "7.2"))(Decimal(10), "USD") == 72


def test_the_first_of_two_given_rates_counts() -> None:
    """One pair, two rates: no mean, no choice by amount."""
    assert _exchanger(_rate("USD/CNY", "7"), _rate("USD/CNY", "8"))(Decimal(1), "USD") == 7


def test_an_amount_is_turned_back_by_the_same_rate() -> None:
    """A threshold in dollars is compared by the rate that converted the goods."""
    exchanger = _exchanger(_rate("USD/CNY", "7.2"))
    assert exchanger.to(Decimal(72), "USD") == 10
    assert exchanger.to(Decimal(72), "CNY") == 72
    assert [used.source for used in exchanger.used.values()] == [GIVEN]


def test_one_hop_through_another_given_currency() -> None:
    """1,000 JPY are 7 USD, and 1 USD is 7 CNY; one leg may be turned round."""
    exchanger = _exchanger(_rate("JPY/USD", "0.007"), _rate("CNY/USD", "0.2"))
    assert exchanger(Decimal(1000), "JPY") == 35
    (used,) = exchanger.used.values()
    assert (used.from_currency, used.to_currency, used.source) == ("JPY", "CNY", GIVEN)


def test_two_hops_are_not_made() -> None:
    """A chain of three given rates is no rate of the pair: the ECB's is used."""
    exchanger = _exchanger(_rate("JPY/USD", "1"), _rate("USD/GBP", "1"), _rate("GBP/CNY", "1"))
    exchanger(Decimal(1), "JPY")
    assert exchanger.used["JPY"].source == ECB


def test_given_goes_before_official_and_official_before_the_ecb() -> None:
    """Also where the given rate is found only by a hop."""
    _official(_official_rate("USD/CNY", "6.9"), _official_rate("CNY/GBP", "0.125"))
    hop = _exchanger(_rate("USD/EUR", "0.9"), _rate("EUR/CNY", "8"))
    assert hop(Decimal(10), "USD") == 72
    exchanger = _exchanger(_rate("EUR/CNY", "8"))
    assert exchanger(Decimal(10), "USD") == 69
    assert exchanger(Decimal(10), "GBP") == 80
    exchanger(Decimal(1), "JPY")
    assert [used.source for used in exchanger.used.values()] == ["Customs table", "Customs table", ECB]


def test_an_official_rate_ends_on_its_last_day() -> None:
    """The end is exclusive; afterwards the ECB stands in."""
    _official(_official_rate("USD/CNY", "6.9", valid_to=date(2026, 11, 22)))
    assert _exchanger(on=date(2026, 11, 21))(Decimal(10), "USD") == 69
    later = _exchanger(on=date(2026, 11, 22))
    later(Decimal(10), "USD")
    assert later.used["USD"].source == ECB


def test_of_two_official_rates_the_one_loaded_last_counts() -> None:
    """The shelf puts it first."""
    _official(_official_rate("USD/CNY", "6.8"), _official_rate("USD/CNY", "6.9"))
    assert _exchanger()(Decimal(10), "USD") == 68


def test_local_currency_needs_no_date() -> None:
    """US and AU take the rate of the day of export: a consignment in local currency need not state it."""
    exchanger = _undated()
    assert exchanger(Decimal(10), "CNY") == 10
    assert exchanger.used == {}


def test_an_undated_given_rate_needs_no_date_either() -> None:
    """It holds on every day."""
    assert _undated(_rate("USD/CNY", "7"))(Decimal(10), "USD") == 70


def test_a_rate_by_date_asks_for_the_date() -> None:
    """Given with dates, or the pack's own."""
    for exchanger in (_undated(_rate("USD/CNY", "7", valid_from=TODAY)), _undated()):
        with pytest.raises(CannotAssess, match="date of export"):
            exchanger(Decimal(10), "USD")


def test_the_date_is_asked_for_once() -> None:
    """Lines and thresholds of one consignment share it."""
    asked: list[date] = []
    pack = pack_for("CN", on=TODAY)
    exchanger = Exchanger(_facts(), pack=pack, on=lambda: asked.append(TODAY) or TODAY)
    exchanger(Decimal(1), "USD")
    exchanger.to(Decimal(1), "EUR")
    assert asked == [TODAY]


def test_pinned_rates_replay_without_a_date() -> None:
    """A bill is computed again by the rates that were used, whatever the tables say now."""
    first = _exchanger()
    amount = first(Decimal(100), "USD")
    again = Exchanger(_facts(), pack=pack_for("CN", on=TODAY), on=_no_day, pinned=tuple(first.used.values()))
    _official(_official_rate("USD/CNY", "1"))
    assert again(Decimal(100), "USD") == amount
    assert again.used == first.used


@given(amount=AMOUNTS, rate=RATES)
def test_there_and_back_is_the_same_amount(amount: Decimal, rate: Decimal) -> None:
    """Given either way, to within the last of 28 digits."""
    for pair in ("USD/CNY", "CNY/USD"):
        exchanger = _exchanger(_rate(pair, rate))
        assert abs(exchanger.to(exchanger(amount, "USD"), "USD") / amount - 1) < CLOSE


@given(amount=AMOUNTS, first=RATES, second=RATES)
def test_a_hop_is_both_legs_one_after_the_other(amount: Decimal, first: Decimal, second: Decimal) -> None:
    """USD to EUR to CNY in one step or in two."""
    in_one = _exchanger(_rate("USD/EUR", first), _rate("EUR/CNY", second))(amount, "USD")
    in_two = _exchanger(_rate("EUR/CNY", second))(amount * first, "EUR")
    turned = _exchanger(_rate("USD/EUR", first), _rate("CNY/EUR", second))(amount, "USD")
    assert abs(in_one / in_two - 1) < CLOSE
    assert abs(turned * second / (amount * first) - 1) < CLOSE


@given(
    start=some.dates(min_value=date(2024, 1, 1), max_value=date(2025, 12, 1)),
    length=some.integers(min_value=1, max_value=60),
    offset=some.integers(min_value=-3, max_value=63),
)
def test_a_dated_rate_is_used_from_its_first_day_until_before_its_last(
    start: date, length: int, offset: int
) -> None:
    """Beginning inclusive, end exclusive; outside nothing is guessed from the published rates."""
    end, on = start + timedelta(days=length), start + timedelta(days=offset)
    exchanger = Exchanger(
        _facts(_rate("USD/CNY", "7", valid_from=start, valid_to=end)), pack=pack_for("CN", on=TODAY), on=on
    )
    if start <= on < end:
        assert exchanger(Decimal(1), "USD") == 7
        assert exchanger.used["USD"].source == GIVEN
        return
    with pytest.raises(CannotAssess, match="None of the given rates"):
        exchanger(Decimal(1), "USD")
