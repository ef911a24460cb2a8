"""What the code forgets, the database refuses, also to a shell and to bulk updates."""

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from django.db.models import F

from declarations import lifecycle
from declarations.models import Declaration, Hold, Status
from swindow.accounts.models import User
from swindow.events.models import Event
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(seller: User) -> Declaration:
    return lifecycle.lodge_one(builders.draft(seller), by=seller, at=builders.NOW)


def test_a_bulk_update_cannot_release_goods_with_an_open_hold(accepted: Declaration) -> None:
    with pytest.raises(IntegrityError, match="open hold"), transaction.atomic():
        Declaration.objects.filter(pk=accepted.pk).update(status=Status.RELEASED, released_at=builders.NOW)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RELEASED, Status.INVALIDATED])
def test_a_refused_declaration_stays_refused(accepted: Declaration, status: str) -> None:
    refusal = lifecycle.Refusal(accepted.pk, "customs", "C21", "No.")
    assert lifecycle.reject([refusal], by="user:1", at=builders.NOW) == [accepted.pk]
    with pytest.raises(IntegrityError, match="cannot go from rejected"), transaction.atomic():
        Declaration.objects.filter(pk=accepted.pk).update(status=status)


def test_a_declaration_starts_as_a_draft(seller: User) -> None:
    draft, consignment = builders.draft(seller), builders.consignment()
    consignment.save()
    with pytest.raises(InternalError, match="Cannot insert"), transaction.atomic():
        Declaration.objects.create(
            reference="SW-X",
            lrn="X",
            mrn="X",
            status=Status.ACCEPTED,
            declarant=draft.declarant,
            created_by=seller,
            consignment=consignment,
            jurisdiction="NL",
            saved_at=builders.NOW,
            accepted_at=builders.NOW,
        )


def test_a_lifted_hold_is_never_closed_again_or_deleted(accepted: Declaration) -> None:
    hold = Hold.objects.filter(declaration=accepted, authority="port").get()
    lifecycle.lift_holds(
        [lifecycle.Lifting(accepted.pk, "port", hold.kind)], by="agency:port", at=builders.NOW
    )
    with pytest.raises(InternalError), transaction.atomic():
        Hold.objects.filter(pk=hold.pk).update(lifted_at=None, lifted_by="")
    with pytest.raises(InternalError), transaction.atomic():
        hold.delete()


def test_one_authority_holds_once_for_one_reason(accepted: Declaration) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(declaration=accepted, authority="port", kind="arrival", opened_at=builders.NOW)


@pytest.mark.parametrize("amount", ["NaN", "0", "-1"])
def test_amounts_are_bounded_on_both_sides(seller: User, amount: str) -> None:
    draft = builders.draft(seller)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        # NaN sorts above every number, so only the upper bound catches it; numeric(12, 3) has no Infinity.
        cursor.execute(
            "UPDATE declarations_goodsitem SET quantity = %s::numeric WHERE declaration_id = %s",
            [amount, draft.pk],
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events_event SET actor = 'somebody else'",
        "DELETE FROM events_event",
        "TRUNCATE events_event CASCADE",
    ],
)
def test_the_application_cannot_alter_the_audit_chain(accepted: Declaration, statement: str) -> None:
    with (
        pytest.raises((ProgrammingError, InternalError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Event.objects.filter(subject_id=accepted.pk).count() == 2


@pytest.mark.parametrize("statement", ["CREATE TABLE t (id int)", "DROP TABLE events_event CASCADE"])
def test_the_application_has_no_ddl(db: None, statement: str) -> None:
    with (
        pytest.raises((ProgrammingError, InternalError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_psycopg2_is_the_driver(db: None) -> None:
    connection.ensure_connection()
    assert type(connection.connection).__module__.startswith("psycopg2")


def test_the_lrn_is_used_once_per_declarant(seller: User, rival: User) -> None:
    builders.draft(seller, lrn="PO-ONCE")
    builders.draft(rival, lrn="PO-ONCE")
    with pytest.raises(IntegrityError, match="lrn_once"), transaction.atomic():
        builders.draft(seller, lrn="PO-ONCE")


def test_mrn_and_reference_never_change_with_a_version(accepted: Declaration) -> None:
    assert len(accepted.mrn) == 18
    before = (accepted.reference, accepted.mrn)
    Declaration.objects.filter(pk=accepted.pk).update(version=F("version") + 1)
    accepted.refresh_from_db()
    assert (accepted.reference, accepted.mrn) == before
