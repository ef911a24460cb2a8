"""Declarations: list, draft, state anew, read."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from declarations import lifecycle
from declarations.acting import act_for, declared_for
from declarations.api.access import caller, own_declaration, seller_for
from declarations.api.drafting import draft_from
from declarations.api.paging import PARAMETERS, page
from declarations.api.serializers.declarations import (
    DeclarationOut,
    DeclarationPage,
    DeclarationRow,
    show,
    statement_of,
)
from declarations.api.serializers.statements import DeclarationIn
from declarations.lifecycle.restating import restate
from declarations.models import Declaration, Status
from swindow.accounts.models import Act
from swindow.api.schema import problems
from swindow.problems import Problem, Refused

_SECTIONS = ("parties", "transport", "tax")


class Declarations(APIView):
    """What the caller's sellers declare."""

    @extend_schema(
        operation_id="list_declarations",
        tags=["Declarations"],
        parameters=[
            *PARAMETERS,
            OpenApiParameter("status", str, enum=Status.values),
            OpenApiParameter("lrn", str, description="Only the one with your number"),
        ],
        responses={200: DeclarationPage, **problems(401, 403, 422)},
    )
    def get(self, request: Request) -> Response:
        """List declarations, newest first."""
        rows = declared_for(caller(request)).select_related("declarant")
        if status := request.query_params.get("status", ""):
            if status not in Status.values:
                raise Refused([Problem("status", "status", _("There is no such status."))])
            rows = rows.filter(status=status)
        if lrn := request.query_params.get("lrn", "").replace("\0", ""):
            rows = rows.filter(lrn=lrn[:35])
        return page(request, rows, show=lambda found: [DeclarationRow(one).data for one in found])

    @extend_schema(
        operation_id="create_draft",
        tags=["Declarations"],
        request=DeclarationIn,
        responses={201: DeclarationOut, **problems(400, 401, 403, 409, 422)},
    )
    def post(self, request: Request) -> Response:
        """Store a draft; only `lrn` and `jurisdiction` are needed yet. A used LRN is a 409."""
        stated = _validated(request.data)
        user = caller(request)
        declarant = seller_for(user, stated["declarant"], path="declarant")
        draft = draft_from(stated, declarant=declarant)
        country = stated["jurisdiction"]
        warrant = act_for(user, declarant, act=Act.PREPARE, country=country, path="jurisdiction")
        draft.declaration.representative = warrant.representative
        declaration = lifecycle.create_draft(
            draft.declaration,
            consignment=draft.consignment,
            goods_items=draft.goods_items,
            documents=draft.documents,
            by=user,
            at=timezone.now(),
            consignee_id=draft.consignee_id or "",
        )
        return Response(show(declaration), status=201)


class OneDeclaration(APIView):
    """One declaration."""

    @extend_schema(
        operation_id="read_declaration",
        tags=["Declarations"],
        responses={200: DeclarationOut, **problems(401, 403, 404)},
    )
    def get(self, request: Request, reference: str) -> Response:
        """Read a declaration with its holds and payments."""
        return Response(show(own_declaration(request, reference)))

    @extend_schema(
        operation_id="replace_draft",
        tags=["Declarations"],
        request=DeclarationIn,
        responses={200: DeclarationOut, **problems(400, 401, 403, 404, 409, 422)},
    )
    def put(self, request: Request, reference: str) -> Response:
        """State a draft anew as a whole; what is left out becomes empty."""
        declaration = own_declaration(request, reference, act=Act.PREPARE)
        return _restate(request, declaration, body=request.data)

    @extend_schema(
        operation_id="change_draft",
        tags=["Declarations"],
        request=DeclarationIn(partial=True),
        responses={200: DeclarationOut, **problems(400, 401, 403, 404, 409, 422)},
    )
    def patch(self, request: Request, reference: str) -> Response:
        """Change what is sent: sections field by field, goods_items and documents as whole lists."""
        declaration = own_declaration(request, reference, act=Act.PREPARE)
        with transaction.atomic():
            # Two changes at once must not undo one another.
            lifecycle.lock([declaration.pk])
            merged = _merged(statement_of(declaration), request.data)
            return _restate(request, declaration, body=merged, keeps_number=True)


def _validated(body: Any) -> dict[str, Any]:
    given = DeclarationIn(data=body)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _restate(
    request: Request, declaration: Declaration, *, body: Any, keeps_number: bool = False
) -> Response:
    stated = _validated(body)
    if stated["declarant"] not in ("", declaration.declarant.reference):
        fix = _("Make a new draft for another seller.")
        raise Refused([Problem("declarant", "declarant", _("The declarant of a draft cannot change."), fix)])
    declarant, country = declaration.declarant, stated["jurisdiction"]
    act_for(caller(request), declarant, act=Act.PREPARE, country=country, path="jurisdiction")
    draft = draft_from(stated, declarant=declarant)
    restate(
        declaration,
        stated=draft.declaration,
        consignment=draft.consignment,
        goods_items=draft.goods_items,
        documents=draft.documents,
        at=timezone.now(),
        consignee_id=draft.consignee_id if keeps_number else draft.consignee_id or "",
    )
    return Response(show(declaration))


def _merged(current: Mapping[str, Any], change: Any) -> dict[str, Any]:
    if not isinstance(change, Mapping):
        raise ValidationError(_("Send an object."))
    merged = {**current, **change}
    for name in _SECTIONS:
        if isinstance(change.get(name), Mapping):
            merged[name] = {**current[name], **change[name]}
    return merged
