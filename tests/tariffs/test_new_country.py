"""Adding a country as docs/regulation-packs.md tells it: a folder, no code. New Zealand, from scratch."""

import json
from pathlib import Path

import pytest

from tariffs.assessment import assess, replay, to_snapshot
from tariffs.facts import CannotAssess
from tariffs.intake import read_facts
from tariffs.pack_parsing import read_folder
from tariffs.packs import Pack, compile_pack, use_shelf

PACK = """
jurisdiction = "NZ"
version = "1"
currency = "NZD"
valid_from = 2019-12-01
countries = ["NZ"]
agencies = ["customs"]
regimes = ["nz_low_value", "nz_standard"]
tax_inside = "rate_of('gst')"

[dates]
rule = ["acceptance"]
rate = ["acceptance"]
fx = ["export", "acceptance"]

[exchange]
anchor = "same_day"
holiday = "last_published"
is_official = false
rule = "NZ-04"

[rounding]
value = { step = "0.01", mode = "half_up", when = "sum" }
charge = { step = "0.01", mode = "half_up" }
fee = { step = "0.01", mode = "half_up" }

[[rule]]
id = "NZ-01"
en = "Up to NZD 1,000 there is no duty, and a registered seller takes GST at sale."
zh = "1000新西兰元以内免征关税，由已登记卖家在销售时收取GST。"
verified = false

[[rule]]
id = "NZ-02"
en = "Above NZD 1,000 duty is charged on the price, and GST on the price, freight, insurance and duty."
zh = "超过1000新西兰元的，按货价征收关税，按货价、运费、保险费和关税之和征收GST。"
verified = false

[[rule]]
id = "NZ-03"
en = "An import entry costs a transaction fee."
zh = "进口报关收取交易费。"
verified = false

[[rule]]
id = "NZ-04"
en = "Amounts are converted at the rate of the day of export."
zh = "按出口当日汇率折算。"
verified = false

[[parameter]]
name = "low_value_limit"
value = "1000"
rule = "NZ-01"

[[parameter]]
name = "entry_fee"
value = "29.26"
rule = "NZ-03"
valid_from = 2023-01-01

[[registration]]
scheme = "nz_gst"
pattern = "[0-9]{8,9}"
rule = "NZ-01"

[[basis]]
value = "price"

[[route]]
id = "low_value"
when = "goods_value <= low_value_limit"
regime = "nz_low_value"
outcome = "assessed"
rule = "NZ-01"

[[route]]
id = "standard"
when = "true"
regime = "nz_standard"
outcome = "assessed"
rule = "NZ-02"

[[layer]]
type = "gst"
regimes = ["nz_low_value"]
when = "has_registration"
rate_type = "gst"
base = "price + freight_share + insurance_share"
amount = "charge(base)"
collector = "vendor"
rule = "NZ-01"

[[layer]]
type = "customs_duty"
regimes = ["nz_standard"]
rate_type = "customs_duty"
base = "line_value"
amount = "charge(base)"
collector = "border"
rule = "NZ-02"

[[layer]]
type = "gst"
regimes = ["nz_standard"]
rate_type = "gst"
base = "line_value + customs_duty + freight_share + insurance_share"
amount = "charge(base)"
collector = "border"
rule = "NZ-02"

[[fee]]
type = "handling_fee"
regimes = ["nz_standard"]
amount = "entry_fee"
collector = "border"
rule = "NZ-03"
"""
HEAD = (
    "type,hs_prefix,country,origin,measure,preference,proof,expression,gate,rule,name_en,name_zh,"
    "valid_from,valid_to,source,source_date,verified,enabled"
)
RATES = f"""{HEAD}
gst,,,,,,,15%,,NZ-02,,,,,own knowledge,,false,true
customs_duty,61,,,,,,10%,,NZ-02,knitted clothing,针织服装,,,own knowledge,,false,true
customs_duty,61,,AU,preference,ANZCERTA,certificate_of_origin,free,,NZ-02,,,,,own knowledge,,false,true
"""
CONTROLS = (
    "rule,hs_prefix,agency,document_types,level,sentence_en,sentence_zh,"
    "valid_from,valid_to,source,source_date,verified,enabled\n"
)


