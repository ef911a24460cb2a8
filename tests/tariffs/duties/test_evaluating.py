"""Every notation worked out by hand, limits on each side."""

from datetime import date
from decimal import Decimal

import pytest

from tariffs.duties.evaluating import DutyQuantityMissing, evaluate, linear
from tariffs.duties.parsing import DutyError, parse_duty
from tests.tariffs.duties.measuring import due, measured

SUGAR = (
    "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees "
    "(and fractions of a degree in proportion) but not less than 3.143854¢/kg"
)
WATCH = "44¢ each + 6% on the case + 14% on the strap, band or bracelet + 5.3% on the battery"


@pytest.mark.parametrize(
    ("text", "value", "quantities", "amount"),
    [
        ("8.5%", "200", {}, "17"),
        ("NIHIL", "200", {}, "0"),
        ("1.000 EUR", "200", {}, "1"),
        # 250 kg are 2.5 times 100 kg
        ("5.4 EUR / 100 kg", "1", {"kg": "250"}, "13.50"),
        ("5.4 EUR / 100 kg", "1", {"DTN": "2.5"}, "13.50"),
        ("5.4 EUR / 100 kg", "1", {"100 kg": "2.5"}, "13.50"),
        ("5.4 EUR / 100 kg", "1", {"g": "250000"}, "13.50"),
        ("1,234 EUR / tonne", "1", {"kg": "500"}, "617"),
        ("2 EUR / KGM", "1", {"tonne": "0.5"}, "1000"),
        # 12.80% of 1000 is 128; 176.80 for each 100 kg of 250 is 442
        ("12.80 % + 176.80 EUR / 100 kg", "1000", {"kg": "250"}, "570"),
        # 61 pounds of 1.20 euros
        ("61 GBP/100kg", "1", {"kg": "100"}, "73.2"),
        ("1.1 EUR / item", "1", {"pcs": "10"}, "11"),
        ("1.1 EUR / p/st", "1", {"items": "10"}, "11"),
        ("52.00 EUR / 1,000 items", "1", {"p/st": "250"}, "13"),
        ("52.00 EUR / 1000 p/st", "1", {"dozen": "25"}, "15.6"),
        ("1.2 EUR / pair", "1", {"pa": "10"}, "12"),
        ("2 EUR / hl", "1", {"litre": "150"}, "3"),
        ("2 EUR / l", "1", {"hl": "1.5"}, "300"),
        ("2 EUR / cm3", "1", {"ml": "1500"}, "3000"),
        ("2 EUR / m3", "1", {"l": "500"}, "1"),
        ("0.6 EUR / m2", "1", {"MTK": "10"}, "6"),
        ("5 EUR / 100 m", "1", {"m": "40"}, "2"),
        ("3 EUR / carat", "1", {"ct": "2"}, "6"),
        # what the tariff narrows is counted by itself, or by the net mass where only that is known
        ("0.3 EUR / 100 kg / lactic.", "1", {"kg": "1000", "kg / lactic.": "250"}, "0.75"),
        ("0.3 EUR / 100 kg / lactic.", "1", {"kg": "250"}, "0.75"),
        ("1 EUR / 100 kg / gross", "1", {"kg": "100", "kg gross": "120"}, "1.2"),
        # an agricultural component is told for 100 kg: 9% of 100 and 2.5 times 20
        ("9% + EA", "100", {"EA": "20", "kg": "250"}, "59"),
        ("9% + AC", "100", {"AC": "20", "kg": "250"}, "59"),
        # 9% and 50 are 59; the maximum is 18.7% of 100 and 2.5 times 4, which is 28.70
        ("9% + EA MAX 18.7% + ADSZ", "100", {"EA": "20", "ADSZ": "4", "kg": "250"}, "28.7"),
        ("6.8¢/kg", "1", {"kg": "100"}, "6.12"),
        ("$1.035/kg + 5%", "100", {"kg": "10"}, "14.315"),
        ("5¢ each + 3.5%", "100", {"p/st": "20"}, "4.4"),
        ("76¢/pr. + 32%", "100", {"pairs": "10"}, "38.84"),
        ("$1.34/1000", "1", {"p/st": "500"}, "0.603"),
        ("10¢/1,000 pins + 3.5%", "0", {"p/st": "500"}, "0.045"),
        ("0.3¢/line/ gross", "1", {"line": "24", "p/st": "288"}, "0.1296"),
        # 7 jewels of 17 are free, in each of 10 movements: 3.7 cents, 10 jewels, 10 movements, 0.90 euros
        ("3.7¢/jewel over 7", "1", {"jewel": "17", "p/st": "10"}, "3.33"),
        ("3.7¢/jewel over 7", "1", {"jewel": "5", "p/st": "10"}, "0"),
        ("0.7¢/kg on copper content + 0.7¢/kg on lead content", "1",
         {"kg copper": "100", "kg on lead content": "50"}, "0.945"),
        # 44 cents, 6% of 50, 14% of 20, 5.3% of 10: 0.396 + 3 + 2.8 + 0.53
        (WATCH, "80", {"p/st": "1", "value_case": "50", "value_strap": "20", "value_battery": "10"}, "6.726"),
        # at 96 degrees 3.6606 - 4 x 0.020668 = 3.577928 cents; at 70 it would be 3.04056, under the minimum
        (SUGAR, "1", {"kg": "100", "degrees": "96"}, "3.2201352"),
        (SUGAR, "1", {"kg": "100", "degrees": "70"}, "2.8294686"),
        ("p/st", "1000", {}, "0"),
    ],
)  # fmt: skip
def test_amounts_worked_out_by_hand(text: str, value: str, quantities: dict[str, str], amount: str) -> None:
    """The notations of the EU, the UK and the US; a unit serves every other of its kind."""
    assert due(text, value, measured(quantities)).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "known", "amount"),
    [
        # 12.5 x 0.75 hl x 1.75
        ("1.75 EUR / % vol / hl", measured({"l": "75"}, abv="12.5"), "16.40625"),
        ("1.75 EUR / ASVX", measured({"hl": "0.75"}, abv="12.5"), "16.40625"),
        # 70 l at 40% hold 28 l of pure alcohol, which are 56 proof liters
        ("10 EUR / l alc. 100%", measured({"l": "70"}, abv="40"), "280"),
        ("10 EUR / l alc. 100%", measured({"LPA": "28"}), "280"),
        ("10¢/pf.liter", measured({"l": "70"}, abv="40"), "5.04"),
        # 0.40 x 2 times 100 kg x 65% of sucrose
        ("0.40 EUR/100 kg/net/ % sacchar.", measured({"kg": "200"}, sucrose="65"), "52"),
        ("16.5% of retail price + 5 EUR / 1000 p/st", measured({"p/st": "200"}, retail_price="100"), "17.5"),
    ],
)
def test_strength_sweetness_and_retail_price_count(text: str, known: object, amount: str) -> None:
    """What a mass or a volume alone does not say."""
    assert due(text, "0", known).amount == Decimal(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value", "amount"),
    [
        # 10 items: the minimum is 3, the maximum 8
        ("4.50% MIN 0.30 EUR / item MAX 0.80 EUR / item", "50", "3"),
        ("4.50% MIN 0.30 EUR / item MAX 0.80 EUR / item", "100", "4.5"),
        ("4.50% MIN 0.30 EUR / item MAX 0.80 EUR / item", "200", "8"),
        # at least 5, then at most 4.6%
        ("0.50 EUR / item MIN 2.70% MAX 4.60%", "100", "4.6"),
        ("0.50 EUR / item MIN 2.70% MAX 4.60%", "150", "5"),
        ("0.50 EUR / item MIN 2.70% MAX 4.60%", "300", "8.1"),
        ("6.50% MAX 5.00 EUR / item", "100", "6.5"),
        ("6.50% MAX 5.00 EUR / item", "1000", "50"),
        # + binds tighter than the limit
        ("1% + 1 EUR / item MAX 2% + 0.5 EUR / item", "400", "13"),
        ("1% + 1 EUR / item MAX 2% + 0.5 EUR / item", "600", "16"),
        # the last one decides: (5 or, if more, 2%) and then at most 1%
        ("0.5 EUR / item MAX 3% MIN 0.2 EUR / item", "10", "2"),
        ("7.2 MIN 0.36 EUR/item", "100", "7.2"),
        ("7.2 MIN 0.36 EUR/item", "10", "3.6"),
        ("5% but not less than 0.1 EUR / item", "10", "1"),
        ("1.30 EUR / item - 10%", "100", "3"),
        ("1.30 EUR / item - 10%", "200", "0"),
    ],
)
def test_min_raises_and_max_lowers(text: str, value: str, amount: str) -> None:
    """MAX takes the smaller, MIN the larger; split at the last of them. Never less than nothing."""
    assert due(text, value, measured({"p/st": "10"})).amount == Decimal(amount)


