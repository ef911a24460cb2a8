"""What is understood, and how what is not is named."""

from decimal import Decimal

import pytest

from tariffs.duties.parsing import LONGEST, DutyError, parse_duty


@pytest.mark.parametrize(
    ("text", "percent"),
    [("8.5%", "8.5"), ("0.0%", "0"), ("12.80 %", "12.8"), ("163.8%", "163.8"), (" 10 % ", "10")]
    + [(free, "0") for free in ("NIHIL", "free", "Free", "FREE")],
)
def test_one_plain_percentage_is_known_as_such(text: str, percent: str) -> None:
    """The engine multiplies once and asks nothing."""
    duty = parse_duty(text)
    assert duty.percent == Decimal(percent)
    assert duty.fraction == Decimal(percent) / 100
    assert duty.is_linear
    assert not duty.units | duty.currencies


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("5.4 EUR / 100 kg", {"kg"}),
        ("61 GBP/100kg", {"kg"}),
        ("1.1 GBP / item", {"p/st"}),
        ("1.1 EUR per pair", {"pa"}),
        ("152.00 EUR / 1,000 items", {"p/st"}),
        ("2 EUR/1000 p/st", {"p/st"}),
        ("2 EUR/MIL", {"p/st"}),
        ("0.90 EUR / % vol / hl + 6.40 EUR / hl", {"abv_percent", "l"}),
        ("1.4 GBP/%vol/hl", {"abv_percent", "l"}),
        ("31.64 GBP / l alc. 100%", {"l alc. 100%"}),
        ("31.64 GBP / LPA", {"l alc. 100%"}),
        ("1,234 EUR / tonne", {"kg"}),
        ("1.19 EUR / kg / lactic matter + 27.50 EUR / 100 kg", {"kg", "kg lactic."}),
        ("0.300 EUR / 100 kg / lactic.", {"kg lactic."}),
        ("0.07 EUR / kg / dry lactic matter", {"kg dry lactic."}),
        ("9.40 EUR / 100 kg / net drained wt", {"kg net drained"}),
        ("9.40 GBP/100kg eda", {"kg net drained"}),
        ("42 GBP/100kg mas", {"kg net dry"}),
        ("28 GBP/100kg std qual", {"kg std qual"}),
        ("0.40 EUR/100 kg/net/ % sacchar.", {"kg", "sucrose_percent"}),
        ("0.40 EUR / DTN Z", {"kg", "sucrose_percent"}),
        ("9.600 % + 45.100 EUR DTN MAX 18.700 % + 16.500 EUR DTN G", {"kg", "kg gross"}),
        ("0.900 EUR ASV X + 6.400 EUR HLT", {"abv_percent", "l"}),
        ("0.60 EUR / 100 kg / gross", {"kg gross"}),
        ("1.62 EUR / kg / tot alc", {"kg tot alc"}),
        ("1 EUR / kg NaOH", {"kg NaOH"}),
        ("1 EUR / KSH", {"kg NaOH"}),
        ("1 EUR / m2 + 1 EUR / m³ + 1 EUR / 100 m", {"m2", "l", "m"}),
        ("0.5 EUR / cm3", {"l"}),
        ("16.5% of retail price + 5 GBP / 1000 p/st", {"retail_price", "p/st"}),
        ("16.5% RET", {"retail_price"}),
        ("9.00% +  EA MAX 18.70%  + ADSZ", {"EA", "ADSZ", "kg"}),
        ("0.000% + AC (reduced)", {"EAR", "kg"}),
        ("p/st", {"p/st"}),
        ("1000 p/st", {"p/st"}),
        ("10.5¢/bbl", {"l"}),
        ("31.4¢/pf. liter on ethyl alcohol content", {"l alc. 100%"}),
        ("5.1¢/clean kg", {"kg clean"}),
        ("0.3¢/line/ gross + 4.6%", {"line", "p/st"}),
        ("0.7¢/kg on copper content + 0.7¢/kg on lead content", {"kg copper", "kg lead"}),
        ("5% on case and strap, band or bracelet", {"value_case", "value_strap"}),
        ("4.7% on the value of the rifle + 20% on the value of the telescopic sight, if any",
         {"value_rifle", "value_telescopic_sight"}),
    ],
)  # fmt: skip
def test_a_duty_says_which_quantities_it_needs(text: str, units: set[str]) -> None:
    """Supplementary units are asked for only when a measure needs them."""
    assert parse_duty(text).units == units


