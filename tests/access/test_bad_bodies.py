"""S14: whatever a machine sends, the answer is a refusal in words, never a fault of the portal."""

import copy
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from declarations.payment_service import signed_headers
from tests.access.table import TABLE
from tests.access.trial import BODIES, WORDS, Trial, in_turn
from tests.access.world import World
from tests.builders import NOW

pytestmark = pytest.mark.django_db


def test_a_body_with_any_odd_value_is_refused_by_its_path(trial: Trial) -> None:
    for method, address, body, actor in _operations(trial.world):
        for place, words in zip(_places(body), in_turn(WORDS), strict=False):
            for word in words:
                odd = _with(body, place, word)
                response = _post_json(trial, method, address, json.dumps(odd).encode(), actor)
                if response.status_code == 400 and not json.loads(response.content)["errors"]:
                    trial.complain(response, f"{method} {address} names no problem")
    trial.end("bodies with an odd value")


def test_a_body_that_is_not_json_is_refused(trial: Trial) -> None:
    for method, address, _body, actor in _operations(trial.world):
        for raw in BODIES:
            response = _post_json(trial, method, address, raw, actor)
            if raw.strip() and response.status_code < 400 and not address.endswith(("lodge", "pay")):
                trial.complain(response, f"{method} {address} {raw[:40]!r}")
    trial.end("odd bodies")


def test_odd_headers_do_no_harm(trial: Trial) -> None:
    lodge = reverse("api:lodge", args=[trial.world.own["draft"]])
    for odd in ("", "x" * 5_000, "\xff\xfe", "a b", "é", "Bearer", "Bearer a b c", "Basic eDp5", "\t"):
        headers = {**trial.token_of("seller"), "Idempotency-Key": odd}
        trial.send("seller", "post", lodge, b"{}", content_type="application/json", headers=headers)
        trial.send("anonymous", "get", reverse("api:declarations"), headers={"Authorization": odd})
        for name in (
            "Accept",
            "Accept-Language",
            "Referer",
            "Origin",
            "X-Forwarded-For",
            "HX-Request",
            "X-Autosave",
        ):
            trial.send("seller", "get", reverse("declarations:overview"), headers={name: odd})
        client = trial.world.client("anonymous")
        for cookie in ("session", "csrf", "django_language", "sw_theme", "messages"):
            client.cookies[cookie] = odd
        assert client.get("/").status_code < 500
    trial.end("odd headers")


def test_a_notice_that_is_signed_and_odd_is_refused(trial: Trial) -> None:
    """The payment service is trusted to pay, not to write JSON."""
    address = reverse("api:payment_notices")
    notice = {
        "payment": "PAY-26-00000012",
        "provider_reference": "S",
        "status": "paid",
        "amount": "1.00",
        "currency": "EUR",
    }
    bodies = [*BODIES]
    for place in _places({"notices": [notice]}):
        bodies += [json.dumps(_with({"notices": [notice]}, place, word)).encode() for word in WORDS]
    for body in bodies:
        headers = signed_headers("msg_1", body, at=timezone.now())
        trial.send("anonymous", "post", address, body, content_type="application/json", headers=headers)
    old = signed_headers("msg_1", b"{}", at=NOW - timedelta(days=1))
    stale = trial.send("anonymous", "post", address, b"{}", content_type="application/json", headers=old)
    assert stale.status_code == 401
    trial.end("odd notices")


def _post_json(trial: Trial, method: str, address: str, body: bytes, actor: str) -> HttpResponse:
    headers = {**trial.token_of(actor), "Idempotency-Key": f"bad-{trial.count}"}
    return trial.send(actor, method, address, body, content_type="application/json", headers=headers)


def _operations(world: World) -> list[tuple[str, str, dict[str, Any], str]]:
    draft, held = world.own["draft"], world.own["held"]
    product = next(row.data for row in TABLE if row.route == "api:products" and row.data)
    decision = next(row.data for row in TABLE if row.route == "agency_decisions")
    return [
        (
            "post",
            reverse("api:products"),
            {**product, "seller": world.own["company"], "picture": ""},
            "seller",
        ),
        ("post", reverse("api:declarations"), _statement(world), "seller"),
        ("put", reverse("api:declaration", args=[draft]), _statement(world), "seller"),
        ("patch", reverse("api:declaration", args=[draft]), {"lrn": "PO-3"}, "seller"),
        ("post", reverse("api:lodge", args=[draft]), {}, "seller"),
        ("post", reverse("api:pay", args=[held]), {}, "seller"),
        ("post", reverse("api:answer", args=[held, 1]), {"answer": "Yes."}, "seller"),
        ("post", reverse("agency_decisions"), copy.deepcopy(dict(decision)), "customs"),
    ]


def _statement(world: World) -> dict[str, Any]:
    return {
        "declarant": "",
        "lrn": "PO-3",
        "jurisdiction": "NL",
        "parties": {
            "consignee_type": "private",
            "consignee_name": "Jan",
            "consignee_address": "Rotterdam",
            "ordered_on": "2026-11-01",
            "currency": "EUR",
            "freight_amount": "1.00",
        },
        "transport": {
            "transport_mode": "post",
            "document_number": "RB123456785NL",
            "ship_from": "CN",
            "arrival_on": "2026-11-23",
            "package_count": 1,
            "gross_mass_kg": "2.000",
        },
        "tax": {"payment_method": "card", "registration_scheme": "ioss", "buyer_annual_used": "0.00"},
        "goods_items": [
            {
                "description": "Shirt",
                "commodity_code": "610910",
                "origin": "CN",
                "quantity": "2",
                "unit_price": "12.50",
                "net_mass_kg": "0.400",
                "gross_mass_kg": "0.500",
                "net_content_value": "1",
                "net_content_unit": "g",
            }
        ],
        "documents": [{"file": world.own["file"], "kind": "invoice", "line_no": 1, "stated_amount": "25.00"}],
    }


def _places(body: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if place:
        yield place
    inner = body.items() if isinstance(body, Mapping) else enumerate(body) if isinstance(body, list) else ()
    for key, value in inner:
        yield from _places(value, (*place, key))


def _with(body: Any, place: tuple[Any, ...], word: Any) -> Any:
    odd = copy.deepcopy(body)
    inner = odd
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = word
    return odd
