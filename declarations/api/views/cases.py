"""What happens to one declaration: assessed, lodged, asked about, paid."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from declarations import lifecycle
from declarations.actors import parse_actor
from declarations.api.access import caller, own_declaration
from declarations.api.problems import in_request
from declarations.api.serializers.case import (
    AnswerIn,
    AssessmentOut,
    Empty,
    QuestionOut,
    QuestionsOut,
    TimelineOut,
    result_out,
)
from declarations.api.serializers.declarations import DeclarationOut, PaymentOut, show
from declarations.lifecycle.lodging import judge
from declarations.lifecycle.representing import limits_met
from declarations.models import Assessment, Declaration, InformationRequest, Payment
from declarations.statement import read_statements
from swindow.accounts.models import Act
from swindow.accounts.signing_in.second_factor import factor_is_missing, has_second_factor
from swindow.api.errors import as_json
from swindow.api.idempotency import HEADER, once
from swindow.api.schema import problems
from swindow.events.models import Event
from swindow.problems import Problem, Refused
from tariffs.snapshots import as_json as as_json_values

_KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="1 to 80 characters; the same when you repeat",
)
_AFTER = OpenApiParameter("after", int, description="Only events with a greater `seq`")
_MOST_EVENTS = 500
# What a payload may tell the declarant; anything new is shown only when somebody decided so.
_FACTS = ("authority", "kind", "reason_code", "mrn", "regime", "payable", "payment", "amount")


@extend_schema(
    operation_id="read_assessment",
    tags=["Lodging"],
    responses={200: AssessmentOut, **problems(401, 403, 404)},
)
@api_view(["GET"])
def read_assessment(request: Request, reference: str) -> Response:
    """Read what is due and why: a draft as if it were lodged now, with every problem; else as lodged."""
    declaration = own_declaration(request, reference)
    if not declaration.is_draft:
        stored = Assessment.objects.filter(declaration=declaration).order_by("-version").first()
        result = stored.snapshot["result"] if stored else None
        return Response({"is_final": True, "problems": [], "result": result_out(result)})
    statement = read_statements([declaration.pk])[declaration.pk]
    now = timezone.now()
    _facts, computed, found = judge(statement, at=now, language=get_language() or "en")
    found += limits_met(statement, declaration.powers, at=now)
    return Response(
        {
            "is_final": False,
            "problems": [as_json(in_request(problem)) for problem in found],
            "result": result_out(as_json_values(computed)),
        }
    )


@extend_schema(
    operation_id="lodge",
    tags=["Lodging"],
    parameters=[_KEY],
    request=Empty,
    responses={201: DeclarationOut, 200: DeclarationOut, **problems(400, 401, 403, 404, 409, 422)},
)
@api_view(["POST"])
def lodge(request: Request, reference: str) -> Response:
    """Lodge a draft: 201 once, 200 with the same body for every repeat, 422 with every problem."""
    declaration = own_declaration(request, reference, act=Act.LODGE)
    Empty(data=request.data).is_valid(raise_exception=True)
    if not has_second_factor(caller(request)):
        raise Refused([factor_is_missing()])

    def act(at: datetime) -> Response:
        try:
            lodged = lifecycle.lodge_one(declaration, by=caller(request), at=at)
        except Refused as refusal:
            raise Refused([in_request(problem) for problem in refusal.problems]) from refusal
        return Response(show(lodged), status=201)

    return once(request, operation="lodge", act=act)


@extend_schema(
    operation_id="read_timeline",
    tags=["Following"],
    parameters=[_AFTER],
    responses={200: TimelineOut, **problems(401, 403, 404, 422)},
)
@api_view(["GET"])
def read_timeline(request: Request, reference: str) -> Response:
    """Read what happened, oldest first."""
    declaration = own_declaration(request, reference)
    events = Event.objects.filter(
        subject_kind="declaration", subject_id=declaration.pk, seq__gt=_after(request)
    ).order_by("seq")[:_MOST_EVENTS]
    return Response({"status": declaration.status, "events": [_happening(event) for event in events]})


@extend_schema(
    operation_id="list_questions",
    tags=["Following"],
    responses={200: QuestionsOut, **problems(401, 403, 404)},
)
@api_view(["GET"])
def list_questions(request: Request, reference: str) -> Response:
    """List the authorities' questions, answered or not."""
    declaration = own_declaration(request, reference)
    if not declaration.powers.reads_questions:
        declaration.powers.demand(Act.ANSWER)
    questions = _questions(declaration)
    return Response({"results": [QuestionOut(question).data for question in questions]})


@extend_schema(
    operation_id="answer_question",
    tags=["Following"],
    parameters=[OpenApiParameter("number", int, OpenApiParameter.PATH)],
    request=AnswerIn,
    responses={200: QuestionOut, **problems(400, 401, 403, 404, 422)},
)
@api_view(["POST"])
def answer_question(request: Request, reference: str, number: int) -> Response:
    """Answer an open question, once."""
    questions = _questions(own_declaration(request, reference, act=Act.ANSWER))
    given = AnswerIn(data=request.data)
    given.is_valid(raise_exception=True)
    if not 1 <= number <= len(questions):
        raise NotFound
    text = given.validated_data["answer"]
    answered = lifecycle.answer(questions[number - 1], text=text, by=caller(request), at=timezone.now())
    answered.number = number  # type: ignore[attr-defined]
    return Response(QuestionOut(answered).data)


@extend_schema(
    operation_id="pay",
    tags=["Following"],
    parameters=[_KEY],
    request=Empty,
    responses={201: PaymentOut, 200: PaymentOut, **problems(400, 401, 403, 404, 409, 422)},
)
@api_view(["POST"])
def pay(request: Request, reference: str) -> Response:
    """Ask for the charges by the declared method; the settled payment shows in the timeline."""
    declaration = own_declaration(request, reference, act=Act.PAY)
    Empty(data=request.data).is_valid(raise_exception=True)

    def act(at: datetime) -> Response:
        lifecycle.request_payments([declaration.pk], by=caller(request).actor, at=at)
        live = Payment.objects.filter(declaration=declaration).exclude(status=Payment.Status.FAILED).first()
        if live is None:
            raise Refused([_nothing_due()])
        return Response(dict(PaymentOut(live).data), status=201)

    return once(request, operation="pay", act=act)


def _nothing_due() -> Problem:
    return Problem(
        "declaration",
        "DE-40",
        _("There is nothing to pay for this declaration now."),
        _("Lodge it first; charges of 0 need no payment."),
    )


def _questions(declaration: Declaration) -> list[InformationRequest]:
    questions = list(InformationRequest.objects.filter(declaration=declaration).order_by("pk"))
    for number, question in enumerate(questions, start=1):
        question.number = number  # type: ignore[attr-defined]
    return questions


def _after(request: Request) -> int:
    text = request.query_params.get("after", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Refused([Problem("after", "page", _("This is not the `seq` of an event."))])
    return int(text)


def _happening(event: Event) -> dict[str, Any]:
    payload: Mapping[str, Any] = event.payload
    return {
        "seq": event.seq,
        "kind": event.kind,
        "occurred_at": event.occurred_at,
        # Who among the officers or colleagues it was is nobody's business here.
        "actor": "person" if event.actor.startswith("user:") else event.actor,
        "mandate": parse_actor(event.actor).mandate,
        "facts": {name: str(payload[name]) for name in _FACTS if name in payload},
    }
