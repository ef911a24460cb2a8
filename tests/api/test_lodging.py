"""Lodged once, followed, asked about, paid, and the papers fetched."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from declarations import lifecycle
from declarations.lifecycle import Question
from declarations.models import Declaration, Hold, Payment
from declarations.payment_service import signed_headers
from swindow.accounts.models import IdempotentRequest, User
from swindow.events.models import Event
from tests import builders
from tests.api.callers import Caller, paths_of, statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


@pytest.fixture
def draft(machine: Caller, invoice: dict[str, str]) -> str:
    return str(machine.post("declarations", statement(documents=[invoice])).json()["reference"])


@pytest.fixture
def lodged(machine: Caller, draft: str) -> Declaration:
    machine.post(f"declarations/{draft}/lodge", key="k1")
    return Declaration.objects.get(reference=draft)


def test_a_draft_is_assessed_with_its_trace(machine: Caller, draft: str) -> None:
    answer = machine.get(f"declarations/{draft}/assessment").json()
    assert answer["is_final"] is False
    assert answer["problems"] == []
    duty, vat = answer["result"]["goods_items"][0]["charges"]
    assert (duty["type"], duty["amount"], duty["rule"]) == ("customs_duty", "3.00", "EU-03")
    assert (vat["collector"], vat["expression"]) == ("vendor", vat["expression"])
    assert dict(duty["inputs"])["flat_duty"] == "3"
    assert answer["result"]["payable"] == "3.00"


def test_problems_carry_the_path_of_the_request(machine: Caller) -> None:
    reference = machine.post("declarations", {"lrn": "PO-1", "jurisdiction": "CN"}).json()["reference"]
    shown = machine.get(f"declarations/{reference}/assessment").json()["problems"]
    refused = machine.post(f"declarations/{reference}/lodge", key="k1")
    assert refused.status_code == 422
    assert refused.json()["errors"] == shown
    assert {
        "parties.consignee_name": "DE-02",
        "parties.ordered_on": "DE-03",
        "goods_items": "DE-04",
        "transport.arrival_on": "DE-07",
        "documents": "DE-08",
        "tax.payment_method": "DE-09",
    }.items() <= paths_of(refused).items()
    # A refused act keeps no key: mended, the same key lodges.
    assert not IdempotentRequest.objects.exists()


def test_the_law_names_the_line(machine: Caller, invoice: dict[str, str]) -> None:
    lines = statement()["goods_items"]
    lines.append(lines[0] | {"description": "Hunting rifle", "commodity_code": "930330"})
    body = statement(goods_items=lines, documents=[invoice])
    reference = machine.post("declarations", body).json()["reference"]
    answer = machine.post(f"declarations/{reference}/lodge", key="k1")
    assert paths_of(answer) == {"goods_items.2.commodity_code": "EU-12"}


def test_lodging_needs_a_key(machine: Caller, draft: str) -> None:
    answer = machine.post(f"declarations/{draft}/lodge")
    assert answer.status_code == 400
    assert paths_of(answer) == {"Idempotency-Key": "idempotency_key"}
    assert machine.post(f"declarations/{draft}/lodge", key="k" * 81).status_code == 400


def test_the_same_key_lodges_once(machine: Caller, draft: str) -> None:
    first = machine.post(f"declarations/{draft}/lodge", key="k1")
    again = machine.post(f"declarations/{draft}/lodge", key="k1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert first.json()["status"] == "accepted"
    assert len(first.json()["mrn"]) == 18
    other_body = machine.post(f"declarations/{draft}/lodge", {"x": 1}, key="k1")
    assert other_body.status_code == 400
    other_key = machine.post(f"declarations/{draft}/lodge", key="k2")
    assert paths_of(other_key) == {"declaration": "DE-00"}
    assert Event.objects.filter(kind="declaration.accepted").count() == 1


def test_a_key_used_for_another_declaration_is_refused(
    machine: Caller, lodged: Declaration, invoice: dict[str, str]
) -> None:
    second = machine.post("declarations", statement(lrn="PO-API-2", documents=[invoice])).json()["reference"]
    answer = machine.post(f"declarations/{second}/lodge", key="k1")
    assert answer.status_code == 422
    assert paths_of(answer) == {"Idempotency-Key": "idempotency_key_reused"}
    assert Declaration.objects.get(reference=second).is_draft


def test_a_lodged_declaration_cannot_be_stated_anew(machine: Caller, lodged: Declaration) -> None:
    for method in ("PUT", "PATCH"):
        answer = machine.send(method, f"declarations/{lodged.reference}", {"lrn": "X", "jurisdiction": "NL"})
        assert paths_of(answer) == {"declaration": "DE-00"}
    final = machine.get(f"declarations/{lodged.reference}/assessment").json()
    assert final["is_final"] is True
    assert final["result"]["payable"] == "3.00"


def test_the_timeline_tells_what_happened_but_not_who(machine: Caller, lodged: Declaration) -> None:
    whole = machine.get(f"declarations/{lodged.reference}/timeline").json()
    assert [event["kind"] for event in whole["events"]] == ["declaration.drafted", "declaration.accepted"]
    assert {event["actor"] for event in whole["events"]} == {"person"}
    assert whole["events"][1]["facts"]["mrn"] == lodged.mrn
    rest = machine.get(f"declarations/{lodged.reference}/timeline?after=1").json()
    assert rest["events"] == whole["events"][1:]


def test_a_question_is_answered_once(machine: Caller, lodged: Declaration) -> None:
    question = Question(lodged.pk, "customs", "Q12", "Why?")
    lifecycle.ask([question], by="agency:customs", at=builders.NOW)
    address = f"declarations/{lodged.reference}/questions"
    assert machine.get(address).json()["results"][0]["number"] == 1
    assert machine.post(f"{address}/2/answer", {"answer": "So."}).status_code == 404
    assert machine.post(f"{address}/1/answer", {"answer": ""}).status_code == 400
    answered = machine.post(f"{address}/1/answer", {"answer": "Because.\nReally."})
    assert (answered.status_code, answered.json()["answer"]) == (200, "Because.\nReally.")
    assert paths_of(machine.post(f"{address}/1/answer", {"answer": "No."})) == {"answer": "DE-31"}


def test_charges_are_paid_and_settled_by_a_signed_notice(machine: Caller, lodged: Declaration) -> None:
    asked = machine.post(f"declarations/{lodged.reference}/pay", key="p1")
    assert (asked.status_code, asked.json()["amount"]) == (201, "3.00")
    again = machine.post(f"declarations/{lodged.reference}/pay", key="p2")
    assert again.json() == asked.json()
    payment = Payment.objects.get()
    assert notify(payment).json() == {"settled": 1, "failed": 0}
    assert notify(payment).json() == {"settled": 0, "failed": 0}
    assert Hold.objects.get(declaration=lodged, kind="payment").lifted_by == "payment service"


def test_a_notice_of_another_amount_settles_nothing(machine: Caller, lodged: Declaration) -> None:
    machine.post(f"declarations/{lodged.reference}/pay", key="p1")
    payment = Payment.objects.get()
    assert notify(payment, amount="2.99").json()["settled"] == 0
    assert notify(payment, currency="CNY").json()["settled"] == 0
    assert Event.objects.filter(kind="payment.disagrees").count() == 2


def test_a_failed_payment_may_be_repeated(machine: Caller, lodged: Declaration) -> None:
    machine.post(f"declarations/{lodged.reference}/pay", key="p1")
    payment = Payment.objects.get()
    assert notify(payment, status="failed", failure="Card refused").json() == {"settled": 0, "failed": 1}
    assert notify(payment, status="failed").json()["failed"] == 0
    retry = machine.post(f"declarations/{lodged.reference}/pay", key="p2")
    assert retry.json()["reference"] != payment.reference


def test_unsigned_or_stale_notices_are_refused(machine: Caller, lodged: Declaration) -> None:
    machine.post(f"declarations/{lodged.reference}/pay", key="p1")
    payment = Payment.objects.get()
    assert notify(payment, headers={"webhook-signature": "v1,AAAA"}).status_code == 401
    assert notify(payment, headers={"webhook-id": "other"}).status_code == 401
    assert notify(payment, headers={"webhook-timestamp": "1"}).status_code == 401
    assert notify(payment, at=datetime(2020, 1, 1, tzinfo=UTC)).status_code == 401
    assert Payment.objects.get().status == "requested"


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b'{"notices": [1]}', b'{"notices": [{"amount": "NaN"}]}'])
def test_a_signed_but_malformed_notice_answers_400(body: bytes) -> None:
    assert post_notice(body).status_code == 400


def test_unknown_payments_are_passed_over() -> None:
    body = {"notices": [row("PAY-26-99999999", amount="1.00", currency="EUR") | {"more": "x"}]}
    assert post_notice(json.dumps(body).encode()).json() == {"settled": 0, "failed": 0}


def test_a_paid_draft_is_refused(machine: Caller, draft: str) -> None:
    answer = machine.post(f"declarations/{draft}/pay", key="p1")
    assert paths_of(answer) == {"declaration": "DE-40"}


def test_a_stranger_sees_the_same_404_everywhere(
    rival_machine: Caller, customs_officer: User, lodged: Declaration
) -> None:
    """Foreign is the same as unknown: the rival, and an officer who should use the officers' pages."""
    lifecycle.ask([Question(lodged.pk, "customs", "Q12", "Why?")], by="agency:customs", at=builders.NOW)
    for caller in (rival_machine, Caller(customs_officer)):
        for reference in (lodged.reference, "SW-26-99999999"):
            address = f"declarations/{reference}"
            answers = [
                caller.get(address),
                caller.send("PUT", address, statement()),
                caller.send("PATCH", address, {}),
                caller.get(f"{address}/assessment"),
                caller.post(f"{address}/lodge", key="k1"),
                caller.get(f"{address}/timeline"),
                caller.get(f"{address}/questions"),
                caller.post(f"{address}/questions/1/answer", {"answer": "x"}),
                caller.post(f"{address}/pay", key="k1"),
                caller.get(f"{address}/papers"),
                caller.get(f"{address}/papers/CP-26-00000001-5"),
            ]
            assert {answer.status_code for answer in answers} == {404}
            assert len({answer.content for answer in answers}) == 1
        assert caller.get("declarations").json()["results"] == []


def row(reference: str, **changes: str) -> dict[str, str]:
    return {"payment": reference, "provider_reference": "SIM-1", "status": "paid"} | changes


def notify(
    payment: Payment, *, headers: dict[str, str] | None = None, at: datetime | None = None, **changes: str
):
    given = {"amount": str(payment.amount), "currency": payment.currency} | changes
    body = json.dumps({"notices": [row(payment.reference, **given)]}).encode()
    return post_notice(body, headers=headers, at=at)


def post_notice(body: bytes, *, headers: dict[str, str] | None = None, at: datetime | None = None):
    signed = signed_headers("msg_1", body, at=at or datetime.now(UTC)) | (headers or {})
    signed.pop("content-type")
    return Client().generic("POST", "/api/v1/payments/notices", body, "application/json", headers=signed)
