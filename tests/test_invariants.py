"""`check_invariants` is silent while the books balance, and names what does not."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import psycopg2
import pytest
from django.core.management import call_command

from declarations import lifecycle
from declarations.lifecycle import PaymentNotice
from declarations.models import Declaration, Payment
from inspection.lifecycle import Decision, decide, open_reviews
from swindow.accounts.models import Mandate
from swindow.events.models import Delivery
from tests import builders, servers

Corrupt = Callable[..., None]


@pytest.fixture
def corrupt(own_database: str) -> Corrupt:
    """Change rows behind the triggers' back, as only the tables' owner could."""

    def change(table: str, statement: str) -> None:
        connection = psycopg2.connect(servers.database_url(own_database, role="DATABASE_OWNER_URL"))
        with connection, connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement)
            # Deferred checks would keep the triggers from being enabled again.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        connection.close()

    return change


@pytest.fixture
def lodged(own_database: str) -> Declaration:
    builders.reference_data()
    seller = builders.seller()
    draft = builders.draft(seller)
    lifecycle.lodge([draft.pk], by=seller, at=builders.NOW)
    open_reviews([draft.pk], at=builders.NOW)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def released(lodged: Declaration) -> Declaration:
    lifecycle.request_payments([lodged.pk], by="portal", at=builders.NOW)
    payment = Payment.objects.get()
    notice = PaymentNotice(payment.reference, "SIM-1", True, payment.amount, payment.currency)
    lifecycle.settle([notice], at=builders.NOW)
    for authority in ("customs", "tax", "port"):
        decision = Decision(lodged.pk, authority, True, "X00")
        decide([decision], by=f"agency:{authority}", at=builders.NOW)
    lodged.refresh_from_db()
    assert lodged.status == "released"
    return lodged


def findings(*options: str) -> list[str]:
    """Return the command's lines; no line means that it ended with status 0."""
    said = StringIO()
    try:
        call_command("check_invariants", *(options or ("--without-files",)), stdout=said, stderr=StringIO())
    except SystemExit as end:
        assert end.code == 1
        return said.getvalue().splitlines()
    assert said.getvalue() == "No findings: every book balances.\n"
    return []


def test_balanced_books_have_no_findings(released: Declaration) -> None:
    builders.draft(builders.seller())
    assert findings() == []


def test_a_refusal_leaves_the_books_balanced(lodged: Declaration) -> None:
    lifecycle.request_payments([lodged.pk], by="portal", at=builders.NOW)
    refusal = Decision(lodged.pk, "customs", False, "C21", "Not as declared.")
    decide([refusal], by="agency:customs", at=builders.NOW)
    payment = Payment.objects.get()
    notice = PaymentNotice(payment.reference, "SIM-1", True, payment.amount, payment.currency)
    lifecycle.settle([notice], at=builders.NOW)
    assert findings() == []


def test_an_altered_and_a_removed_event_are_named(released: Declaration, corrupt: Corrupt) -> None:
    corrupt("events_event", "UPDATE events_event SET actor = 'user:999' WHERE kind = 'declaration.accepted'")
    assert findings() == [f"audit: declaration:{released.pk} #2 was altered"]
    corrupt("events_delivery", "DELETE FROM events_delivery")
    corrupt("events_event", "DELETE FROM events_event WHERE kind = 'declaration.released'")
    assert f"{released.reference}: released and recorded as released do not agree (0)" in findings()


def test_books_of_money_are_compared(released: Declaration, corrupt: Corrupt) -> None:
    corrupt("declarations_charge", "UPDATE declarations_charge SET amount = 4 WHERE collector <> 'vendor'")
    corrupt("declarations_payment", "UPDATE declarations_payment SET amount = 7")
    assert findings() == [
        f"{released.reference}: charges due at clearance do not add up to what is payable "
        "(6.00 payable, charges 8.00)",
        f"{released.reference}: what was paid is not what is payable (7.00 paid, 6.00 payable)",
    ]


def test_goods_released_with_an_open_hold_are_named(released: Declaration, corrupt: Corrupt) -> None:
    corrupt(
        "declarations_hold",
        "UPDATE declarations_hold SET lifted_at = NULL, lifted_by = '' WHERE authority = 'customs'",
    )
    assert findings() == [
        f"{released.reference}: it is released with an open hold (customs)",
        f"{released.reference}: the holds lifted and the liftings recorded do not agree "
        "(3 lifted, 4 recorded)",
        f"{released.reference}: review of customs: approved, but its hold was not lifted by whoever decided",
        f"{released.reference}: review of customs: decided, but its hold is still open",
    ]


def test_goods_that_nothing_holds_any_more_are_named(lodged: Declaration, corrupt: Corrupt) -> None:
    corrupt("declarations_hold", "DELETE FROM declarations_hold")
    assert set(findings()) == {
        f"{lodged.reference}: no hold is open any more but it is not released",
        f"{lodged.reference}: something is payable and was never held for payment (6.00)",
    }


def test_a_representative_without_a_mandate_in_force_is_named(own_database: str, corrupt: Corrupt) -> None:
    builders.reference_data()
    seller = builders.seller()
    agent, draft = builders.agent_of(seller), builders.draft(seller)
    assert not lifecycle.lodge([draft.pk], by=agent, at=builders.NOW)
    assert findings() == []
    mandate = Mandate.objects.get()
    sentence = f"{draft.reference}: it was lodged by a representative without a mandate in force"
    for statement in (
        "UPDATE accounts_mandate SET revoked_at = '2026-11-23 09:29Z'",
        "UPDATE accounts_mandate SET revoked_at = NULL, valid_to = '2026-11-23 09:30Z'",
    ):
        corrupt("accounts_mandate", statement)
        assert findings() == [f"{sentence} ({mandate.reference})"]
    corrupt("declarations_declaration", "UPDATE declarations_declaration SET mandate_id = NULL")
    assert findings() == [f"{sentence} (no mandate)"]


def test_given_up_and_forgotten_deliveries_are_named(released: Declaration) -> None:
    dead, forgotten = Delivery.objects.order_by("pk")[:2]
    Delivery.objects.filter(pk=dead.pk).update(dead_at=builders.NOW, attempts=8, last_error="OSError: gone")
    long_ago = builders.NOW - timedelta(days=1)
    Delivery.objects.filter(pk=forgotten.pk).update(lease_until=long_ago, lease_token=1)
    first, second = findings()
    assert first == f"delivery {dead.pk}: {dead.handler} was given up after 8 attempts: OSError: gone"
    assert second.startswith(f"delivery {forgotten.pk}: the lease of {forgotten.handler} ran out at ")


def test_a_row_without_its_object_is_named(lodged: Declaration, caplog: pytest.LogCaptureFixture) -> None:
    file = lodged.documents.get().file
    assert f"{file.reference}: the object {file.storage_key} cannot be read" in findings("--verbosity=1")
