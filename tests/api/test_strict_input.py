"""What comes in is exactly what was meant, or it is refused with its path; never a 500."""

import pytest

from tests.api.callers import Caller, paths_of, statement

pytestmark = pytest.mark.django_db

PRODUCT = {
    "sku": "A-1",
    "description": "Knitted cotton T-shirt",
    "commodity_code": "610910",
    "origin": "CN",
    "unit_price": "12.50",
    "currency": "EUR",
    "net_mass_kg": "0.200",
}


BAD_FIELDS = [
    ("unit_price", 12.5, "number_form"),
    ("unit_price", 12, "number_form"),
    ("unit_price", "1_000", "number_form"),
    ("unit_price", "١٢", "number_form"),
    ("unit_price", "１２", "number_form"),
    ("unit_price", "NaN", "number_form"),
    ("unit_price", "1e3", "number_form"),
    ("unit_price", "-1", "number_form"),
    ("unit_price", " 1", "number_form"),
    ("unit_price", "1\n", "number_form"),
    ("unit_price", "1.005", "max_decimal_places"),
    ("unit_price", "0", "above_zero"),
    ("unit_price", "99999999999999.00", "max_digits"),
    ("unit_price", ["1"], "number_form"),
    ("unit_price", None, "null"),
    ("sku", 7, "invalid"),
    ("sku", True, "invalid"),
    ("sku", "", "blank"),
    ("sku", "A" * 41, "max_length"),
    ("description", "a\u202eb", "characters"),
    ("description", "a\u200bb", "characters"),
    ("description", "a\x07b", "characters"),
    ("description", "a\nb", "characters"),
    ("commodity_code", "61091", "invalid"),
    ("commodity_code", 610910, "invalid"),
    ("commodity_code", "６１０９１０", "invalid"),
    ("origin", "XX", "country"),
    ("origin", "cn", "country"),
    ("currency", "EURO", "currency"),
    ("currency", "ZZZ", "currency"),
    ("net_content_unit", ["ml"], "invalid_choice"),
]


def test_each_bad_field_is_named(machine: Caller) -> None:
    found = []
    for field, value, _code in BAD_FIELDS:
        answer = machine.post("products", PRODUCT | {field: value})
        assert answer.status_code == 400, answer.content
        ((path, code),) = paths_of(answer).items()
        found.append((path, value, code))
    assert found == BAD_FIELDS


def test_a_net_content_comes_with_its_unit(machine: Caller) -> None:
    answer = machine.post("products", PRODUCT | {"net_content_unit": "ml"})
    assert paths_of(answer) == {"net_content_value": "invalid"}


def test_all_problems_come_at_once_with_unknown_fields(machine: Caller) -> None:
    answer = machine.post("products", {"skew": 1, "unit_price": "x", "origin": "CN"})
    assert answer.status_code == 400
    assert paths_of(answer) == {
        "skew": "unknown_field",
        "unit_price": "number_form",
        "sku": "required",
        "description": "required",
        "commodity_code": "required",
        "currency": "required",
        "net_mass_kg": "required",
    }
    assert all(problem["fix"] for problem in answer.json()["errors"])


def test_paths_count_lines_from_one(machine: Caller) -> None:
    good = statement()["goods_items"][0]
    body = statement(goods_items=[good, good | {"quantity": "two", "colour": "red"}])
    answer = machine.post("declarations", body)
    assert paths_of(answer) == {
        "goods_items.2.quantity": "number_form",
        "goods_items.2.colour": "unknown_field",
    }


BAD_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"sku": "\\u0000"}',
    b'{"sku": "\\ud800"}',
    b'{"\\u0000": 1}',
    b'{"unit_price": 1e999}',
    b'{"unit_price": NaN}',
    b'{"unit_price": -Infinity}',
    b"\xff\xfe",
    b'{"unit_price": ' + b"9" * 6000 + b"}",
    b'{"sku": {"$gt": ""}}',
]


@pytest.mark.parametrize("path", ["products", "declarations", "declarations/SW-26-00000011/lodge"])
def test_malformed_bodies_answer_4xx(machine: Caller, path: str) -> None:
    for body in BAD_BODIES:
        answer = machine.raw("POST", path, body, key="k")
        assert 400 <= answer.status_code < 500, (body[:40], answer.content)
        assert answer.json()["errors"]


BAD_ADDRESSES = [
    "declarations?before=x",
    "declarations?before=%00",
    "declarations?limit=0",
    "declarations?limit=１",
    "declarations?status=x",
    "declarations/%00",
    "declarations/..%2f..",
    "declarations/SW-26-00000011/timeline?after=-1",
    "declarations/SW-26-00000011/papers/%00",
    "declarations/SW-26-00000011/questions/99999999999999999999/answer",
    "products/%F0%9F%92%A3",
    "agency/events",
]


def test_malformed_addresses_answer_4xx(machine: Caller) -> None:
    for path in BAD_ADDRESSES:
        answer = machine.get(path)
        assert 400 <= answer.status_code < 500, (path, answer.content)


def test_text_is_kept_in_normal_form(machine: Caller) -> None:
    answer = machine.post("products", PRODUCT | {"description": "  Cafe\u0301 cup "})
    assert answer.json()["description"] == "Café cup"


def test_without_a_token_nothing_opens() -> None:
    answer = Caller(None).get("declarations")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["errors"][0]["fix"]
