"""manage.py duty: JSON lines in, JSON lines out, one for one."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import CommandError, call_command

from tariffs.duties.intake import answer_line

GOOD: dict[str, Any] = {
    "id": "a",
    "expression": "12.80 % + 176.80 EUR / 100 kg",
    "currency": "EUR",
    "customs_value": "1000",
    "quantities": {"kg": "250"},
}
TO_EUROS = [{"from": "GBP", "to": "EUR", "rate": "1.20"}]
FROM_EUROS = [{"from": "EUR", "to": "GBP", "rate": "0.80"}]


def _answer(**changes: Any) -> dict[str, Any]:
    return answer_line(json.dumps(GOOD | changes))


def _run(path: Path, *lines: bytes) -> list[dict[str, Any]]:
    path.write_bytes(b"\n".join(lines))
    out = io.StringIO()
    call_command("duty", str(path), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_gets_its_answer_in_order(tmp_path: Path) -> None:
    """A bad line gives errors and the run goes on, whatever bytes it has."""
    good = json.dumps(GOOD).encode()
    answers = _run(tmp_path / "in.jsonl", good, b"no json", b'{"id": "\xff"}', b'{"id": "\\ud800"}', good)
    assert [answer["id"] for answer in answers] == ["a", None, "\ufffd", "\ud800", "a"]
    assert answers[0]["amount"] == answers[4]["amount"] == "570.00"
    assert answers[1]["errors"][0]["code"] == "json"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A sentence and not a traceback."""
    with pytest.raises(CommandError):
        call_command("duty", str(tmp_path / "absent"))


def test_the_answer_has_its_steps() -> None:
    """Amount rounded, raw exact, every step in the local currency."""
    answer = _answer()
    assert (answer["amount"], Decimal(answer["raw"]), answer["currency"]) == ("570.00", 570, "EUR")
    assert [step["expression"] for step in answer["steps"]] == [
        "12.80%",
        "176.80 EUR / 100 kg",
        "12.80% + 176.80 EUR / 100 kg",
    ]


def test_the_error_names_the_character() -> None:
    """The contract's example."""
    (error,) = _answer(expression="10 ABC / 100 kg")["errors"]
    assert (error["path"], error["position"]) == ("expression", 4)
    assert error["message"] == "10 ABC / 100 kg: no currency ABC at character 4"
    assert error["fix"]