SEASONS = "10% (1 JAN-31 MAY, 1 NOV-31 DEC), 12% (1 JUN-31 OCT)"
OVER_THE_YEAR = "14.00% (01 JUL - 31 JAN), 0.00% (01 FEB - 30 JUN)"
REST = "9.60% MIN 1.1 €/100 kg/net (01 JAN-14 APR, 1-31 DEC), 13.60% MIN 1.6€/100kg/net"


@pytest.mark.parametrize(
    ("text", "on", "amount"),
    [
        (SEASONS, date(2026, 5, 31), "10"),
        (SEASONS, date(2026, 6, 1), "12"),
        (SEASONS, date(2026, 10, 31), "12"),
        (SEASONS, date(2026, 11, 1), "10"),
        (OVER_THE_YEAR, date(2026, 6, 30), "0"),
        (OVER_THE_YEAR, date(2026, 7, 1), "14"),
        (OVER_THE_YEAR, date(2027, 1, 31), "14"),
        (OVER_THE_YEAR, date(2027, 2, 1), "0"),
        (REST, date(2026, 12, 1), "9.6"),
        (REST, date(2026, 11, 30), "13.6"),
        ("5% (1 January to 28 February), 6% (1 March - 31 December)", date(2028, 2, 29), "5"),
    ],
)
def test_the_day_chooses_the_season(text: str, on: date, amount: str) -> None:
    """Both ends belong to a season, which may run over the end of the year; February ends when it ends."""
    assert due(text, "100", measured({"kg": "1"}, on=on)).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        (SEASONS, None),
        ("9.60% (01 JAN-15 MAY), 13.40% (16 MAY-30 JUNE)", date(2026, 7, 1)),
        ("5% (1 JAN-30 JUN), 6% (30 JUN-31 DEC)", date(2026, 6, 30)),
    ],
)
def test_a_day_without_one_rate_is_an_error_and_not_a_guess(text: str, on: date | None) -> None:
    """No day, no season for the day, or two seasons for it."""
    with pytest.raises(DutyError):
        due(text, "100", measured(on=on))


