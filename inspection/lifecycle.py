"""Reviews: opened for each hold, taken by an officer, ended by exactly one decision."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from declarations.lifecycle import Lifting, Question, Refusal, ask, lift_holds, lock, reject
from declarations.lifecycle.buyers import objected
from declarations.models import Assessment, Hold
from declarations.statement import read_statements
from inspection.models import Agency, Authority, Lane, Review, RiskProfile
from inspection.rules import History, RiskCase, RiskResult, assess_risk, differences_of
from inspection.separation import own_of
from inspection.weighing import weigh_objections
from logistics.lifecycle import arrive
from swindow.accounts.models import User
from swindow.copying import insert_rows
from swindow.events.outbox import NewEvent, record
from swindow.failpoints import reach
from swindow.problems import Problem, Refused

_HOLD_OF = {
    Authority.CUSTOMS: Hold.Kind.RISK,
    Authority.TAX: Hold.Kind.ASSESSMENT,
    Authority.QUARANTINE: Hold.Kind.SPS,
    Authority.PORT: Hold.Kind.ARRIVAL,
}
# Payment is the payment service's; a buyer's objection belongs to the review of customs that is there.
_WITHOUT_REVIEW = (Hold.Kind.PAYMENT, Hold.Kind.IDENTITY)
# The reason code with which customs approves although the named buyer objected.
OBJECTION_SETTLED = "C03"
# Nobody's past is counted further; a risk rule's threshold lies far below.
HISTORY_CAP = 1000
_COLUMNS = (
    "declaration_id", "authority", "status", "lane", "score", "findings",
    "opened_at", "due_at", "decided_by", "reason_code", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """An authority's final word; the reason is a sentence for the seller, needed to refuse."""

    declaration_id: int
    authority: str
    is_approved: bool
    reason_code: str
    reason: str = ""


class DecidedAlready(Exception):
    """Another officer or the agency was first; carries the review as it stands."""

    def __init__(self, review: Review) -> None:
        self.review = review
        super().__init__(f"decided by {review.decided_by} at {review.decided_at}")


@transaction.atomic
def open_reviews(declaration_ids: Collection[int], *, at: datetime) -> int:
    """Open one review for each authority that holds the goods; return how many declarations are new."""
    lock(declaration_ids)
    seen = set(
        Review.objects.filter(declaration__in=declaration_ids).values_list("declaration_id", flat=True)
    )
    new = sorted(set(declaration_ids) - seen)
    holds = Hold.objects.filter(declaration__in=new, lifted_at=None).exclude(kind__in=_WITHOUT_REVIEW)
    pairs = list(holds.order_by("declaration_id", "authority").values_list("declaration_id", "authority"))
    risks = _risks(new)
    limits = dict(Agency.objects.values_list("authority", "decide_within_hours"))
    rows = [_row(key, authority, risks[key], limits.get(authority, 4), at) for key, authority in pairs]
    insert_rows("inspection_review", _COLUMNS, rows)
    record([NewEvent("declaration", key, "reviews.opened", "portal") for key in new], at=at)
    take_up_objections(new, at=at)
    return len(new)


@transaction.atomic
def take_up_objections(declaration_ids: Collection[int], *, at: datetime) -> list[int]:
    """Put declarations whose named buyer objects before an officer of customs; again changes nothing.

    An open review becomes red, which no machine decides; one that was approved opens again, so that the
    queue shows it. Returns the declarations whose review was opened again.
    """
    lock(declaration_ids)
    kept = objected(declaration_ids)
    if not kept:
        return []
    weigh_objections(kept)
    reviews = Review.objects.filter(declaration__in=kept, authority=Authority.CUSTOMS)
    approved = reviews.filter(status=Review.Status.APPROVED)
    again = sorted(approved.values_list("declaration_id", flat=True))
    limits = dict(Agency.objects.values_list("authority", "decide_within_hours"))
    approved.update(
        status=Review.Status.OPEN,
        officer=None,
        taken_at=None,
        opened_at=at,
        due_at=at + timedelta(hours=limits.get(Authority.CUSTOMS, 4)),
        decided_at=None,
        decided_by="",
        reason_code="",
        reason="",
    )
    facts = {"authority": Authority.CUSTOMS.value}
    record([NewEvent("declaration", key, "review.reopened", "portal", facts) for key in again], at=at)
    return again


