"""Controls, commodity codes, countries and exchange rates."""

from datetime import date

import pytest

from tariffs.commodities import clean_code, describe, is_commodity_code
from tariffs.controls import agencies_for, controls_for
from tariffs.exchange import anchor_day, rate
from tariffs.facts import CannotAssess
from tariffs.jurisdictions import currency_of, jurisdictions, pack_jurisdiction, rule_sentence
from tariffs.packs import current_packs, pack_for
from tests.tariffs.facts import TODAY


def test_milk_powder_asks_for_certificate_and_label() -> None:
    """CN-17 and CN-18: two papers, both for quarantine."""
    controls = controls_for("CN", ["1901101090", "85101000"], on=TODAY)
    assert [(one.rule, one.document_types, one.agency) for one in controls] == [
        ("CN-17", ("health_certificate",), "quarantine"),
        ("CN-18", ("label",), "quarantine"),
    ]
    assert controls[0].commodity_codes == ("1901101090",)


def test_quarantine_reviews_only_where_a_control_says_so() -> None:
    """Customs, tax and port see every declaration."""
    assert agencies_for("CN", ["85101000"], on=TODAY) == ("customs", "tax", "port")
    assert agencies_for("CN", ["85101000", "08021100"], on=TODAY)[-1] == "quarantine"


def test_prohibition_is_a_control_without_agency() -> None:
    """CN-02: no paper helps."""
    (control,) = controls_for("CN", ["02032900"], on=TODAY, language="zh-hans")
    assert control.is_prohibition
    assert "禁止" in control.sentence


@pytest.mark.parametrize(
    ("code", "is_good"),
    [
        ("610910", True),
        ("6109100010", True),
        ("61091", False),
        ("61091000101", False),
        ("990000", False),
        ("77", False),
        ("٦١٠٩١٠", False),
        ("6109.10", False),
    ],
)
def test_commodity_codes_have_six_to_ten_digits(code: str, is_good: bool) -> None:
    """Chapters 01 to 97 without 77; plain digits only."""
    assert is_commodity_code(code) is is_good


def test_dots_in_a_code_are_taken_out() -> None:
    """People copy codes with dots."""
    assert clean_code(" 6109.10.00 ") == "61091000"


def test_codes_have_everyday_names() -> None:
    """The most special name wins; an unknown code has none."""
    assert describe("33049900") == "skin care cream"
    assert describe("95030041", language="zh-hans") == "玩具"
    assert describe("88062110") == "drones up to 250 g"
    assert describe("28451000") == ""


def test_every_country_of_a_pack_is_a_country_of_import() -> None:
    """China, the 27 member states and whatever other packs serve, each once and by name."""
    found = {country.code: country for country in jurisdictions()}
    assert set(found) == {code for pack in current_packs() for code in pack.countries}
    assert len([country for country in found.values() if country.pack == "EU"]) == 27
    assert found["NL"].pack == "EU"
    assert found["NL"].name == "Netherlands"
    assert (pack_jurisdiction("DE"), currency_of("CN"), currency_of("AQ")) == ("EU", "CNY", "")


def test_rule_sentences_in_both_languages() -> None:
    """Pages show the sentence of the number."""
    assert rule_sentence("NL", "EU-03").startswith("From 1 July 2026")
    assert rule_sentence("CN", "CN-14", language="zh-hans").startswith("完税价格")
    assert rule_sentence("CN", "EU-03") == ""


def test_anchor_days_of_november() -> None:
    """CN-13 and EU-16: third, and last but one Wednesday of October, for the whole of November."""
    for jurisdiction, on in (("CN", date(2026, 11, 1)), ("NL", date(2026, 11, 30))):
        assert rate("USD", "EUR", jurisdiction=jurisdiction, on=on).anchor == date(2026, 10, 21)


def test_anchor_moves_a_week_past_spring_festival() -> None:
    """CN-13: 18 February 2026 was a holiday."""
    assert anchor_day(pack_for("CN", on=TODAY).exchange, on=date(2026, 3, 5)) == date(2026, 2, 25)


def test_anchor_in_europe_moves_to_the_last_published_day() -> None:
    """EU-16: where the ECB published nothing, the rate before counts."""
    policy = pack_for("NL", on=TODAY).exchange
    assert anchor_day(policy, on=date(2025, 1, 10)) == date(2024, 12, 18)


def test_missing_rate_says_what_to_do() -> None:
    """Never a guess: the sentence names the day and the mend."""
    with pytest.raises(CannotAssess) as error:
        rate("USD", "CNY", jurisdiction="CN", on=date(2026, 12, 5))
    problem = error.value.problems[0]
    assert "2026-11-18" in problem.message
    assert "exchange_rates" in problem.fix


def test_unknown_currency_is_an_error() -> None:
    """A currency that the ECB does not publish has no rate."""
    with pytest.raises(CannotAssess, match="XTS"):
        rate("XTS", "CNY", jurisdiction="CN", on=TODAY)
