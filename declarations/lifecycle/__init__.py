"""The verbs of a declaration: the only place that changes a status, always under the declaration's lock."""

from declarations.lifecycle.drafts import create_draft, editing, keep_typed
from declarations.lifecycle.holds import Lifting, Refusal, lift_holds, lock, reject
from declarations.lifecycle.lodging import lodge, lodge_one
from declarations.lifecycle.papers import mark_issued, reserve_papers
from declarations.lifecycle.payments import PaymentNotice, fail_payment, request_payments, settle
from declarations.lifecycle.questions import Question, answer, ask

__all__ = [
    "Lifting",
    "Question",
    "Refusal",
    "PaymentNotice",
    "answer",
    "ask",
    "create_draft",
    "editing",
    "fail_payment",
    "keep_typed",
    "lift_holds",
    "lock",
    "lodge",
    "lodge_one",
    "mark_issued",
    "reject",
    "request_payments",
    "reserve_papers",
    "settle",
]
