"""A lodged declaration as its declarant reads it: what happened, what is open, what it costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from declarations.actors import names_of, parse_actor
from declarations.forms.answers import AnswerForm, PayForm
from declarations.labels import (
    Standing,
    State,
    authority_name,
    hold_name,
    states_of,
    told,
    waiting_for,
)
from declarations.models import (
    Assessment,
    BuyerNotice,
    ClearanceDocument,
    Declaration,
    Hold,
    InformationRequest,
    Payment,
)
from declarations.statement import Statement, read_statements
from declarations.views.standing import standings
from declarations.views.tax_page import Breakdown, fixed_breakdown
from swindow.accounts.models import Act
from swindow.components import FileEntry, Step
from swindow.documents.models import IssuedDocument
from swindow.events.models import Event


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One authority's stop and since when, or until when."""

    authority: str
    purpose: str
    state: State
    opened_at: datetime
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A question with its answer, or with the form for it."""

    request: InformationRequest
    authority: str
    form: AnswerForm | None


@dataclass(frozen=True, slots=True)
class Case:
    """Everything on the page of a lodged declaration."""

    declaration: Declaration
    statement: Statement
    states: Sequence[State]
    steps: Sequence[Step]
    holds: Sequence[HoldLine]
    questions: Sequence[QuestionPart]
    unread: str
    breakdown: Breakdown | None
    pay_form: PayForm | None
    payments: Sequence[Payment]
    papers: Sequence[FileEntry]
    notice: BuyerNotice | None


_LIFTED = State("lifted", gettext_lazy("Done"), "ok", "check")
_OPEN = State("open", gettext_lazy("Open"), "info", "hourglass")
_DUE = State("due", gettext_lazy("To pay"), "warn", "credit-card")
_STOPPED = State("stopped", gettext_lazy("Not needed any more"), "", "minus")


def read_case(
    declaration: Declaration, *, answer_form: AnswerForm | None = None, pay_form: PayForm | None = None
) -> Case:
    """Read a lodged declaration; a form with errors takes the place of a fresh one."""
    statement = read_statements([declaration.pk])[declaration.pk]
    standing = standings([declaration])[declaration.pk]
    payments = list(Payment.objects.filter(declaration=declaration).order_by("pk"))
    holds = list(Hold.objects.filter(declaration=declaration).order_by("pk"))
    return Case(
        declaration=declaration,
        statement=statement,
        states=states_of(standing),
        steps=[*_past(declaration), *_open_steps(standing)],
        holds=[_hold_line(hold, is_over=declaration.status != "accepted") for hold in holds],
        questions=_questions(declaration, answer_form) if declaration.powers.reads_questions else [],
        unread=_unread(declaration, standing),
        breakdown=_breakdown(statement, payments),
        pay_form=_pay_form(declaration, standing, pay_form),
        payments=payments,
        papers=_papers(declaration),
        notice=BuyerNotice.objects.filter(declaration=declaration).first(),
    )


def _past(declaration: Declaration) -> Iterator[Step]:
    events = Event.objects.filter(subject_kind="declaration", subject_id=declaration.pk).order_by("seq")
    chain = list(events)
    # Whose officer it was is nobody's business here; who acted under a mandate is the seller's.
    agents = names_of({event.actor for event in chain if parse_actor(event.actor).mandate})
    for event in chain:
        sentence = told(event.kind, event.payload)
        if sentence:
            parts = (str(sentence.detail), agents.get(event.actor, ""))
            detail = pgettext("between parts", ", ").join(filter(None, parts))
            yield Step(sentence.title, sentence.mood, detail, at=event.occurred_at)


def _open_steps(standing: Standing) -> Iterator[Step]:
    if standing.status == "released" and standing.is_paper_pending:
        yield Step(_("The clearance papers are being made"), "now", when=_("now"))
    if standing.status != "accepted":
        return
    for authority, kind in standing.holds:
        yield Step(waiting_for(authority, kind).title, "now", when=_("now"))
    yield Step(_("Release and papers"), "next", _("Signed PDF here and by mail"))


def _hold_line(hold: Hold, *, is_over: bool) -> HoldLine:
    state = _LIFTED if hold.lifted_at else _DUE if hold.kind == Hold.Kind.PAYMENT else _OPEN
    if is_over and not hold.lifted_at:
        state = _STOPPED
    return HoldLine(
        authority_name(hold.authority), hold_name(hold.kind), state, hold.opened_at, hold.lifted_at
    )


def _questions(declaration: Declaration, given: AnswerForm | None) -> list[QuestionPart]:
    requests = InformationRequest.objects.filter(declaration=declaration).order_by("answered_at", "pk")
    may_answer = Act.ANSWER in declaration.powers.acts
    return [
        QuestionPart(each, authority_name(each.authority), _form(each, given) if may_answer else None)
        for each in requests
    ]


def _unread(declaration: Declaration, standing: Standing) -> str:
    if declaration.powers.reads_questions or not standing.questions:
        return ""
    return _("An authority has asked %(seller)s. Your mandate does not include questions.") % {
        "seller": declaration.declarant
    }


def _form(request: InformationRequest, given: AnswerForm | None) -> AnswerForm | None:
    if request.answered_at:
        return None
    return given if given and given.prefix == request.authority else AnswerForm(prefix=request.authority)


def _breakdown(statement: Statement, payments: Sequence[Payment]) -> Breakdown | None:
    assessment = Assessment.objects.filter(declaration=statement.declaration).order_by("version").last()
    if assessment is None:
        return None
    return fixed_breakdown(statement, assessment, title=_charges_title(statement.declaration, payments))


def _charges_title(declaration: Declaration, payments: Sequence[Payment]) -> str:
    if any(payment.status == Payment.Status.SETTLED for payment in payments):
        return _("Paid")
    return _("To pay") if declaration.status == "accepted" else _("Assessed, not due")


def _pay_form(declaration: Declaration, standing: Standing, given: PayForm | None) -> PayForm | None:
    is_due = any(kind == "payment" for _authority, kind in standing.holds)
    may_pay = Act.PAY in declaration.powers.acts
    if declaration.status != "accepted" or not is_due or standing.is_paying or not may_pay:
        return None
    chosen = declaration.payment_method if declaration.payment_method in ("card", "bank") else "card"
    return given or PayForm(initial={"method": chosen})


def _papers(declaration: Declaration) -> list[FileEntry]:
    papers = ClearanceDocument.objects.filter(declaration=declaration).select_related("document")
    return [_paper(declaration, paper) for paper in papers.order_by("pk")]


def _paper(declaration: Declaration, paper: ClearanceDocument) -> FileEntry:
    document, kind = paper.document, paper.get_kind_display()
    if document.state == IssuedDocument.State.ISSUING:
        return FileEntry(f"{document.number}.pdf", _("%(kind)s, being made") % {"kind": kind}, "", "waiting")
    words: dict[str, Any] = {
        "kind": kind,
        "state": document.get_state_display(),
        "size": document.size // 1000,
    }
    note = _("%(kind)s, %(state)s, %(size)s kB") % words
    is_given = Act.DOWNLOAD in declaration.powers.acts
    url = reverse("declarations:paper", args=[declaration.reference, document.number]) if is_given else ""
    return FileEntry(f"{document.number}.pdf", note, url, "checked")
