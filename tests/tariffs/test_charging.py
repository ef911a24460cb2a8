"""What layers can say: waivers, cut bases, taxes that exclude one another, given rates, quantities."""

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tariffs.assessment import assess
from tariffs.facts import CannotAssess, GoodsFacts, Money
from tariffs.pack_parsing import PackTexts
from tariffs.packs import Pack, compile_pack
from tariffs.results import AssessmentResult
from tests.tariffs.facts import item, to_china

HEAD = """
jurisdiction = "ZZ"
version = "1"
currency = "XTS"
valid_from = 2020-01-01
countries = ["ZZ"]
agencies = ["customs"]
regimes = ["zz_all"]
dates = { rule = ["acceptance"], rate = ["acceptance"], fx = ["acceptance"] }
exchange = { anchor = "same_day", holiday = "last_published", is_official = true, rule = "ZZ-01" }
[rounding]
value = { step = "0.01", mode = "half_up", when = "sum" }
charge = { step = "0.01", mode = "half_up" }
fee = { step = "0.01", mode = "half_up" }
shared = { step = "0.01", mode = "half_up", when = "sum" }
thousands = { step = "1000", mode = "down" }
hundreds = { step = "100", mode = "down" }
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
"""
COLUMNS = [
    "type",
    "hs_prefix",
    "country",
    "origin",
    "measure",
    "preference",
    "proof",
    "quota",
    "additional_code",
    "expression",
    "gate",
    "rule",
    "name_en",
    "name_zh",
    "valid_from",
    "valid_to",
    "source",
    "source_date",
    "verified",
    "enabled",
]


def pack_of(*layers: str, rates: tuple[dict[str, str], ...] = ()) -> Pack:
    """Return a pack of these layers (lines of TOML) and rate rows."""
    common = 'regimes = ["zz_all"]\nbase = "line_value"\ncollector = "border"\nrule = "ZZ-01"\n'
    texts = []
    for layer in layers:
        own = {line.partition(" =")[0] for line in layer.splitlines()}
        lines = [line for line in common.splitlines() if line.partition(" =")[0] not in own]
        texts.append("\n".join(["[[layer]]", *lines, layer]))
    table = io.StringIO()
    rows = csv.DictWriter(table, COLUMNS, restval="", lineterminator="\n")
    rows.writeheader()
    rows.writerows([row | {"source": "test", "verified": "true", "enabled": "true"} for row in rates])
    return compile_pack(
        PackTexts(
            files={
                "pack.toml": HEAD + "\n".join(texts),
                "rates.csv": table.getvalue(),
                "controls.csv": "rule,hs_prefix,agency,document_types,level,sentence_en,sentence_zh,"
                "valid_from,valid_to,source,source_date,verified,enabled\n",
            }
        )
    )


def charge(pack: Pack, *goods: GoodsFacts, **more: Any) -> AssessmentResult:
    """Assess goods priced in the pack's currency."""
    priced = [replace(one, item_price=Money(one.item_price.amount, "XTS")) for one in goods]
    return assess(replace(to_china(*priced, **more), jurisdiction="ZZ", currency="XTS"), pack=pack)


def amounts(result: AssessmentResult) -> list[list[str]]:
    """Return each line's amounts as texts."""
    return [[str(one.amount) for one in line.charges] for line in result.goods]


DUTY = 'type = "customs_duty"\nrate_type = "customs_duty"\namount = "charge(base)"'
VAT = 'type = "vat"\nbase = "line_value + customs_duty + additional"\nrate = "10"\namount = "base / 10"'


def test_a_small_total_is_waived_for_all_lines_and_leaves_the_next_base() -> None:
    """Two lines of 4.00 and 5.00 come to the limit of 9 exactly; a cent more is collected."""
    waived = DUTY + '\nwaive_up_to = "9"\nwaive_rule = "ZZ-01"'
    pack = pack_of(waived, VAT, rates=({"type": "customs_duty", "expression": "10%"},))
    result = charge(pack, item("61091000", "40"), item("61091000", "50"))
    assert amounts(result) == [["0", "4.00"], ["0", "5.00"]]
    assert [line.charges[0].before_waiver for line in result.goods] == [Decimal("4.00"), Decimal("5.00")]
    over = charge(pack, item("61091000", "40"), item("61091000", "50.10"))
    assert amounts(over) == [["4.00", "4.40"], ["5.01", "5.51"]]


def test_bases_are_cut_and_the_value_is_not() -> None:
    """Japan: 12,999 is taxed as 12,000, the tax cut to full hundreds."""
    cut = DUTY + '\nround_base = "thousands"\nround = "hundreds"'
    result = charge(
        pack_of(cut, rates=({"type": "customs_duty", "expression": "8.4%"},)), item("61091000", "12999")
    )
    (tax,) = result.goods[0].charges
    assert (tax.base, tax.raw, tax.amount) == (12000, Decimal("1008.000"), 1000)
    assert result.customs_value == 12999


def test_parts_of_a_rounded_sum_add_up() -> None:
    """Three lines of 3.35 % on 0.10 are 0.01 together, not 0.00."""
    shared = DUTY + '\nround = "shared"'
    pack = pack_of(shared, rates=({"type": "customs_duty", "expression": "3.35%"},))
    result = charge(pack, *[item("61091000", "0.10", description=name) for name in "abc"])
    assert sorted(amounts(result)) == [["0.00"], ["0.00"], ["0.01"]]


