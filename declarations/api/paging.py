"""Keyset pages: newest first, any depth at the same price."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from declarations.api.access import is_reference
from swindow.problems import Problem, Refused

Row = TypeVar("Row", bound=Model)
USUAL, MOST = 25, 100
PARAMETERS = [
    OpenApiParameter("before", str, description="The `next` of the page before"),
    OpenApiParameter("limit", int, description=f"Rows a page, 1 to {MOST}, usually {USUAL}"),
]


def page(
    request: Request, rows: QuerySet[Row], *, show: Callable[[Sequence[Row]], list[dict[str, Any]]]
) -> Response:
    """Answer with one page of rows that have a public reference, and where the next one begins."""
    limit = _limit(request)
    before = request.query_params.get("before", "")
    ordered = rows.order_by("-pk")
    if before:
        last = (
            rows.filter(reference=before).values_list("pk", flat=True).first()
            if is_reference(before)
            else None
        )
        if last is None:
            fix = _("Take the `next` of the page before.")
            raise Refused([Problem("before", "page", _("There is no such place in the list."), fix)])
        ordered = ordered.filter(pk__lt=last)
    found = list(ordered[: limit + 1])
    shown = found[:limit]
    following = shown[-1].reference if len(found) > limit else None  # type: ignore[attr-defined]
    return Response({"results": show(shown), "next": following})


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(USUAL))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST):
        raise Refused([Problem("limit", "page", _("The limit is not a number from 1 to 100."))])
    return int(text)