@pytest.mark.parametrize(
    ("changes", "amount"),
    [
        ({"expression": "0.5%", "customs_value": "1"}, "0.01"),
        ({"expression": "0.4%", "customs_value": "1"}, "0.00"),
        ({"expression": "5%", "customs_value": 99.9}, "5.00"),
        ({"expression": "5%", "customs_value": "1010", "currency": "JPY"}, "51"),
        ({"expression": "5%", "customs_value": "1009", "currency": "KRW"}, "50"),
        ({"expression": "5%", "customs_value": "0.01", "currency": "BHD"}, "0.001"),
        ({"expression": "10 GBP / kg", "exchange_rates": TO_EUROS}, "3000.00"),
        ({"expression": "10 GBP / kg", "exchange_rates": FROM_EUROS}, "3125.00"),
        ({"expression": "16.5% of retail price", "retail_price": "10"}, "1.65"),
        (
            {
                "expression": "16.5% of retail price",
                "retail_price": {"amount": "10", "currency": "GBP"},
                "exchange_rates": TO_EUROS,
            },
            "1.98",
        ),
        (
            {"expression": "10 EUR / l alc. 100%", "quantities": {"l": "70"}, "abv_percent": "40"},
            "280.00",
        ),
        ({"expression": "p/st"}, "0.00"),
        ({"expression": "1 EUR / kg", "customs_value": None, "abv_percent": None}, "250.00"),
        ({"expression": "5% (1 JAN-30 JUN), 6%", "on": "2026-07-01"}, "60.00"),
    ],
)
def test_amounts(changes: dict[str, Any], amount: str) -> None:
    """Half up to the minor unit; 1 `from` is rate `to`, the inverse divides."""
    assert _answer(**changes)["amount"] == amount


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"currency": None}, "currency", "currency"),
        ({"currency": "ABC"}, "currency", "currency"),
        ({"expression": None}, "expression", "missing"),
        ({"customs_value": None}, "customs_value", "missing"),
        ({"customs_value": "-1"}, "customs_value", "number"),
        ({"customs_value": "1e3"}, "customs_value", "number"),
        ({"quantities": {}}, "quantities.kg", "quantity_missing"),
        ({"quantities": {"kg": "1", "g": "2000"}}, "quantities.g", "contradiction"),
        ({"quantities": ["kg"]}, "quantities", "object"),
        ({"expression": "1 EUR / % vol / hl", "quantities": {"l": "1"}}, "abv_percent", "quantity_missing"),
        ({"abv_percent": "101"}, "abv_percent", "number"),
        ({"expression": "1 GBP / kg"}, "exchange_rates", "exchange_rate_missing"),
        ({"retail_price": {"amount": "1", "currency": "GBP"}}, "exchange_rates", "exchange_rate_missing"),
        ({"exchange_rates": [{"from": "GBP", "to": "EUR", "rate": "0"}]}, "exchange_rates.0.rate", "number"),
        (
            {"expression": "1 GBP / kg", "exchange_rates": [*TO_EUROS, TO_EUROS[0] | {"rate": "2"}]},
            "exchange_rates",
            "contradiction",
        ),
        ({"expression": "5% (1 JAN-30 JUN), 6%"}, "on", "missing"),
        ({"expression": "5% (1 JAN-30 JUN)", "on": "2026-07-01"}, "expression", "expression"),
        ({"on": "tomorrow"}, "on", "date"),
    ],
)
def test_what_cannot_be_worked_out_is_one_error(changes: dict[str, Any], path: str, code: str) -> None:
    """Nothing is guessed: not a rate, a quantity, a day or a currency."""
    (error,) = _answer(**changes)["errors"]
    assert (error["path"], error["code"]) == (path, code)


def test_the_rate_of_the_day_is_used() -> None:
    """From its first day, until the day before its end."""
    rates = [
        TO_EUROS[0] | {"valid_from": "2026-01-01", "valid_to": "2026-02-01"},
        TO_EUROS[0] | {"rate": "2", "valid_from": "2026-02-01"},
    ]
    change = {"expression": "1 GBP / 100 kg", "exchange_rates": rates}
    assert _answer(**change, on="2026-01-31")["amount"] == "3.00"
    assert _answer(**change, on="2026-02-01")["amount"] == "5.00"
    (error,) = _answer(**change, on="2025-12-31")["errors"]
    assert error["code"] == "exchange_rate_missing"


@pytest.mark.parametrize("line", ["[]", "3", "null", '{"id": 1}', "[" * 100_000, "1" * 5000])
def test_any_line_is_answered(line: str) -> None:
    """Nothing that is typed ends the run."""
    assert answer_line(line)["errors"]


def test_schema_holds_for_both_sides() -> None:
    """What --schema prints fits an amount, errors and their inputs."""
    out = io.StringIO()
    call_command("duty", "--schema", stdout=out)
    schema = json.loads(out.getvalue())
    assert schema == json.loads(Path("tariffs/duty.schema.json").read_text(encoding="utf-8"))
    sides = {
        side: jsonschema.Draft202012Validator({"$ref": f"#/$defs/{side}", "$defs": schema["$defs"]})
        for side in ("input", "output")
    }
    for changes in ({}, {"quantities": None}, {"expression": "10 ABC"}, {"exchange_rates": TO_EUROS}):
        sides["input"].validate(GOOD | changes)
        sides["output"].validate(_answer(**changes))
    sides["output"].validate(answer_line("no json"))
