"""Assessments for machines: the same facts in and the same answer out as `manage.py assess`."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.decorators import (
    api_view,
    authentication_classes,
    parser_classes,
    permission_classes,
    throttle_classes,
)
from rest_framework.request import Request
from rest_framework.response import Response

from swindow.api.parsing import StrictJSONParser
from swindow.api.schema import problems
from swindow.problems import Problem, Refused
from tariffs.api.contract import contract
from tariffs.api.throttling import Assessments
from tariffs.assessment import assess
from tariffs.intake import read_facts, write_answer, write_problem

BATCH = "consignments"
MOST_CONSIGNMENTS = 100
# Of all consignments together: it bounds the time that one request takes.
MOST_ROWS = 1_000

_ASKED: dict[str, Any] = {
    "id": "order-1",
    "jurisdiction": "NL",
    "dates": {"acceptance": "2026-11-22"},
    "seller_registration": {"scheme": "ioss", "number": "IM5280001234"},
    "goods_items": [
        {
            "commodity_code": "610910",
            "description": "Knitted cotton T-shirt",
            "origin": "CN",
            "quantity": "4",
            "item_price": {"amount": "47.60", "currency": "EUR"},
        }
    ],
    "freight": {"amount": "8.40", "currency": "EUR"},
}
_WHAT_IF = {
    **_ASKED,
    "id": "what-if",
    "consignee_type": "business",
    "seller_registration": None,
    "goods_items": [{**_ASKED["goods_items"][0], "rates": {"customs_duty": "6.5%", "additional": []}}],
}
_SEVERAL = {BATCH: [_ASKED, {**_ASKED, "id": "order-2", "jurisdiction": "FR"}]}
_MANY = {
    "type": "object",
    "required": [BATCH],
    "properties": {
        BATCH: {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_CONSIGNMENTS,
            "items": contract("input"),
        }
    },
}
_ANSWERS = {
    "type": "object",
    "required": ["answers"],
    "properties": {"answers": {"type": "array", "items": contract("output")}},
}


class ExactJSONParser(StrictJSONParser):
    """As strict as elsewhere, but a number with a point stays the text that was sent: no digit is lost."""

    parse_float = str


@extend_schema(
    operation_id="assess",
    tags=["Tariff"],
    auth=[],
    summary="Work out duty, taxes and fees",
    description=(
        "One consignment, or up to 100 under `consignments`. Nothing is stored and no token is needed. "
        "The facts and the answer are those of the command `assess`; numbers are texts. Paths count lines "
        "from 0, as the array of the request does. Of several consignments each gets its answer or its "
        "`errors`, in their order."
    ),
    request={"application/json": {"anyOf": [contract("input"), _MANY]}},
    responses={
        200: OpenApiResponse(
            {"anyOf": [contract("output"), _ANSWERS]}, description="The answer, or one for each consignment."
        ),
        **problems(400, 422, 429),
    },
    examples=[
        OpenApiExample("One consignment", value=_ASKED, request_only=True),
        OpenApiExample("What if: another rate of duty", value=_WHAT_IF, request_only=True),
        OpenApiExample("Several consignments", value=_SEVERAL, request_only=True),
    ],
)
@api_view(["POST"])
@authentication_classes([])
@permission_classes([])
@throttle_classes([Assessments])
@parser_classes([ExactJSONParser])
def assess_consignments(request: Request) -> Response:
    """Assess what is sent; a single consignment that cannot be assessed is refused with every problem."""
    asked = _object(request.data)
    if BATCH not in asked:
        _refuse_too_many(asked)
        return Response(_answer(asked))
    return Response({"answers": [_answer_or_errors(row) for row in _consignments(asked)]})


def _answer(row: Mapping[str, Any]) -> dict[str, Any]:
    return write_answer(row.get("id"), assess(read_facts(row), language=get_language() or "en"))


def _answer_or_errors(row: Any) -> dict[str, Any]:
    try:
        return _answer(_object(row))
    except Refused as refusal:
        row_id = row.get("id") if isinstance(row, Mapping) else None
        return {"id": row_id, "errors": [write_problem(problem) for problem in refusal.problems]}


def _object(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    message, fix = _("This is not an object."), _("Send the facts of a consignment as a JSON object.")
    raise Refused([Problem("", "object", message, fix)])


def _consignments(asked: Mapping[str, Any]) -> list[Any]:
    rows = asked[BATCH]
    unknown = sorted(str(name)[:60] for name in asked.keys() - {BATCH})
    if unknown:
        fix = _("Remove it, or check its spelling.")
        raise Refused([Problem(name, "unknown_field", _("There is no such field."), fix) for name in unknown])
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_CONSIGNMENTS:
        message = _("This is not a list of 1 to %(most)d consignments.") % {"most": MOST_CONSIGNMENTS}
        raise Refused([Problem(BATCH, "list", message, _("Send less at once."))])
    _refuse_too_many(*rows)
    return rows


def _refuse_too_many(*rows: Any) -> None:
    for name in ("goods_items", "exchange_rates"):
        lists = [row.get(name) for row in rows if isinstance(row, Mapping)]
        if sum(len(values) for values in lists if isinstance(values, list)) > MOST_ROWS:
            message = _("There are more than %(most)d of these in one request.") % {"most": MOST_ROWS}
            raise Refused([Problem(name, "too_many", message, _("Send less at once."))])