@transaction.atomic
def decide(decisions: Sequence[Decision], *, by: str, at: datetime) -> list[Decision]:
    """End open reviews: approval lifts the authority's hold, refusal rejects the declaration.

    Compare-and-set under the declarations' locks, a fixed number of statements. Returns the decisions
    that took effect; the others came second, or would have passed over a buyer's objection, and changed
    nothing.
    """
    lock([decision.declaration_id for decision in decisions])
    done = _close(_allowed(decisions), by=by, at=at)
    effective = [decision for decision in decisions if (decision.declaration_id, decision.authority) in done]
    reach("in_transaction")
    lift_holds(
        [
            Lifting(decision.declaration_id, decision.authority, kind, decision.reason_code)
            for decision in effective
            if decision.is_approved
            for kind in _holds_of(decision)
        ],
        by=by,
        at=at,
    )
    _reject([decision for decision in effective if not decision.is_approved], by=by, at=at)
    return effective


@transaction.atomic
def decide_as_officer(review: Review, *, decision: Decision, officer: User, at: datetime) -> None:
    """Decide one review in person.

    Raises DecidedAlready when somebody was first, Refused (IN-01, IN-02) when it is another officer's,
    and IN-04 when it would pass over the buyer's objection.
    """
    lock([review.declaration_id])
    _check_officer(review, officer=officer)
    if not _allowed([decision]):
        raise Refused([_objection_is_open()])
    if not decide([decision], by=officer.actor, at=at):
        review.refresh_from_db()
        raise DecidedAlready(review)
    if decision.is_approved and review.authority == Authority.PORT:
        # The port's word is that the goods are there.
        arrive([review.declaration.consignment_id], at=at)


@transaction.atomic
def ask_as_officer(review: Review, *, reason_code: str, text: str, officer: User, at: datetime) -> None:
    """Ask the declarant in person and keep the review, so that the answer comes back to who asked.

    Raises DecidedAlready, or Refused: IN-01, IN-02, and IN-03 while a question is open.
    """
    lock([review.declaration_id])
    _check_officer(review, officer=officer)
    question = Question(review.declaration_id, review.authority, reason_code, text)
    if not ask([question], by=officer.actor, at=at):
        raise Refused([_question_is_open()])
    take(review, officer=officer, at=at)


@transaction.atomic
def take(review: Review, *, officer: User, at: datetime) -> Review:
    """Reserve an open review for an officer, so that no colleague works on it twice; the first one wins."""
    Review.objects.open().filter(pk=review.pk, officer=None).update(officer=officer, taken_at=at)
    review.refresh_from_db()
    return review


@transaction.atomic
def take_over(review: Review, *, officer: User, at: datetime) -> Review:
    """Take an open review from the colleague who has it, who may be away."""
    lock([review.declaration_id])
    Review.objects.open().filter(pk=review.pk).update(officer=officer, taken_at=at)
    review.refresh_from_db()
    return review


@transaction.atomic
def give_back(review: Review, *, officer: User) -> Review:
    """Return a review that the officer took to the queue."""
    Review.objects.open().filter(pk=review.pk, officer=officer).update(officer=None, taken_at=None)
    review.refresh_from_db()
    return review


def is_own(review: Review, *, officer: User) -> bool:
    """Tell whether the officer has to do with the declaration as a trader, now or before (S5)."""
    return bool(own_of(officer, declaration_ids=[review.declaration_id]))


def own_declaration(path: str = "decision") -> Problem:
    """Return the problem of whoever would decide about their own declaration."""
    return Problem(
        path,
        "IN-01",
        _("You belong or belonged to a company that takes part in this declaration, or worked on it."),
        _("Leave it to a colleague: nobody decides about their own."),
    )


def _check_officer(review: Review, *, officer: User) -> None:
    review.refresh_from_db()
    if review.status != Review.Status.OPEN:
        raise DecidedAlready(review)
    if is_own(review, officer=officer):
        raise Refused([own_declaration()])
    if review.officer not in (None, officer):
        raise Refused([_taken_by(review)])


def _taken_by(review: Review) -> Problem:
    return Problem(
        "decision",
        "IN-02",
        _("%(colleague)s is working on this declaration.") % {"colleague": review.officer},
        _("Ask your colleague to give it back, or take it over."),
    )


def _question_is_open() -> Problem:
    return Problem(
        "message",
        "IN-03",
        _("Your authority has an open question about this declaration."),
        _("Wait for the answer, then ask again."),
    )


def _objection_is_open() -> Problem:
    return Problem(
        "reason_code",
        "IN-04",
        _("The named buyer says that this is not their order."),
        _("Approve with reason C03 once that is settled, or refuse."),
    )


def _allowed(decisions: Sequence[Decision]) -> Sequence[Decision]:
    """Leave out the approvals of customs that say nothing of an open objection."""
    silent = {one.declaration_id for one in decisions if _is_silent(one)}
    kept = objected(silent) if silent else set()
    return [one for one in decisions if not (_is_silent(one) and one.declaration_id in kept)]


def _is_silent(decision: Decision) -> bool:
    is_approval_of_customs = decision.is_approved and decision.authority == Authority.CUSTOMS
    return is_approval_of_customs and decision.reason_code != OBJECTION_SETTLED