@pytest.fixture
def new_zealand(tmp_path: Path) -> Pack:
    """Write the folder as an engineer would, and read it."""
    folder = tmp_path / "nz"
    folder.mkdir()
    (folder / "pack.toml").write_text(PACK, encoding="utf-8")
    (folder / "rates.csv").write_text(RATES, encoding="utf-8")
    (folder / "controls.csv").write_text(CONTROLS, encoding="utf-8")
    texts = read_folder(folder)
    use_shelf(lambda: (texts,))
    return compile_pack(texts)


def _shirt(price: str, **more: object) -> dict[str, object]:
    goods = {"commodity_code": "61091000", "origin": "CN", "item_price": {"amount": price, "currency": "NZD"}}
    return {
        "id": "nz",
        "jurisdiction": "NZ",
        "dates": {"acceptance": "2026-11-22"},
        "freight": {"amount": "20", "currency": "NZD"},
        "goods_items": [goods | more.pop("goods", {})],  # type: ignore[operator]
        **more,
    }


def test_the_seller_takes_the_tax_up_to_the_limit(new_zealand: Pack) -> None:
    """NZ-01: NZD 1,000.00 is within; GST is on the price with delivery."""
    seller = {"scheme": "nz_gst", "number": "123456789"}
    result = assess(read_facts(_shirt("1000.00", seller_registration=seller)))
    assert result.regime == "nz_low_value"
    assert {kind: str(amount) for kind, amount in result.totals.by_type.items()} == {"gst": "153.00"}
    assert result.payable_by_trader_now == 0


def test_above_the_limit_the_border_takes_duty_and_tax(new_zealand: Pack) -> None:
    """NZ-02: duty 100.001 on the price, GST on price, freight and duty; NZ-03: the fee."""
    facts = read_facts(_shirt("1000.01"))
    result = assess(facts)
    assert {kind: str(amount) for kind, amount in result.totals.by_type.items()} == {
        "customs_duty": "100.00",
        "gst": "168.00",
        "handling_fee": "29.26",
    }
    assert str(result.totals.landed) == "1317.27"
    assert replay(json.loads(json.dumps(to_snapshot(facts, result)))) == result


def test_a_proven_preference_is_taken_and_an_unproven_one_is_shown(new_zealand: Pack) -> None:
    """The lowest lawful rate applies; what a lower one lacks stands beside it."""
    claim = {"origin": "AU", "preference": "ANZCERTA"}
    unproven = assess(read_facts(_shirt("2000", goods=claim)))
    assert str(unproven.totals.duty) == "200.00"
    (other,) = unproven.goods[0].alternatives
    assert (other.preference, other.missing, other.amount) == ("ANZCERTA", ("proof",), 0)
    proven = assess(read_facts(_shirt("2000", goods=claim | {"documents": ["certificate_of_origin"]})))
    assert proven.totals.duty == 0
    assert proven.goods[0].charges[0].measure == "preference"
    assert [one.duty for one in proven.goods[0].alternatives] == ["10%"]


def test_the_tax_inside_the_price_is_taken_out(new_zealand: Pack) -> None:
    """1,150.00 with 15 % inside is 1,000.00 without, so the limit holds; landed is what was paid."""
    seller = {"scheme": "nz_gst", "number": "123456789"}
    row = _shirt("1150.00", seller_registration=seller, prices_include_tax=True) | {
        "freight": {"amount": "23", "currency": "NZD"}
    }
    result = assess(read_facts(row))
    assert result.regime == "nz_low_value"
    assert str(result.totals.taxes) == "153.00"
    assert str(result.totals.landed) == "1173.00"


def test_a_figure_without_a_source_for_the_day_is_an_error(new_zealand: Pack) -> None:
    """The fee is known from 2023; before, nothing is guessed."""
    with pytest.raises(CannotAssess) as error:
        assess(read_facts(_shirt("2000") | {"dates": {"acceptance": "2022-12-31"}}))
    (problem,) = error.value.problems
    assert (problem.code, problem.path) == ("rate_missing", "dates")
    assert "entry fee" in problem.message


def test_goods_without_a_rate_are_an_error_beside_their_code(new_zealand: Pack) -> None:
    """A commodity code that the pack does not know is said to be so."""
    with pytest.raises(CannotAssess) as error:
        assess(read_facts(_shirt("2000", goods={"commodity_code": "85171300"})))
    assert [problem.path for problem in error.value.problems] == ["goods_items.0.commodity_code"]
