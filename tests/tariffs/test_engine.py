"""The engine without a country: formulas, rounding, traces, and what it says when it cannot answer."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tariffs.assessment import assess
from tariffs.explaining import worked
from tariffs.expressions import ExpressionError, compile_expression
from tariffs.facts import CannotAssess, Dates
from tariffs.pack_parsing import PackError, PackTexts, folder_packs
from tariffs.packs import Pack, compile_pack, pack_for
from tariffs.rounding import rounding_of
from tests.tariffs.facts import TODAY, item, to_china, to_europe


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", Decimal(7)),
        ("(1 + 2) * 3", Decimal(9)),
        ("-a + 1", Decimal(-1)),
        ("10 - 3 - 2", Decimal(5)),
        ("8 / 2 / 2", Decimal(2)),
        ("0.1 + 0.2 == 0.3", True),
        ("a > 1 and not (a > 2)", True),
        ("a == 1 or a == 2", True),
        ("if(a > 1, 10, 20)", Decimal(10)),
        ("gross_up(85, 0.15)", Decimal(100)),
        ("clamp(5, 10, 20)", Decimal(10)),
        ("min(3, 2, 1)", Decimal(1)),
        ("ratio(1, 0)", Decimal(0)),
        ("name == 'ioss'", True),
    ],
)
def test_formulas_compute_exactly(text: str, value: object) -> None:
    """Decimals, precedence, logic and functions do what they say."""
    scope = {"a": Decimal(2), "name": "ioss"}
    assert compile_expression(text).run(scope) == value


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("1 + ", 5, "a value is missing"),
        ("1 + $", 5, "is not understood"),
        ("open('x')", 1, "there is no function 'open'"),
        ("__import__", 1, "is not known"),
        ("a.b", 2, "is not understood"),
        ("(1 + 2", 7, "')' is missing"),
        ("1 2", 3, "is not expected"),
        ("clamp(1, 2)", 1, "takes 3 values, not 2"),
        ("b + 1", 1, "the name 'b' is not known"),
    ],
)
def test_formula_errors_name_the_character(text: str, position: int, words: str) -> None:
    """A wrong formula is refused when the pack is read, at its character."""
    with pytest.raises(ExpressionError) as error:
        compile_expression(text, known=frozenset(["a"]))
    assert error.value.position == position
    assert words in str(error.value)


def test_rounding_to_steps_above_one() -> None:
    """Japan cuts values to thousands; a step of five cents exists as well."""
    assert rounding_of("1000", mode="down")(Decimal("12999.99")) == 12000
    assert rounding_of("0.05", mode="half_up")(Decimal("1.025")) == Decimal("1.05")


def test_charge_shows_its_formula_with_its_numbers() -> None:
    """CN-09: the seller can follow the tax on a calculator."""
    result = assess(to_china(item("33049900", "330", content="30 ml")))
    duty, consumption, vat = result.goods[0].charges
    assert worked(duty) == "0 = 0.00"
    assert worked(consumption) == "330.00 ÷ (1 − 0.15) = 388.24; 388.24 × 0.15 × 0.7 = 40.76"
    assert worked(vat) == "388.24 × 0.13 × 0.7 = 35.33"


def test_duty_in_full_shows_in_the_next_base() -> None:
    """CN-04: duty is inside the composite price."""
    duty, vat = assess(to_china(item("42022100", "6000"))).goods[0].charges
    assert worked(duty) == "6000.00 × 6% = 360.00"
    assert worked(vat) == "6360.00 × 0.13 × 1 = 826.80"


def test_sentences_come_in_chinese() -> None:
    """The same rules, the same amounts, in the reader's language."""
    facts = to_china(item("33049900", "330", content="30 ml"))
    english, chinese = assess(facts), assess(facts, language="zh-hans")
    assert chinese.goods[0].charges[1].sentence.startswith("高档化妆品")
    assert chinese.totals == english.totals


def test_unconfirmed_rates_are_said_to_be_so() -> None:
    """Rows that no source confirms make the assessment say it."""
    result = assess(to_europe(item("61091000", "200", currency="EUR")))
    assert not result.verified
    assert result.warnings[-1].code == "unverified"


