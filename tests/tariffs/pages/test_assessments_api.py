"""POST /api/v1/assessments answers as `manage.py assess` does, and refuses as the API does."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from swindow.documents.throttle import Bucket
from tariffs import limits
from tariffs.api import assessments
from tariffs.api.contract import in_openapi
from tariffs.management.commands.assess import answer_line
from tariffs.pack_parsing import REGULATIONS

pytestmark = pytest.mark.django_db
FILES = sorted(REGULATIONS.glob("*/golden.json"))
GOOD: dict[str, Any] = {
    "id": "a",
    "jurisdiction": "CN",
    "dates": {"acceptance": "2026-11-22"},
    "goods_items": [{"commodity_code": "22042100", "item_price": {"amount": "1000", "currency": "CNY"}}],
}


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer without a limit on calls."""
    wide = Bucket(per_second=10_000, burst=10_000)
    monkeypatch.setattr(limits, "_ASSESSMENTS", (wide, wide))


def post(body: Any, **headers: str) -> HttpResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post("/api/v1/assessments", raw, content_type="application/json", headers=headers)


def cases(file: Path) -> list[dict[str, Any]]:
    return [case["input"] for case in json.loads(file.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_the_api_answers_every_golden_case_as_the_command_does(file: Path, unlimited: None) -> None:
    """Page, API and command are one way in."""
    for row in cases(file):
        expected, answer = answer_line(json.dumps(row)), post(row)
        if "errors" not in expected:
            assert (answer.status_code, answer.json()) == (200, expected)
            continue
        assert answer.status_code == 422
        named = ("path", "code", "message", "fix")
        plain = [{name: error[name] for name in named} for error in expected["errors"]]
        assert answer.json()["errors"] == plain


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_many_consignments_are_answered_one_for_one_in_their_order(file: Path, unlimited: None) -> None:
    """Up to a hundred at once; one that cannot be assessed has errors and the others stand."""
    rows = cases(file)[: assessments.MOST_CONSIGNMENTS]
    answer = post({"consignments": rows})
    assert answer.status_code == 200
    assert answer.json()["answers"] == [answer_line(json.dumps(row)) for row in rows]


def test_no_token_is_needed_and_nothing_is_kept() -> None:
    assert post(GOOD).json()["totals"]["taxes"] == "178.89"


def test_a_number_with_a_point_loses_no_digit() -> None:
    """Numbers are texts; one that is not is read digit by digit all the same."""
    price = b'{"amount": 123456789012.123456789012, "currency": "CNY"}'
    body = json.dumps(GOOD).encode().replace(b'{"amount": "1000", "currency": "CNY"}', price)
    assert price in body
    assert post(body).json() == answer_line(body.decode())


def test_a_refusal_names_every_problem_with_its_mend() -> None:
    row = GOOD | {"dates": {"acceptance": "yesterday"}, "goods_items": [{"commodity_code": "61"}]}
    answer = post(row)
    assert answer.status_code == 422
    assert [(error["path"], error["code"]) for error in answer.json()["errors"]] == [
        ("dates.acceptance", "date"),
        ("goods_items.0.item_price", "missing"),
        ("goods_items.0.commodity_code", "commodity_code"),
    ]
    assert all(error["fix"] for error in answer.json()["errors"])


def test_the_caller_s_language_is_spoken() -> None:
    chinese = post(GOOD, **{"Accept-Language": "zh-CN"}).json()
    sentences = [charge["sentence"] for charge in chinese["goods_items"][0]["charges"]]
    assert all(any("\u4e00" <= mark <= "\u9fff" for mark in sentence) for sentence in sentences)


@pytest.mark.parametrize(
    "body",
    [
        [], "text", 3, None, {}, {"consignments": None}, {"consignments": []}, {"consignments": {}},
        {"consignments": [GOOD] * 101}, {"consignments": [GOOD], "jurisdiction": "CN"},
        {"goods_items": [{}] * 1001}, {"jurisdiction": "\u202e", "goods_items": [1]},
        {"currency": 7, "regime": [], "seller_registration": {"scheme": {}}},
        GOOD | {"regime": {"a": 1}}, GOOD | {"currency": ["CNY"]}, GOOD | {"transport_mode": "x" * 5000},
        GOOD | {"seller_registration": {"scheme": ["ioss"], "number": 5}},
        b"{", b"\xff", b'{"a": NaN}', b"[" * 100_000, b'{"id": "\\ud800"}',
    ],
    ids=lambda body: str(body)[:40],
)  # fmt: skip
def test_whatever_is_sent_gets_an_answer_in_words(body: Any, unlimited: None) -> None:
    answer = post(body)
    assert answer.status_code in (200, 400, 422)
    if answer.status_code != 200:
        assert all(error["message"] for error in answer.json()["errors"])


@pytest.mark.parametrize("row", [7, "x", None, [], {"goods_items": "x"}])
def test_an_odd_consignment_among_others_has_errors_of_its_own(row: Any, unlimited: None) -> None:
    first, second = post({"consignments": [GOOD, row]}).json()["answers"]
    assert first == answer_line(json.dumps(GOOD))
    assert second["errors"]


def test_who_asks_too_often_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = Bucket(per_second=0.001, burst=2)
    monkeypatch.setattr(limits, "_ASSESSMENTS", (narrow, Bucket(per_second=10, burst=10)))
    assert [post(GOOD).status_code for _call in range(3)] == [200, 200, 429]
    refused = post(GOOD)
    assert refused.json()["errors"][0]["code"] == "throttled"
    assert refused.headers["Retry-After"]


def test_the_contract_is_told_without_what_openapi_lacks() -> None:
    """OpenAPI 3.0 knows neither a list of types nor the type null."""
    schema = in_openapi(
        {
            "type": "object",
            "properties": {
                "a": {"type": ["string", "null"]},
                "b": {"anyOf": [{"type": ["string", "integer"], "pattern": "^1$"}, {"type": "null"}]},
                "c": {"type": "array"},
            },
        }
    )
    assert schema["properties"] == {
        "a": {"type": "string", "nullable": True},
        "b": {"anyOf": [{"type": "string", "pattern": "^1$"}, {"type": "integer"}], "nullable": True},
        "c": {"type": "array", "items": {}},
    }
