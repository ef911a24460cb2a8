"""Rows of the API."""

from collections.abc import Mapping

from tests.access.rows.row import ACTORS, EVERYBODY, NOT_BY_ROLE, OFFICERS, OWN, Row

READERS = (*OWN, "viewer")


def _api(
    route: str, *, may: tuple[str, ...] = OWN, arguments: Mapping[str, str] | None = None, **options: object
) -> Row:
    terms = {"except_for": NOT_BY_ROLE if may == OWN else {}, **options}
    return Row(f"api:{route}", arguments or {}, may=may, strangers=401, **terms)  # type: ignore[arg-type]


_DRAFT = {"lrn": "PO-1", "jurisdiction": "NL"}
_PRODUCT = {
    "seller": "{company}",
    "sku": "S-1",
    "description": "Cotton T-shirt",
    "commodity_code": "610910",
    "origin": "CN",
    "unit_price": "12.50",
    "currency": "EUR",
    "net_mass_kg": "0.200",
}
_DECISION = {
    "authority": "customs",
    "decisions": [{"declaration": "{held}", "decision": "approve", "reason_code": "C00"}],
}
_KEY = {"Idempotency-Key": "access-test"}
MACHINES = (
    Row("api:schema", may=ACTORS),
    Row("api:docs", may=ACTORS),
    _api("products", may=EVERYBODY),
    _api("products", method="post", data=_PRODUCT, gets=201, others=422),
    _api("product", arguments={"reference": "product"}, may=READERS),
    _api("files", method="upload", data={"seller": "{company}"}, gets=201, others=422),
    _api("declarations", may=EVERYBODY),
    _api("declarations", method="post", data={**_DRAFT, "declarant": "{company}"}, gets=201, others=422),
    _api("declaration", arguments={"reference": "draft"}, may=READERS),
    _api("declaration", arguments={"reference": "draft"}, method="put", data=_DRAFT),
    _api("declaration", arguments={"reference": "draft"}, method="patch", data={"lrn": "PO-2"}),
    _api("assessment", arguments={"reference": "draft"}, may=READERS),
    _api("lodge", arguments={"reference": "draft"}, method="post", headers=_KEY, gets=201),
    _api("timeline", arguments={"reference": "held"}, may=READERS),
    _api("questions", arguments={"reference": "held"}, may=READERS),
    _api(
        "answer",
        arguments={"reference": "held", "number": "question"},
        method="post",
        data={"answer": "The list is right."},
    ),
    _api("pay", arguments={"reference": "held"}, method="post", headers=_KEY, gets=201),
    _api("papers", arguments={"reference": "released"}, may=READERS),
    _api("paper", arguments={"reference": "released", "number": "paper"}, may=READERS),
    # Opened by a signature alone.
    Row("api:payment_notices", method="post", others=401, strangers=401),
    Row("agency_events", may=OFFICERS, strangers=401),
    Row(
        "agency_decisions",
        method="post",
        data=_DECISION,
        may=("customs",),
        strangers=401,
        except_for=dict.fromkeys(("tax", "quarantine", "port"), 422),
    ),
)
