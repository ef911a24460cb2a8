"""An authority asks, the declarant answers."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from declarations.lifecycle.holds import lock
from declarations.models import InformationRequest, Status
from swindow.accounts.models import User
from swindow.events.outbox import NewEvent, record
from swindow.problems import Problem, Refused


@dataclass(frozen=True, slots=True)
class Question:
    """What an authority wants to know; the code names the kind of question."""

    declaration_id: int
    authority: str
    reason_code: str
    text: str


@transaction.atomic
def ask(questions: list[Question], *, by: str, at: datetime) -> list[Question]:
    """Ask about accepted declarations; an authority with an open question asks no second one."""
    statuses = lock([question.declaration_id for question in questions])
    open_already = set(
        InformationRequest.objects.filter(declaration__in=statuses, answered_at=None).values_list(
            "declaration_id", "authority"
        )
    )
    asked = [
        question
        for question in questions
        if statuses.get(question.declaration_id) == Status.ACCEPTED
        and (question.declaration_id, question.authority) not in open_already
    ]
    InformationRequest.objects.bulk_create(
        [
            InformationRequest(
                declaration_id=question.declaration_id,
                authority=question.authority,
                reason_code=question.reason_code,
                question=question.text,
                asked_by=by,
                asked_at=at,
            )
            for question in asked
        ]
    )
    record([_event(question, "request.asked", by) for question in asked], at=at)
    return asked


@transaction.atomic
def answer(request: InformationRequest, *, text: str, by: User, at: datetime) -> InformationRequest:
    """Answer an open question once; raises Refused when it was answered before or the text is empty."""
    lock([request.declaration_id])
    request = InformationRequest.objects.select_for_update().get(pk=request.pk)
    if request.answered_at is not None:
        raise Refused([Problem("answer", "DE-31", _("This question was answered already."))])
    if not text.strip():
        fix = _("Write what the authority asked for.")
        raise Refused([Problem("answer", "DE-32", _("The answer is empty."), fix)])
    request.answer, request.answered_by, request.answered_at = text.strip(), by, at
    request.save(update_fields=["answer", "answered_by", "answered_at"])
    payload = {"authority": request.authority, "reason_code": request.reason_code}
    record([NewEvent("declaration", request.declaration_id, "request.answered", by.actor, payload)], at=at)
    return request


def _event(question: Question, kind: str, by: str) -> NewEvent:
    payload = {"authority": question.authority, "reason_code": question.reason_code}
    return NewEvent("declaration", question.declaration_id, kind, by, payload)