def test_every_missing_quantity_is_named_at_once() -> None:
    """Nothing is asked twice, and only what the season in force needs."""
    with pytest.raises(DutyQuantityMissing) as caught:
        due("9% + EA MAX 18.7% + ADSZ + 2 EUR / pair", "100")
    assert caught.value.units == ("ADSZ", "EA", "kg", "pa")
    assert caught.value.position == 6
    with pytest.raises(DutyQuantityMissing) as caught:
        known = measured({"kg": "1"}, on=date(2026, 7, 1))
        due("1 EUR / m2 (1 JAN-30 JUN), 1 EUR / kg + 1 EUR / pair (1 JUL-31 DEC)", "1", known)
    assert caught.value.units == ("pa",)
    with pytest.raises(DutyQuantityMissing) as caught:
        due("2 EUR / % vol / hl", "1", measured({"kg": "1"}))
    assert caught.value.units == ("abv_percent", "l")


@pytest.mark.parametrize("text", ["1.62 EUR / kg / tot alc", "1.7¢/kg on lead content", "1 EUR / kg NaOH"])
def test_the_whole_mass_never_counts_for_a_substance_in_it(text: str) -> None:
    """Ore is not lead: the content itself is asked for."""
    with pytest.raises(DutyQuantityMissing):
        due(text, "1", measured({"kg": "100"}))


def test_each_step_shows_its_numbers() -> None:
    """What is shown adds up to what is charged."""
    found = due("12.8% + 61 GBP/100kg MAX 40 EUR / 100 kg / lactic.", "1000", measured({"kg": "250"}))
    assert [(step.expression, step.working, step.amount) for step in found.steps] == [
        ("12.8%", "1000 × 12.8%", 128),
        ("61 GBP / 100kg", "61 × 250 kg ÷ 100 = 152.5 GBP", 183),
        ("12.8% + 61 GBP / 100kg", "128 + 183", 311),
        ("40 EUR / 100 kg lactic.", "40 × 250 kg (for kg lactic.) ÷ 100", 100),
        ("MAX", "the smaller of 311 and 100", 100),
    ]
    assert found.amount == 100


def test_a_sum_is_a_fraction_of_the_value_and_an_amount() -> None:
    """What the engine solves where the tax is inside the price."""
    known = measured({"kg": "250"}, retail_price="10")
    text = "12.8% + 2% + 10% RET + 4 EUR / 100 kg"
    assert linear(parse_duty(text), measured=known) == (Decimal("0.148"), Decimal(11))
    assert linear(parse_duty("kg"), measured=known) == (0, 0)
    with pytest.raises(DutyError):
        linear(parse_duty("5% MIN 1 EUR / kg"), measured=known)


def test_a_percentage_is_one_multiplication() -> None:
    """No rounding, one step."""
    found = evaluate(parse_duty("6.7%"), Decimal("0.15"), measured=measured())
    assert (found.amount, len(found.steps)) == (Decimal("0.01005"), 1)
