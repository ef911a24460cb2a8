"""One order as the API takes it: low value, by post to the Netherlands under IOSS."""

from datetime import date
from typing import Any

_LINES = (
    ("Knitted cotton T-shirt", "610910"),
    ("Running shoes of textile", "640411"),
    ("Plush toy bear", "950300"),
)


def order(*, lrn: str, file: str, on: date) -> dict[str, Any]:
    """Return the body of POST /api/v1/declarations with three goods items and an invoice."""
    return {
        "lrn": lrn,
        "jurisdiction": "NL",
        "parties": {
            "consignee_name": "Jan de Vries",
            "consignee_address": "Coolsingel 1, Rotterdam",
            "consignor_name": "Brightway Trading",
            "consignor_address": "1 Harbour Road, Singapore",
            "order_number": "BW-1",
            "ordered_on": on.isoformat(),
            "currency": "EUR",
        },
        "transport": {
            "transport_mode": "post",
            "document_number": "RB123456785NL",
            "ship_from": "CN",
            "place_of_arrival": "Rotterdam",
            "arrival_on": on.isoformat(),
            "package_count": 1,
            "gross_mass_kg": "2.000",
        },
        "tax": {
            "payment_method": "deferment",
            "registration_scheme": "ioss",
            "registration_number": "IM5280001234",
        },
        "goods_items": [
            {
                "description": description,
                "commodity_code": code,
                "origin": "CN",
                "quantity": "2",
                "unit_price": "12.50",
                "net_mass_kg": "0.400",
                "gross_mass_kg": "0.500",
            }
            for description, code in _LINES
        ],
        "documents": [{"file": file, "kind": "invoice", "number": "INV-1"}],
    }
