"""Machines call with many: the number of statements does not depend on how many."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import connection

from declarations import lifecycle
from declarations.lifecycle import Lifting, PaymentNotice
from declarations.models import Declaration, Hold, Payment, Status
from inspection.lifecycle import Decision, decide, open_reviews
from swindow import copying
from swindow.accounts.models import User
from tariffs import published
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


class Statements:
    """Counts what is sent to the database, COPY included, savepoints not."""

    def __init__(self) -> None:
        self.count = 0

    def wrapper(self, execute: Callable, sql: str, params: object, many: bool, context: object) -> object:
        """Count one statement and run it."""
        self.count += not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT"))
        return execute(sql, params, many, context)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Statements]:
    statements = Statements()
    send = copying._send

    def count_and_send(statement: str, text: str) -> None:
        statements.count += 1
        send(statement, text)

    with monkeypatch.context() as patched, connection.execute_wrapper(statements.wrapper):
        patched.setattr(copying, "_send", count_and_send)
        yield statements


def drafts(person: User, count: int) -> list[int]:
    return [builders.draft(person).pk for _ in range(count)]


def statements_of_a_life(person: User, keys: list[int], monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Lodge, open, pay, decide and release the drafts; return the statements of each step."""
    used = {}
    steps: dict[str, Callable[[], object]] = {
        "lodge": lambda: lifecycle.lodge(keys, by=person, at=builders.NOW),
        "open_reviews": lambda: open_reviews(keys, at=builders.NOW),
        "request_payments": lambda: lifecycle.request_payments(keys, by="portal", at=builders.NOW),
        "settle": lambda: lifecycle.settle(notices(keys), at=builders.NOW),
        "decide": lambda: decide(approvals(keys, "tax"), by="agency:tax", at=builders.NOW),
        "lift_holds": lambda: lifecycle.lift_holds(
            [Lifting(key, "port", Hold.Kind.ARRIVAL) for key in keys], by="agency:port", at=builders.NOW
        ),
        "lift_last_holds_and_release": lambda: decide(
            approvals(keys, "customs"), by="agency:customs", at=builders.NOW
        ),
    }
    for name, step in steps.items():
        with counted(monkeypatch) as statements:
            step()
        used[name] = statements.count
    return used


def approvals(keys: list[int], authority: str) -> list[Decision]:
    return [Decision(key, authority, True, "C00") for key in keys]


def notices(keys: list[int]) -> list[PaymentNotice]:
    payments = Payment.objects.filter(declaration__in=keys)
    return [PaymentNotice(one.reference, "SIM", True, one.amount, one.currency) for one in payments]


def test_the_number_of_statements_is_the_same_for_one_and_for_five_hundred(
    seller: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first of all reads the regulation packs into the process; none is published meanwhile.
    monkeypatch.setattr(published, "LOOK_AGAIN_SECONDS", 3600)
    statements_of_a_life(seller, drafts(seller, 1), monkeypatch)
    one = statements_of_a_life(seller, drafts(seller, 1), monkeypatch)
    keys = drafts(seller, 500)
    many = statements_of_a_life(seller, keys, monkeypatch)
    assert many == one
    assert Declaration.objects.filter(pk__in=keys, status=Status.RELEASED).count() == 500


def test_a_declaration_with_problems_does_not_stop_the_others(seller: User) -> None:
    good, bad = builders.draft(seller), builders.draft(seller, consignee_name="")
    problems = lifecycle.lodge([good.pk, bad.pk], by=seller, at=builders.NOW)
    assert [problem.path for problem in problems[bad.pk]] == ["parties.consignee_name"]
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.status, bad.status) == (Status.ACCEPTED, Status.DRAFT)


def test_a_notice_with_another_amount_settles_nothing(seller: User) -> None:
    declaration = lifecycle.lodge_one(builders.draft(seller), by=seller, at=builders.NOW)
    lifecycle.request_payments([declaration.pk], by="portal", at=builders.NOW)
    payment = Payment.objects.get(declaration=declaration)
    wrong = PaymentNotice(payment.reference, "SIM", True, payment.amount - Decimal("0.01"), payment.currency)
    assert lifecycle.settle([wrong], at=builders.NOW) == []
    assert Hold.objects.filter(declaration=declaration, kind="payment", lifted_at=None).exists()


def test_a_notice_that_comes_five_times_settles_once(seller: User) -> None:
    declaration = lifecycle.lodge_one(builders.draft(seller), by=seller, at=builders.NOW)
    lifecycle.request_payments([declaration.pk], by="portal", at=builders.NOW)
    notice = notices([declaration.pk])
    settled = [lifecycle.settle(notice, at=builders.NOW) for _ in range(5)]
    assert [len(references) for references in settled] == [1, 0, 0, 0, 0]
