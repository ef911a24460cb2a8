"""Charges are requested from the payment service and settled by its signed notice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from declarations.lifecycle.holds import Lifting, lift_holds, lock
from declarations.models import Assessment, Hold, Payment, Status
from swindow.copying import id_sequence, insert_rows, next_ids
from swindow.events.outbox import NewEvent, record
from swindow.references import reference


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """What the payment service says of one payment."""

    payment_reference: str
    provider_reference: str
    is_paid: bool
    amount: Decimal
    currency: str
    failure: str = ""


_COLUMNS = (
    "id", "reference", "declaration_id", "amount", "currency", "method", "status",
    "requested_at", "failure", "provider_reference",
)  # fmt: skip


@transaction.atomic
def request_payments(declaration_ids: Collection[int], *, by: str, at: datetime, method: str = "") -> int:
    """Ask for the charges of accepted declarations that nobody pays yet; return how many are new.

    `method` pays in another way than the declaration says, for example after a failed payment.
    """
    due = _due(lock(declaration_ids))
    ids = next_ids(id_sequence("declarations_payment"), len(due)) if due else []
    rows = []
    for number, (declaration_id, amount, currency, chosen) in zip(ids, due, strict=True):
        ref, way = reference("PAY", number, on=at.date()), method or chosen
        rows.append((number, ref, declaration_id, amount, currency, way, "requested", at, "", ""))
    insert_rows("declarations_payment", _COLUMNS, rows)
    record(
        [
            NewEvent(
                "declaration", row[2], "payment.requested", by, {"payment": row[1], "amount": str(row[3])}
            )
            for row in rows
        ],
        at=at,
    )
    return len(rows)


@transaction.atomic
def settle(notices: Sequence[PaymentNotice], *, at: datetime) -> list[str]:
    """Settle payments whose notice agrees in amount and currency, and lift their payment holds.

    A notice that comes twice changes nothing; one with another amount settles nothing and is recorded
    for reconciliation. Returns the references of the payments settled now.
    """
    payments = _lock_payments([notice.payment_reference for notice in notices])
    settled = _settle([notice for notice in notices if notice.is_paid], at=at)
    record(_notice_events(payments, settled), at=at)
    liftings = [
        Lifting(declaration_id, "tax", Hold.Kind.PAYMENT)
        for reference_, declaration_id, _ in payments
        if reference_ in settled
    ]
    lift_holds(liftings, by="payment service", at=at)
    return sorted(settled)


@transaction.atomic
def fail_payment(notice: PaymentNotice, *, at: datetime) -> bool:
    """Note that the service could not collect; the seller may pay again. False when it was closed before."""
    payments = _lock_payments([notice.payment_reference])
    for reference_, declaration_id, _ in payments:
        Payment.objects.filter(reference=reference_).update(
            status=Payment.Status.FAILED,
            failure=notice.failure,
            provider_reference=notice.provider_reference,
        )
        payload = {"payment": reference_}
        event = NewEvent("declaration", declaration_id, "payment.failed", "payment service", payload)
        record([event], at=at)
    return bool(payments)


def _due(statuses: dict[int, str]) -> list[tuple[int, Decimal, str, str]]:
    # In steps, not as one nested query: before the tables' first ANALYZE row-level security makes
    # the planner choose loops within loops.
    accepted = [number for number, status in statuses.items() if status == Status.ACCEPTED]
    held = Hold.objects.filter(declaration__in=accepted, kind=Hold.Kind.PAYMENT, lifted_at=None)
    busy = Payment.objects.filter(declaration__in=accepted, status__in=("requested", "settled"))
    waiting = set(held.values_list("declaration_id", flat=True)) - set(
        busy.values_list("declaration_id", flat=True)
    )
    latest = Assessment.objects.filter(declaration__in=waiting).order_by("declaration_id", "-version")
    return list(
        latest.distinct("declaration_id").values_list(
            "declaration_id", "payable_amount", "currency", "declaration__payment_method"
        )
    )


def _lock_payments(references: Sequence[str]) -> list[tuple[str, int, Decimal]]:
    """Lock the declarations, then return the payments still open: reference, declaration, amount."""
    payments = Payment.objects.filter(reference__in=references)
    lock(list(payments.values_list("declaration_id", flat=True)))
    still_open = payments.filter(status=Payment.Status.REQUESTED).order_by("pk")
    return list(still_open.values_list("reference", "declaration_id", "amount"))


def _settle(notices: Sequence[PaymentNotice], *, at: datetime) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE declarations_payment AS payment
            SET status = 'settled', settled_at = %s, provider_reference = notice.provider_reference
            FROM unnest(%s::text[], %s::text[], %s::numeric[], %s::text[])
                 AS notice (reference, provider_reference, amount, currency)
            WHERE payment.reference = notice.reference AND payment.status = 'requested'
              AND payment.amount = notice.amount AND payment.currency = notice.currency
            RETURNING payment.reference
            """,
            [
                at,
                [notice.payment_reference for notice in notices],
                [notice.provider_reference for notice in notices],
                [notice.amount for notice in notices],
                [notice.currency for notice in notices],
            ],
        )
        return {row[0] for row in cursor.fetchall()}


def _notice_events(payments: Sequence[tuple[str, int, Decimal]], settled: set[str]) -> list[NewEvent]:
    return [
        NewEvent(
            "declaration",
            declaration_id,
            "payment.settled" if reference_ in settled else "payment.disagrees",
            "payment service",
            {"payment": reference_, "amount": str(amount)},
        )
        for reference_, declaration_id, amount in payments
    ]