def test_currencies_are_known_by_code_sign_and_cent() -> None:
    """`$` and ¢ are the tariff's own dollars where its currency is a dollar."""
    assert parse_duty("1 EUR / kg + 2 GBP / kg").currencies == {"EUR", "GBP"}
    assert parse_duty("1 £ / kg + €2 / kg").currencies == {"EUR", "GBP"}
    assert parse_duty("6.8¢/kg").currencies == {"USD"}
    assert parse_duty("6.8¢/kg", currency="CAD").currencies == {"CAD"}
    assert parse_duty("US$2/kg", currency="CAD").currencies == {"USD"}
    assert parse_duty("¥2/kg", currency="CNY").currencies == {"CNY"}


@pytest.mark.parametrize(
    ("text", "is_linear"),
    [
        ("5% + 2 EUR / kg", True),
        ("3.9% on the movement and case+ 5.3% on the battery", True),
        ("5% MIN 2 EUR / kg", False),
        ("5% - 2 EUR / kg", False),
        ("5% (1 JAN-30 JUN), 6% (1 JUL-31 DEC)", False),
    ],
)
def test_only_plain_sums_are_linear(text: str, is_linear: bool) -> None:
    """A limit, a season or a deduction (which cannot take a duty below nothing) bends the line."""
    assert parse_duty(text).is_linear is is_linear


def test_an_unknown_currency_is_named_with_its_character() -> None:
    """The sentence that the tariff's own editors see, and what to do."""
    with pytest.raises(DutyError) as caught:
        parse_duty("10 ABC / 100 kg")
    assert str(caught.value) == "10 ABC / 100 kg: no currency ABC at character 4"
    assert caught.value.message == "no currency ABC"
    assert "ISO 4217" in caught.value.fix
    assert caught.value.text == "10 ABC / 100 kg"


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("", 1, "there is no duty in it"),
        ("abc", 1, "“abc” is not understood here"),
        ("10", 3, "it is not said what 10 is"),
        ("5 kg", 3, "no currency kg"),
        ("10 EURO / kg", 4, "no currency EURO"),
        ("10% + 100 DEF / kg", 11, "no currency DEF"),
        ("10%%", 4, "“%” is not understood here"),
        ("10% +", 6, "it ends too early"),
        ("10% / 100 kg", 5, "“/” is not understood here"),
        ("10 EUR / foobar", 10, "no unit foobar"),
        ("10 EUR / 100 abc", 14, "no unit abc"),
        ("10 EUR / 0 kg", 10, "no unit 0 kg"),
        ("10 EUR / kg / foo", 15, "“foo” is not understood here"),
        ("10 EUR 100 kg", 8, "“100” is not understood here"),
        ("5,4 EUR / kg", 2, "“,” is not understood here"),
        ("Free + 5%", 6, "“+” is not understood here"),
        ("NIHIL / 100 kg", 7, "“/” is not understood here"),
        ("-5%", 1, "“-” is not understood here"),
        ("10% (1 JAN 31 MAY)", 12, "“31” is not understood here"),
        ("10% (30 FEB-1 MAY)", 6, "February has no day 30"),
        ("10% (1 JAN-32 MAY)", 12, "“32” is not understood here"),
        ("¥2/kg", 1, "no currency ¥"),
        ("The rate applicable to the natural juice in heading 2009", 1, "it is the rate of other goods"),
        ("See additional U.S. note 1", 1, "it refers to a note"),
        ("Entry Price", 1, "an entry price is not worked out without its scale"),
        ("1%" * 1000, LONGEST + 1, "it is longer than 1000 characters"),
    ],
)
def test_the_first_character_that_is_not_understood_is_told(text: str, position: int, message: str) -> None:
    """Characters count from 1; each error says how to mend it."""
    with pytest.raises(DutyError) as caught:
        parse_duty(text)
    assert (caught.value.position, caught.value.message) == (position, message)
    assert caught.value.fix.endswith(".")
