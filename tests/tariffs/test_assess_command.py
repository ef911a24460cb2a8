"""manage.py assess: JSON lines in, JSON lines out, one for one."""

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command

from tariffs.intake import answer_line
from tariffs.pack_parsing import REGULATIONS

GOOD = {
    "id": "a",
    "jurisdiction": "CN",
    "dates": {"acceptance": "2026-11-22"},
    "goods_items": [{"commodity_code": "22042100", "item_price": {"amount": "1000", "currency": "CNY"}}],
}


def _run(tmp_path: Path, *lines: str) -> list[dict[str, Any]]:
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    out = io.StringIO()
    call_command("assess", str(path), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_gets_its_answer_in_order(tmp_path: Path) -> None:
    """A bad line gives errors and the run goes on."""
    answers = _run(tmp_path, json.dumps(GOOD), "no json", json.dumps(GOOD | {"id": "b"}))
    assert [answer["id"] for answer in answers] == ["a", None, "b"]
    assert answers[0]["totals"]["taxes"] == "178.89"
    assert answers[1]["errors"][0]["code"] == "json"


def test_every_mistake_of_a_line_is_told_once() -> None:
    """Reading and checking speak together."""
    row = GOOD | {
        "dates": {"acceptance": "yesterday"},
        "freight": {"amount": "1e3", "currency": "CNY"},
        "goods_items": [{"commodity_code": "61", "item_price": {"amount": "NaN", "currency": "CNY"}}],
    }
    errors = answer_line(json.dumps(row))["errors"]
    assert [error["path"] for error in errors] == [
        "dates.acceptance",
        "goods_items.0.item_price.amount",
        "freight.amount",
        "goods_items.0.commodity_code",
    ]


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"prices_include_tax": "yes"}, "prices_include_tax", "flag"),
        ({"carrier_fee": {"amount": "-1", "currency": "CNY"}}, "carrier_fee.amount", "number"),
        ({"rates": {"vat": "5 ABC / kg"}}, "goods_items.0.rates.vat", "duty_expression"),
        ({"rates": {"tax": "5%"}}, "goods_items.0.rates.tax", "choice"),
        ({"rates": {"additional": [{"type": "s999", "expression": "5%"}]}}, None, "choice"),
        ({"supplementary_units": {"l": "many"}}, "goods_items.0.supplementary_units.l", "number"),
        ({"documents": "invoice"}, "goods_items.0.documents", "list"),
    ],
)
def test_what_cannot_be_read_is_an_error_and_not_a_wrong_amount(
    change: dict[str, Any], path: str | None, code: str
) -> None:
    """Keys that would change the amount are never passed over."""
    is_of_goods = not change.keys() & {"prices_include_tax", "carrier_fee"}
    row = GOOD | ({"goods_items": [GOOD["goods_items"][0] | change]} if is_of_goods else change)  # type: ignore[index]
    (error,) = answer_line(json.dumps(row))["errors"]
    assert error["code"] == code
    assert error["path"] == (path or "goods_items.0.rates.additional.0.type")


def test_a_given_rate_replaces_the_rate_and_nothing_else() -> None:
    """CN-03: the relief of 70 % stays; CN-12: VAT stands on the composite price."""
    goods = GOOD["goods_items"][0] | {"rates": {"vat": "9%", "consumption": "20%"}}  # type: ignore[index]
    answer = answer_line(json.dumps(GOOD | {"goods_items": [goods]}))
    assert answer["totals"]["by_type"] == {"customs_duty": "0.00", "consumption": "175.00", "vat": "78.75"}
    assert [charge["expression"] for charge in answer["goods_items"][0]["charges"]] == ["0", "20%", "9%"]


def test_the_carriers_fee_is_paid_and_not_taxed() -> None:
    """It stands among the fees, in no base."""
    answer = answer_line(json.dumps(GOOD | {"carrier_fee": {"amount": "12.5", "currency": "CNY"}}))
    assert answer["fees"] == [{"type": "carrier_fee", "amount": "12.50", "rule": ""}]
    assert answer["totals"]["taxes"] == "178.89"
    assert answer["totals"]["payable"] == "191.39"


@pytest.mark.parametrize("line", ["[]", "3", "null", '{"id": 1}', '{"goods_items": [1]}', "[" * 100_000])
def test_any_line_is_answered(line: str) -> None:
    """Nothing that is typed ends the run."""
    assert answer_line(line)["errors"]


def test_schema_holds_for_both_sides() -> None:
    """Every golden case and its answer fit the schema that --schema prints."""
    out = io.StringIO()
    call_command("assess", "--schema", stdout=out)
    schema = json.loads(out.getvalue())
    assert schema == json.loads(Path("tariffs/assess.schema.json").read_text(encoding="utf-8"))
    sides = {
        side: jsonschema.Draft202012Validator({"$ref": f"#/$defs/{side}", "$defs": schema["$defs"]})
        for side in ("input", "output")
    }
    for file in sorted(REGULATIONS.glob("*/golden.json")):
        for case in json.loads(file.read_text(encoding="utf-8")):
            sides["input"].validate(case["input"])
            sides["output"].validate(answer_line(json.dumps(case["input"])))
