"""The API for an agency's machine: it reads what happens to the goods it holds, and posts its decisions."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db import connection
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from inspection.lifecycle import Decision, decide, own_declaration
from inspection.models import Review
from inspection.separation import own_of
from swindow.accounts.models import User, authorities_of
from swindow.api.fields import OneOf, StrictSerializer, Text
from swindow.api.schema import problems
from swindow.events.feed import settled_until
from swindow.problems import Problem, Refused

_PAGE = 500
_MOST = 1_000
_FACTS = ("authority", "kind", "reason_code", "mrn", "regime")


class AgencyEventOut(serializers.Serializer[Any]):
    """Something that happened to goods which the agency holds or held."""

    cursor = serializers.CharField()
    kind = serializers.CharField()
    occurred_at = serializers.DateTimeField()
    declaration = serializers.CharField(help_text="Reference")
    mrn = serializers.CharField()
    facts = serializers.DictField(child=serializers.CharField())


class AgencyEventsOut(serializers.Serializer[Any]):
    """A page of events, oldest first; ask again with `after` set to `next`."""

    events = AgencyEventOut(many=True)
    next = serializers.CharField()


class DecisionIn(StrictSerializer):
    """The agency's final word on one declaration."""

    declaration = Text(max_length=20, help_text="Reference")
    decision = OneOf([("approve", "approve"), ("refuse", "refuse")])
    reason_code = serializers.RegexField(r"^[A-Z][A-Z0-9]{1,11}$", max_length=12)
    reason = Text(max_length=1000, required=False, allow_blank=True, default="", is_multiline=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A refusal tells the seller why."""
        if attrs["decision"] == "refuse" and not attrs["reason"]:
            message = _("Say in a sentence why; the seller reads it.")
            raise serializers.ValidationError({"reason": message})
        return attrs


class DecisionsIn(StrictSerializer):
    """A batch of decisions."""

    authority = Text(
        max_length=12, required=False, default="", help_text="Needed when the token serves several"
    )
    decisions = DecisionIn(many=True, allow_empty=False)

    def validate_decisions(self, decisions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Bound what one transaction locks."""
        if len(decisions) > _MOST:
            raise serializers.ValidationError(_("Send at most 1,000 decisions at once."))
        return decisions


class OutcomeOut(serializers.Serializer[Any]):
    """The review as it stands; `is_effective` is false when it was decided before."""

    declaration = serializers.CharField()
    is_effective = serializers.BooleanField()
    status = serializers.CharField()
    reason_code = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class OutcomesOut(serializers.Serializer[Any]):
    """One outcome for each decision, in their order."""

    outcomes = OutcomeOut(many=True)


@extend_schema(
    operation_id="agency_events",
    tags=["Agencies"],
    parameters=[
        OpenApiParameter("after", str, description="The `next` of the page before; left out at first")
    ],
    responses={200: AgencyEventsOut, **problems(401, 404, 422)},
)
@api_view(["GET"])
def agency_events(request: Request) -> Response:
    """Read what happened to the goods that the caller's authority examines: in order, none left out."""
    authorities = sorted(authorities_of(_officer(request)))
    after = request.query_params.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) <= 18):
        raise Refused([Problem("after", "page", _("This is not the `next` of a page."))])
    rows = _events(authorities, after=int(after))
    events = [
        {
            "cursor": str(number),
            "kind": kind,
            "occurred_at": occurred_at,
            "declaration": reference,
            "mrn": mrn,
            "facts": {name: str(payload[name]) for name in _FACTS if name in payload},
        }
        for number, kind, occurred_at, payload, reference, mrn in rows
    ]
    return Response({"events": events, "next": events[-1]["cursor"] if events else after})


