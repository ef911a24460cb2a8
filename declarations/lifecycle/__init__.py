"""The verbs of a declaration: the only place that changes a status, always under the declaration's lock."""

from declarations.lifecycle.drafts import create_draft, editing, keep_typed
from declarations.lifecycle.holds import Lifting, Refusal, lift_holds, lock, reject
from declarations.lifecycle.lodging import lodge, lodge_one
from declarations.lifecycle.papers import mark_issued, reserve_papers
from declarations.lifecycle.parts import attach, detach, drop_line, put_line
from declarations.lifecycle.payments import PaymentNotice, fail_payment, request_payments, settle
from declarations.lifecycle.products import register_product
from declarations.lifecycle.questions import Question, answer, ask

__all__ = [
    "Lifting",
    "PaymentNotice",
    "Question",
    "Refusal",
    "answer",
    "ask",
    "attach",
    "create_draft",
    "detach",
    "drop_line",
    "editing",
    "fail_payment",
    "keep_typed",
    "lift_holds",
    "lock",
    "lodge",
    "lodge_one",
    "mark_issued",
    "put_line",
    "register_product",
    "reject",
    "request_payments",
    "reserve_papers",
    "settle",
]