ADDITIONAL = """types = ["s301", "s232", "antidumping"]
optional = true
amount = "charge(base)\""""
S122 = 'type = "s122"\nrate_type = "s122"\noptional = true\nnot_with = ["s232"]\namount = "charge(base)"'
ADDED = (
    {"type": "customs_duty", "expression": "5%"},
    {"type": "s122", "expression": "10%"},
    {"type": "s301", "hs_prefix": "61", "origin": "CN", "expression": "7.5%"},
    {"type": "s232", "hs_prefix": "73", "expression": "50%"},
    {"type": "antidumping", "hs_prefix": "61", "origin": "CN", "additional_code": "", "expression": "20%"},
)


def test_additional_duties_stack_by_origin_and_exclude_one_another() -> None:
    """Section 122 is not charged where section 232 is; section 301 is for goods of China only."""
    pack = pack_of(DUTY, ADDITIONAL, S122, VAT, rates=ADDED)
    chinese = charge(pack, item("61091000", "100", origin="CN")).totals.by_type
    assert {kind: str(amount) for kind, amount in chinese.items()} == {
        "customs_duty": "5.00",
        "s301": "7.50",
        "antidumping": "20.00",
        "s122": "10.00",
        "vat": "14.25",
    }
    steel = charge(pack, item("73239300", "100", origin="VN")).totals.by_type
    assert list(steel) == ["customs_duty", "s232", "vat"]


def test_given_additional_duties_replace_all_of_the_packs() -> None:
    """`additional: []` is none; what the law does not charge on these goods is said."""
    pack = pack_of(DUTY, ADDITIONAL, S122, VAT, rates=ADDED)
    none = charge(pack, item("61091000", "100", origin="CN", given_additional=()))
    assert list(none.totals.by_type) == ["customs_duty", "vat"]
    given = (("s232", "25%"), ("s122", "15%"), ("antidumping", "1 XTS / kg"))
    some = charge(pack, item("61091000", "100", given_additional=given, net_mass_kg=Decimal(3)))
    assert {kind: str(amount) for kind, amount in some.totals.by_type.items()} == {
        "customs_duty": "5.00",
        "s232": "25.00",
        "antidumping": "3.00",
        "vat": "13.30",
    }
    assert [warning.code for warning in some.warnings] == ["additional_not_charged"]


def test_a_missing_quantity_is_asked_for_beside_its_line() -> None:
    """A duty per litre needs litres; every line is told at once."""
    pack = pack_of(DUTY, rates=({"type": "customs_duty", "expression": "2 XTS / l"},))
    with pytest.raises(CannotAssess) as error:
        charge(pack, item("22042100", "10"), item("22042100", "10"))
    assert [(one.path, one.code) for one in error.value.problems] == [
        ("goods_items.0.supplementary_units", "quantity_missing"),
        ("goods_items.1.supplementary_units", "quantity_missing"),
    ]
    told = charge(pack, item("22042100", "10", supplementary_units=(("l", Decimal(3)),)))
    assert told.totals.duty == 6
    assert charge(pack, item("22042100", "10", content="750 ml", quantity="2")).totals.duty == 3


def test_a_short_code_takes_the_highest_rate_below_it_and_says_so() -> None:
    """Six digits may hold several national lines."""
    rows = ({"type": "customs_duty", "hs_prefix": "61091000", "expression": "5%"},)
    rows += ({"type": "customs_duty", "hs_prefix": "61091099", "expression": "12%"},)
    result = charge(pack_of(DUTY, rates=rows), item("610910", "100"))
    assert result.totals.duty == 12
    assert [warning.code for warning in result.warnings] == ["commodity_code_short"]


def test_a_quota_is_used_while_it_has_a_balance() -> None:
    """The lower rate within the quota; without a balance the full one, and the quota is shown."""
    rows = (
        {"type": "customs_duty", "expression": "20%"},
        {"type": "customs_duty", "expression": "4%", "measure": "quota", "quota": "09.1234"},
    )
    pack = pack_of(DUTY, rates=rows)
    assert charge(pack, item("61091000", "100"), quota_balances=(("09.1234", Decimal(10)),)).totals.duty == 4
    empty = charge(pack, item("61091000", "100"))
    assert empty.totals.duty == 20
    assert empty.goods[0].alternatives[0].missing == ("quota",)


def test_an_exporters_own_antidumping_duty_goes_before_the_residual() -> None:
    """The additional code names the exporter."""
    rows = (
        {"type": "antidumping", "origin": "CN", "expression": "48.5%"},
        {"type": "antidumping", "origin": "CN", "additional_code": "A999", "expression": "12.1%"},
    )
    pack = pack_of(ADDITIONAL, rates=rows)
    assert charge(pack, item("87120030", "100", origin="CN")).totals.duty == Decimal("48.50")
    named = charge(pack, item("87120030", "100", origin="CN", additional_code="A999"))
    assert named.totals.duty == Decimal("12.10")
    other = charge(pack, item("87120030", "100", origin="CN", additional_code="B111"))
    assert other.totals.duty == Decimal("48.50")


def test_a_seasonal_duty_goes_by_its_day() -> None:
    """The date that selects the rate is an argument of the consignment."""
    rows = ({"type": "customs_duty", "expression": "10% (1 JAN-30 JUN), 4% (1 JUL-31 DEC)"},)
    assert charge(pack_of(DUTY, rates=rows), item("08051000", "100")).totals.duty == 4