@extend_schema(
    operation_id="agency_decisions",
    tags=["Agencies"],
    request=DecisionsIn,
    responses={200: OutcomesOut, **problems(400, 401, 404, 422)},
)
@api_view(["POST"])
def agency_decisions(request: Request) -> Response:
    """Approve or refuse; a decision sent twice, or second, changes nothing and tells what stands."""
    officer = _officer(request)
    given = DecisionsIn(data=request.data)
    given.is_valid(raise_exception=True)
    authority = _authority(officer, given.validated_data["authority"])
    rows = given.validated_data["decisions"]
    reviews = _reviews(officer, authority, rows)
    decisions = [
        Decision(
            declaration_id=reviews[row["declaration"]].declaration_id,
            authority=authority,
            is_approved=row["decision"] == "approve",
            reason_code=row["reason_code"],
            reason=row["reason"],
        )
        for row in rows
    ]
    effective = {one.declaration_id for one in decide(decisions, by=officer.actor, at=timezone.now())}
    now = Review.objects.in_bulk([review.pk for review in reviews.values()])
    outcomes = [_outcome(row, now[reviews[row["declaration"]].pk], effective) for row in rows]
    return Response({"outcomes": outcomes})


def _officer(request: Request) -> User:
    user = cast(User, request.user)
    if not authorities_of(user):
        raise NotFound
    return user


def _authority(officer: User, wanted: str) -> str:
    own = authorities_of(officer)
    if (wanted and wanted not in own) or (not wanted and len(own) > 1):
        fix = _("Name one of your authorities.")
        raise Refused([Problem("authority", "authority", _("It is not clear for which authority."), fix)])
    return wanted or next(iter(own))


def _reviews(officer: User, authority: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Review]:
    """Return the reviews by reference; raises Refused when one is unknown, foreign or named twice."""
    references = [row["declaration"] for row in rows]
    found = {
        review.declaration.reference: review
        for review in Review.objects.for_actor(officer)
        .filter(authority=authority, declaration__reference__in=references)
        .select_related("declaration")
    }
    bad = [
        Problem(
            f"decisions.{place}.declaration",
            "not_found" if reference not in found else "named_twice",
            _("There is no such declaration, or it is not yours to decide.")
            if reference not in found
            else _("This declaration is named twice."),
        )
        for place, reference in enumerate(references, start=1)
        if reference not in found or reference in references[: place - 1]
    ]
    bad += _own(officer, references, found)
    if bad:
        raise Refused(bad)
    return found


def _own(officer: User, references: Sequence[str], found: Mapping[str, Review]) -> list[Problem]:
    own = own_of(officer, declaration_ids=[review.declaration_id for review in found.values()])
    return [
        own_declaration(f"decisions.{place}.declaration")
        for place, reference in enumerate(references, start=1)
        if reference in found and found[reference].declaration_id in own
    ]


def _outcome(row: Mapping[str, Any], review: Review, effective: set[int]) -> dict[str, Any]:
    return {
        "declaration": row["declaration"],
        "is_effective": review.declaration_id in effective,
        "status": review.status,
        "reason_code": review.reason_code,
        "decided_at": review.decided_at,
    }


def _events(authorities: Sequence[str], *, after: int) -> list[tuple[Any, ...]]:
    until = settled_until()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT event.id, event.kind, event.occurred_at, event.payload::text,
                   declaration.reference, declaration.mrn
            FROM events_event AS event
            JOIN declarations_declaration AS declaration ON declaration.id = event.subject_id
            WHERE event.subject_kind = 'declaration' AND event.id > %s AND event.id <= %s
              AND event.kind <> 'declaration.drafted'
              AND EXISTS (
                  SELECT 1 FROM declarations_hold AS hold
                  WHERE hold.declaration_id = declaration.id AND hold.authority = ANY(%s)
              )
            ORDER BY event.id LIMIT %s
            """,
            [after, until, list(authorities), _PAGE],
        )
        return [(*row[:3], json.loads(row[3]), *row[4:]) for row in cursor.fetchall()]


urlpatterns = [
    path("events", agency_events, name="agency_events"),
    path("decisions", agency_decisions, name="agency_decisions"),
]
