"""Commodity codes for machines: suggestions for a text, and one code with its place in the tariff."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, override
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.decorators import (
    api_view,
    authentication_classes,
    permission_classes,
    throttle_classes,
)
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from swindow.api.schema import problems
from tariffs import nomenclature
from tariffs.api.commodity_serializers import CommodityOut, CommodityQuery, SuggestionOut, SuggestionQuery
from tariffs.api.throttling import Searches
from tariffs.classification import Candidate, Suggestion, suggest
from tariffs.classification.precedents import stored_precedents
from tariffs.commodities import describe
from tariffs.schedules.national import national_lines

_HS = 6
_LANGUAGE = OpenApiParameter(
    "language", str, enum=["en", "zh"], description="Of names, reasons and questions; usually the request's"
)
_EXAMPLE = {
    "q": "women running shoe mesh",
    "is_vague": False,
    "hint": "",
    "questions": ["Are the uppers of textile, of leather, or of plastic (PU, EVA)?"],
    "results": [
        {
            "code": "640411",
            "heading": "6404",
            "name": "sports shoes with textile uppers",
            "description": "Footwear; sports footwear, with outer soles of rubber or plastics",
            "score": "0.835000",
            "reasons": [
                {
                    "kind": "trade_term",
                    "words": ["women", "running", "shoe", "mesh"],
                    "sentence": "“women's running shoe mesh” is a trade name for goods of this code.",
                }
            ],
            "path": [{"code": "64", "description": "Footwear; gaiters and the like; parts of such articles"}],
        }
    ],
}


@extend_schema(
    operation_id="search_commodities",
    tags=["Tariff"],
    auth=[],
    parameters=[
        OpenApiParameter(
            "q", str, required=True, description="What the goods are, or the first digits of a code"
        ),
        OpenApiParameter("limit", int, description="Candidates, 1 to 20, usually 10"),
        _LANGUAGE,
    ],
    responses={200: SuggestionOut, **problems(400, 429)},
    examples=[OpenApiExample("A marketplace title", value=_EXAMPLE, response_only=True)],
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([])
@throttle_classes([Searches])
def search_commodities(request: Request) -> Response:
    """Suggest subheadings for a text, best first, each with its reasons. It suggests; a person decides."""
    asked = _asked(SuggestionQuery, request)
    language = asked["language"] or get_language() or "en"
    with override("zh-hans" if language.startswith("zh") else "en"):
        found = suggest(asked["q"], language=language, limit=asked["limit"], precedents=stored_precedents)
        return Response(_suggestion(found, language=language))


@extend_schema(
    operation_id="read_commodity",
    tags=["Tariff"],
    auth=[],
    parameters=[
        _LANGUAGE,
        OpenApiParameter(
            "jurisdiction", str, description="Country whose national lines stand below six digits"
        ),
        OpenApiParameter("on", date, description="The day of those lines, usually today"),
    ],
    responses={200: CommodityOut, **problems(400, 404, 429)},
)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([])
@throttle_classes([Searches])
def read_commodity(request: Request, code: str) -> Response:
    """Read a chapter, heading, subheading, or with a jurisdiction a line of its schedule."""
    if not (code.isascii() and code.isdigit() and nomenclature.exists(code[:_HS])):
        raise NotFound
    asked = _asked(CommodityQuery, request)
    on, language = asked["on"] or timezone.localdate(), asked["language"] or get_language() or "en"
    lines = _national(code, jurisdiction=asked["jurisdiction"], on=on)
    own = [line for line in lines if line["code"] == code]
    if len(code) > _HS and not own:
        raise NotFound
    entry = nomenclature.get(code[:_HS])
    path = [*_path(entry.code), *own]
    below = [line for line in lines if line["code"].startswith(code) and line["code"] != code]
    return Response(
        {
            "code": code,
            "description": path[-1]["description"],
            "name": describe(code, language=language),
            "note": entry.note_zh if language.startswith("zh") else entry.note,
            "section": entry.section,
            "edition": entry.edition,
            "path": path,
            "children": _entries(nomenclature.children(code)) if len(code) < _HS else below,
        }
    )


def _asked(query: type[SuggestionQuery | CommodityQuery], request: Request) -> dict[str, Any]:
    given = query(data=request.query_params.dict())
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _suggestion(found: Suggestion, *, language: str) -> dict[str, Any]:
    return {
        "q": found.text,
        "is_vague": found.is_vague,
        "hint": found.hint,
        "questions": list(found.questions),
        "results": [_candidate(one, language=language) for one in found.candidates],
    }


def _candidate(one: Candidate, *, language: str) -> dict[str, Any]:
    return {
        "code": one.hs6,
        "heading": one.heading,
        "name": describe(one.hs6, language=language),
        "description": nomenclature.get(one.hs6).text,
        "score": f"{one.score:.6f}",
        "reasons": [
            {"kind": reason.kind, "words": list(reason.words), "sentence": reason.sentence}
            for reason in one.reasons
        ],
        "path": _path(one.hs6)[:-1],
    }


def _national(code: str, *, jurisdiction: str, on: date) -> list[dict[str, str]]:
    if len(code) < _HS or not jurisdiction:
        return []
    lines = national_lines(code[:_HS], jurisdiction=jurisdiction, on=on)
    return [{"code": line.code, "description": line.text} for line in lines]


def _path(code: str) -> list[dict[str, str]]:
    return _entries(nomenclature.path(code))


def _entries(entries: Iterable[nomenclature.Entry]) -> list[dict[str, str]]:
    return [{"code": entry.code, "description": entry.text} for entry in entries]
