"""Machines that call the API, each with the token of one person."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from swindow.accounts.models import ApiToken, User


class Caller:
    """A client with a bearer token; bodies are JSON."""

    def __init__(self, user: User | None) -> None:
        self._client = Client(raise_request_exception=False)
        self._headers = {}
        if user is not None:
            key = ApiToken.new_key()
            ApiToken.objects.create(user=user, label="test", digest=ApiToken.digest_of(key))
            self._headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str) -> HttpResponse:
        return self._client.get(f"/api/v1/{path}", headers=self._headers)

    def post(self, path: str, body: Any = None, *, key: str = "") -> HttpResponse:
        return self.raw("POST", path, json.dumps(body or {}), key=key)

    def send(self, method: str, path: str, body: Any) -> HttpResponse:
        return self.raw(method, path, json.dumps(body))

    def raw(
        self,
        method: str,
        path: str,
        body: str | bytes,
        *,
        key: str = "",
        content_type: str = "application/json",
    ) -> HttpResponse:
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        return self._client.generic(method, f"/api/v1/{path}", body, content_type, headers=headers)

    def upload(self, file: Any, **fields: str) -> HttpResponse:
        return self._client.post("/api/v1/files", {"file": file, **fields}, headers=self._headers)


def paths_of(response: HttpResponse) -> dict[str, str]:
    """Return the problems of an answer: path -> code."""
    return {problem["path"]: problem["code"] for problem in response.json()["errors"]}


def statement(**changes: Any) -> dict[str, Any]:
    """A draft that may be lodged once it has a document."""
    whole: dict[str, Any] = {
        "lrn": "PO-API-1",
        "jurisdiction": "NL",
        "parties": {
            "consignee_name": "Jan de Vries",
            "consignee_address": "Coolsingel 1, Rotterdam",
            "consignor_name": "Brightway Trading",
            "consignor_address": "1 Harbour Road, Singapore",
            "order_number": "BW-1",
            "ordered_on": "2026-11-12",
            "currency": "EUR",
        },
        "transport": {
            "transport_mode": "post",
            "document_number": "RB123456785NL",
            "ship_from": "CN",
            "arrival_on": "2026-11-23",
            "package_count": 1,
            "gross_mass_kg": "2.000",
        },
        "tax": {
            "payment_method": "card",
            "registration_scheme": "ioss",
            "registration_number": "IM5280001234",
        },
        "goods_items": [
            {
                "description": "Knitted cotton T-shirt",
                "commodity_code": "610910",
                "origin": "CN",
                "quantity": "2",
                "unit_price": "12.50",
                "net_mass_kg": "0.400",
                "gross_mass_kg": "0.500",
            }
        ],
    }
    return whole | changes