def _holds_of(decision: Decision) -> tuple[str, ...]:
    own = _HOLD_OF[Authority(decision.authority)]
    is_settled = decision.authority == Authority.CUSTOMS and decision.reason_code == OBJECTION_SETTLED
    return (own, Hold.Kind.IDENTITY) if is_settled else (own,)


def _close(decisions: Sequence[Decision], *, by: str, at: datetime) -> set[tuple[int, str]]:
    rows = _fetch(
        """
        UPDATE inspection_review AS review
        SET status = wish.status, decided_at = %s, decided_by = %s,
            reason_code = wish.reason_code, reason = wish.reason
        FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
             AS wish (declaration_id, authority, status, reason_code, reason)
        WHERE review.declaration_id = wish.declaration_id AND review.authority = wish.authority
          AND review.status = 'open'
        RETURNING review.declaration_id, review.authority
        """,
        [
            at,
            by,
            [decision.declaration_id for decision in decisions],
            [decision.authority for decision in decisions],
            ["approved" if decision.is_approved else "refused" for decision in decisions],
            [decision.reason_code for decision in decisions],
            [decision.reason for decision in decisions],
        ],
    )
    return {(key, authority) for key, authority in rows}


def _reject(decisions: Sequence[Decision], *, by: str, at: datetime) -> None:
    refusals = [
        Refusal(decision.declaration_id, decision.authority, decision.reason_code, decision.reason)
        for decision in decisions
    ]
    if not refusals:
        return
    rejected = reject(refusals, by=by, at=at)
    Review.objects.open().filter(declaration__in=rejected).update(
        status=Review.Status.CANCELLED, decided_at=at, decided_by="portal"
    )


def _risks(declaration_ids: Sequence[int]) -> dict[int, tuple[RiskResult, list[dict[str, Any]]]]:
    statements = read_statements(declaration_ids)
    profiles = {profile.rule: profile for profile in RiskProfile.objects.filter(is_enabled=True)}
    histories = _histories({one.declaration.declarant_id for one in statements.values()})
    values = dict(
        Assessment.objects.filter(declaration__in=declaration_ids)
        .order_by("declaration_id", "version")
        .values_list("declaration_id", "customs_value_amount")
    )
    risks = {}
    for key, statement in statements.items():
        differences = differences_of(statement)
        history = histories[statement.declaration.declarant_id]
        case = RiskCase(statement, differences, values[key], history, settings.AGENCY_SEED)
        result = assess_risk(case, profiles=profiles)
        risks[key] = (result, _findings(result, case))
    return risks


def _histories(declarants: Collection[int]) -> dict[int, History]:
    """Count each declarant's past up to a cap: rules compare with small numbers, pasts are long.

    Objections are few in the whole portal and have an index of their own.
    """
    rows = _fetch(
        """
        SELECT declarant.id,
            (SELECT count(*) FROM (SELECT 1 FROM declarations_declaration
                WHERE declarant_id = declarant.id AND status = 'released' LIMIT %s) AS released),
            (SELECT count(*) FROM (SELECT 1 FROM declarations_declaration
                WHERE declarant_id = declarant.id AND status = 'rejected' LIMIT %s) AS refused),
            (SELECT count(*) FROM declarations_buyernotice AS notice
                JOIN declarations_declaration AS named ON named.id = notice.declaration_id
                WHERE notice.answer = 'disputed' AND named.declarant_id = declarant.id)
        FROM unnest(%s::bigint[]) AS declarant (id)
        """,
        [HISTORY_CAP, HISTORY_CAP, sorted(declarants)],
    )
    return {declarant: History(*counts) for declarant, *counts in rows}


def _findings(result: RiskResult, case: RiskCase) -> list[dict[str, Any]]:
    hits = [
        {"kind": "risk", "rule": hit.rule, "sentence": hit.sentence, "points": hit.points}
        for hit in result.hits
    ]
    differences = [
        {"kind": "difference"} | {name: str(value) for name, value in asdict(difference).items()}
        for difference in case.differences
    ]
    return hits + differences


def _row(
    key: int,
    authority: str,
    risk: tuple[RiskResult, list[dict[str, Any]]],
    hours: int,
    at: datetime,
) -> tuple[Any, ...]:
    result, findings = risk
    is_customs = authority == Authority.CUSTOMS
    return (
        key,
        authority,
        Review.Status.OPEN.value,
        result.lane.value if is_customs else Lane.GREEN.value,
        result.score if is_customs else 0,
        json.dumps(findings if is_customs else [], ensure_ascii=False),
        at,
        at + timedelta(hours=hours),
        "",
        "",
        "",
    )


def _fetch(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
