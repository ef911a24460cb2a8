"""One declaration's life, worked off by the real handlers; only the network is played by the test."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from declarations import lifecycle
from declarations.models import (
    Charge,
    Declaration,
    Hold,
    InformationRequest,
    Payment,
    Status,
    SupportingDocument,
)
from inspection.models import Review
from swindow.accounts.models import User
from swindow.events.models import Event
from swindow.events.worker import work_batch
from tests import builders

QUEUES = ("notify", "customs", "tax", "quarantine", "port")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data", "bank")]


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> None:
    """Carry the payment service's notices to the portal without a network."""

    def post(address: str, *, content: bytes, headers: dict[str, str], **options: Any) -> httpx.Response:
        path = httpx.URL(address).path
        answer = Client().generic("POST", path, content, headers=headers, content_type="application/json")
        return httpx.Response(answer.status_code, request=httpx.Request("POST", address))

    monkeypatch.setattr(httpx, "post", post)


def work_off() -> None:
    """Run deliveries until nothing is due any more; the papers have tests of their own."""
    while sum(work_batch(queue) for queue in QUEUES):
        pass


def lodged(person: User, **fields: Any) -> Declaration:
    return lifecycle.lodge_one(builders.draft(person, **fields), by=person, at=timezone.now())


def open_holds(declaration: Declaration) -> set[str]:
    return set(Hold.objects.filter(declaration=declaration, lifted_at=None).values_list("kind", flat=True))


def kinds_of_events(declaration: Declaration) -> list[str]:
    return list(
        Event.objects.filter(subject_id=declaration.pk).order_by("seq").values_list("kind", flat=True)
    )


def milk_powder(person: User, *, issued_days_ago: int = 30) -> Declaration:
    """Make a draft of infant milk powder to China, with certificate and label."""
    draft = builders.draft(
        person,
        jurisdiction="CN",
        currency="CNY",
        registration_scheme="",
        registration_number="",
        payment_method="card",
        goods=[
            builders.goods_item(
                1,
                code="19011010",
                price="268.00",
                description="Infant milk powder, stage 3, 900 g",
                origin="AU",
                net_content_value=Decimal(900),
                net_content_unit="g",
            )
        ],
    )
    day = timezone.now().date() - timedelta(days=issued_days_ago)
    for kind in ("health_certificate", "label", "order", "payment_record"):
        SupportingDocument.objects.create(
            declaration=draft,
            kind=kind,
            number=f"{kind}-1",
            issued_on=day,
            file=builders.stored_file(draft.declarant),
        )
    return draft


def test_a_low_value_declaration_pays_by_deferment_and_is_released_without_a_person(seller: User) -> None:
    declaration = lodged(seller)
    assert open_holds(declaration) == {"risk", "assessment", "payment", "arrival"}
    work_off()
    declaration.refresh_from_db()
    assert (declaration.status, open_holds(declaration)) == (Status.RELEASED, set())
    payment = Payment.objects.get(declaration=declaration)
    assert (payment.status, payment.amount) == (Payment.Status.SETTLED, Decimal("6.00"))
    assert kinds_of_events(declaration)[-1] == "declaration.released"


def test_milk_powder_is_also_examined_by_quarantine_and_waits_for_the_payment(seller: User) -> None:
    declaration = lifecycle.lodge_one(milk_powder(seller), by=seller, at=timezone.now())
    assert "sps" in open_holds(declaration)
    work_off()
    declaration.refresh_from_db()
    assert (declaration.status, open_holds(declaration)) == (Status.ACCEPTED, {"payment"})
    lifecycle.request_payments([declaration.pk], by=seller.actor, at=timezone.now())
    work_off()
    declaration.refresh_from_db()
    assert declaration.status == Status.RELEASED
    charged = Charge.objects.get(assessment__declaration=declaration, tax_type="vat")
    # CN-..: 536.00 * 13 % * 70 %.
    assert charged.amount == Decimal("48.78")


def test_quarantine_refuses_an_old_certificate_and_nobody_else_decides_any_more(seller: User) -> None:
    draft = milk_powder(seller, issued_days_ago=500)
    declaration = lifecycle.lodge_one(draft, by=seller, at=timezone.now())
    work_off()
    declaration.refresh_from_db()
    assert (declaration.status, declaration.reason_code) == (Status.REJECTED, "N12")
    assert not Review.objects.open().filter(declaration=declaration).exists()


def test_a_paper_that_disagrees_is_asked_about_and_the_answer_lets_customs_go_on(seller: User) -> None:
    draft = builders.draft(seller)
    SupportingDocument.objects.create(
        declaration=draft,
        kind="packing_list",
        stated_gross_mass_kg=Decimal("2.3"),
        file=builders.stored_file(draft.declarant),
    )
    declaration = lifecycle.lodge_one(draft, by=seller, at=timezone.now())
    work_off()
    question = InformationRequest.objects.get(declaration=declaration, authority="customs")
    assert "2.3" in question.question
    assert open_holds(declaration) == {"risk"}
    lifecycle.answer(question, text="With the outer carton.", by=seller, at=timezone.now())
    work_off()
    declaration.refresh_from_db()
    assert declaration.status == Status.RELEASED


def test_goods_stay_held_until_the_day_of_arrival(seller: User) -> None:
    draft = builders.draft(seller)
    draft.consignment.arrival_on = timezone.now().date() + timedelta(days=3)
    draft.consignment.save()
    declaration = lifecycle.lodge_one(draft, by=seller, at=timezone.now())
    work_off()
    assert open_holds(declaration) == {"arrival"}


def test_every_step_is_done_twice_and_happens_once(seller: User) -> None:
    declaration = lodged(seller)
    work_off()
    before = kinds_of_events(declaration)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_delivery SET done_at = NULL WHERE queue <> 'documents'")
    work_off()
    assert kinds_of_events(declaration) == before