def test_all_problems_of_the_facts_at_once() -> None:
    """Three mistakes are three problems, each beside its field."""
    wrong = replace(item("61", "-1"), quantity=Decimal("NaN"))
    with pytest.raises(CannotAssess) as error:
        assess(to_china(wrong))
    assert [problem.path for problem in error.value.problems] == [
        "goods_items.0.commodity_code",
        "goods_items.0.item_price",
        "goods_items.0.quantity",
    ]


def test_nothing_to_assess_is_a_problem() -> None:
    """A consignment without goods is told so."""
    with pytest.raises(CannotAssess, match="no goods"):
        assess(to_china())


def test_missing_acceptance_date_is_named() -> None:
    """The date that selects the rule is never today by accident."""
    facts = replace(to_china(item("85101000", "10")), dates=Dates(order=TODAY))
    with pytest.raises(CannotAssess) as error:
        assess(facts)
    assert error.value.problems[0].path == "dates.acceptance"


def test_country_without_pack_is_named() -> None:
    """No pack: an error, not a guess."""
    with pytest.raises(CannotAssess, match="no import rules for AQ"):
        assess(replace(to_china(item("85101000", "10")), jurisdiction="AQ"))


def test_a_member_state_is_served_by_the_union() -> None:
    """NL has no pack of its own."""
    assert pack_for("NL", on=TODAY).jurisdiction == "EU"


def test_a_new_country_is_a_folder_and_no_code() -> None:
    """A pack with one layer, made here, is assessed by the same engine."""
    pack = compile_pack(_texts("10%"))
    assert isinstance(pack, Pack)
    facts = replace(to_china(item("85101000", "100", currency="XTS")), jurisdiction="ZZ")
    assert assess(facts, pack=pack).totals.by_type == {"vat": Decimal("10.00")}


def test_a_pack_with_an_unknown_name_is_refused_when_read() -> None:
    """Mistakes in a pack are found before anybody is taxed by it."""
    with pytest.raises(ExpressionError, match="'prize' is not known"):
        compile_pack(_texts("10%", base="prize"))


def test_a_pack_row_that_is_no_number_names_its_line() -> None:
    """rates.csv is read strictly."""
    with pytest.raises(PackError, match=r"rates.csv, line 2"):
        compile_pack(_texts("ten%"))


def test_every_row_has_a_source_and_every_rule_two_languages() -> None:
    """Packs state where each row comes from; what nobody confirmed is not marked as confirmed."""
    doubted = ("not confirmed", "own knowledge", "general knowledge")
    for texts in folder_packs():
        assert all(rule.sentences["en"] and rule.sentences["zh"] for rule in texts.rules().values())
        assert all(rule.source or not rule.validity.verified for rule in texts.rules().values())
        for row in (*texts.rates(), *texts.controls()):
            assert row.source
            assert not (row.validity.verified and row.source.startswith(doubted)), row


def _texts(rate: str, *, base: str = "line_value") -> PackTexts:
    toml = f"""
jurisdiction = "ZZ"
version = "1"
currency = "XTS"
valid_from = {date(2020, 1, 1)}
countries = ["ZZ"]
agencies = ["customs"]
regimes = ["zz_all"]
dates = {{ rule = ["acceptance"], rate = ["acceptance"], fx = ["acceptance"] }}
[exchange]
anchor = "third_wednesday_of_previous_month"
holiday = "last_published"
is_official = true
rule = "ZZ-01"
[rounding]
value = {{ step = "0.01", mode = "half_up", when = "sum" }}
charge = {{ step = "0.01", mode = "half_up" }}
fee = {{ step = "0.01", mode = "half_up" }}
[[rule]]
id = "ZZ-01"
en = "Everything pays."
zh = "全部征税。"
[[route]]
id = "all"
when = "true"
regime = "zz_all"
outcome = "assessed"
rule = "ZZ-01"
[[layer]]
type = "vat"
regimes = ["zz_all"]
rate_type = "vat"
base = "{base}"
amount = "base * rate"
collector = "border"
rule = "ZZ-01"
"""
    head = (
        "type,hs_prefix,country,expression,gate,rule,name_en,name_zh,"
        "valid_from,valid_to,source,source_date,verified,enabled\n"
    )
    return PackTexts(
        files={
            "pack.toml": toml,
            "rates.csv": f"{head}vat,,,{rate},,,,,,,test,,true,true\n",
            "controls.csv": "rule,hs_prefix,agency,document_types,level,sentence_en,sentence_zh,"
            "valid_from,valid_to,source,source_date,verified,enabled\n",
        }
    )
