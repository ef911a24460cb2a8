"""A named buyer objects: customs finds it, settles it or refuses, and nothing passes over it."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from declarations import lifecycle
from declarations.lifecycle import PaymentNotice, buyers
from declarations.models import BuyerNotice, Declaration, Hold, Payment, Status
from inspection.lifecycle import (
    Decision,
    decide,
    decide_as_officer,
    open_reviews,
    take,
    take_up_objections,
)
from inspection.models import Authority, Lane, Review, RiskProfile
from inspection.reference import load_reference
from inspection.simulator import work
from swindow.accounts.models import User
from swindow.events.models import Event
from swindow.events.worker import drain_queue
from swindow.problems import Refused
from swindow.vault.models import Look
from tests import builders
from tests.declarations.test_buyer_numbers import GOOD
from tests.inspection.test_pages import address_of, approval, as_person
from tests.journeys.test_life import milk_powder
from tests.test_invariants import findings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
SETTLED = approval(reason_code="C03", message="The buyer's daughter had ordered it.")


def lodged(person: User, **fields: object) -> Declaration:
    draft = builders.draft(person, **({"consignee_email": "jan@example.com"} | fields))
    return lifecycle.lodge_one(draft, by=person, at=timezone.now())


def object_to(declaration: Declaration) -> None:
    """Let the named buyer say that it is not their order."""
    buyers.make_notices([declaration.pk], at=timezone.now())
    notice = BuyerNotice.objects.get(declaration=declaration)
    buyers.dispute(notice, note="I <b>never</b> bought this.", at=timezone.now())


def review_of(declaration: Declaration) -> Review:
    return Review.objects.get(declaration=declaration, authority="customs")


def lift_others(declaration: Declaration) -> None:
    """Let tax and port approve, and the charges be paid, so that only customs keeps the goods."""
    decisions = [Decision(declaration.pk, authority, True, "X00") for authority in ("tax", "port")]
    decide(decisions, by="agency", at=timezone.now())
    lifecycle.request_payments([declaration.pk], by="portal", at=timezone.now())
    payment = Payment.objects.get(declaration=declaration)
    notice = PaymentNotice(payment.reference, "SIM-1", True, payment.amount, payment.currency)
    lifecycle.settle([notice], at=timezone.now())


def status_of(declaration: Declaration) -> str:
    return str(Declaration.objects.values_list("status", flat=True).get(pk=declaration.pk))


def test_an_objection_before_the_reviews_are_opened_makes_customs_red(seller: User) -> None:
    declaration = lodged(seller)
    object_to(declaration)
    open_reviews([declaration.pk], at=timezone.now())
    assert Review.objects.filter(declaration=declaration).count() == 3
    assert (review_of(declaration).lane, review_of(declaration).score) == (Lane.RED, 70)


def test_an_open_review_becomes_red_and_no_machine_approves_it(seller: User) -> None:
    declaration = lodged(seller)
    open_reviews([declaration.pk], at=timezone.now())
    object_to(declaration)
    # The machine read the review before it became red.
    assert not decide(
        [Decision(declaration.pk, "customs", True, "C00")], by="agency:customs", at=timezone.now()
    )
    drain_queue("notify")
    assert review_of(declaration).lane == Lane.RED
    work(Authority.CUSTOMS, [declaration.pk], at=timezone.now())
    assert review_of(declaration).status == Review.Status.OPEN
    lift_others(declaration)
    assert status_of(declaration) == Status.ACCEPTED


def test_another_authority_still_decides(seller: User) -> None:
    declaration = lodged(seller)
    open_reviews([declaration.pk], at=timezone.now())
    object_to(declaration)
    decisions = [Decision(declaration.pk, each, True, "X00") for each in ("customs", "tax", "port")]
    assert {one.authority for one in decide(decisions, by="agency", at=timezone.now())} == {"tax", "port"}


def approved_then_objected(person: User) -> Declaration:
    declaration = lodged(person)
    open_reviews([declaration.pk], at=timezone.now())
    decide([Decision(declaration.pk, "customs", True, "C00")], by="agency:customs", at=timezone.now())
    object_to(declaration)
    return declaration


def test_an_approved_review_opens_again_for_the_queue(seller: User, customs_officer: User) -> None:
    declaration = approved_then_objected(seller)
    lift_others(declaration)
    assert status_of(declaration) == Status.ACCEPTED
    assert findings() == []
    drain_queue("notify")
    review = review_of(declaration)
    assert (review.status, review.lane, review.officer, review.decided_by) == ("open", "red", None, "")
    assert declaration.reference in as_person(customs_officer).get("/officer/?lane=red").text
    assert Event.objects.filter(subject_id=declaration.pk, kind="review.reopened").count() == 1
    assert take_up_objections([declaration.pk], at=timezone.now()) == []
    assert findings() == []


def test_an_objection_that_no_officer_sees_is_found_out(seller: User) -> None:
    declaration = approved_then_objected(seller)
    drain_queue("notify")
    now = timezone.now()
    Review.objects.filter(declaration=declaration, authority="customs").update(
        status="approved", decided_by="agency:customs", decided_at=now
    )
    assert any("no officer has it" in line for line in findings())


def test_the_officer_reads_the_note_and_settles(seller: User, customs_officer: User) -> None:
    declaration = approved_then_objected(seller)
    drain_queue("notify")
    lift_others(declaration)
    client, address = as_person(customs_officer), address_of(declaration)
    page = client.get(address)
    assert "I &lt;b&gt;never&lt;/b&gt; bought this." in page.text
    assert "Objection settled" in page.text
    offered = [
        code for _t, group in page.context["form"]["reason_code"].field.choices[1:] for code, _l in group
    ]
    assert [code for code in offered if code.startswith("C0")] == ["C03"]
    for silent in (approval(), SETTLED | {"message": ""}):
        assert client.post(f"{address}decide/", silent).status_code == 422
    assert status_of(declaration) == Status.ACCEPTED
    assert client.post(f"{address}decide/", SETTLED).status_code == 302
    assert status_of(declaration) == Status.RELEASED
    hold = Hold.objects.get(declaration=declaration, kind="identity")
    assert (hold.lifted_by, hold.reason_code) == (customs_officer.actor, "C03")
    assert findings() == []
    assert "They objected on" in client.get(f"{address}?tab=parties").text


def test_one_decision_settles_the_objection_and_the_examination(seller: User, customs_officer: User) -> None:
    declaration = lodged(seller)
    open_reviews([declaration.pk], at=timezone.now())
    object_to(declaration)
    lift_others(declaration)
    decision = Decision(declaration.pk, "customs", True, "C03", "A present.")
    decide_as_officer(review_of(declaration), decision=decision, officer=customs_officer, at=timezone.now())
    assert status_of(declaration) == Status.RELEASED
    assert findings() == []


def test_the_officer_refuses(seller: User, customs_officer: User) -> None:
    declaration = approved_then_objected(seller)
    drain_queue("notify")
    refusal = {"decision": "refuse", "reason_code": "C25", "message": "The buyer ordered nothing."}
    answer = as_person(customs_officer).post(f"{address_of(declaration)}decide/", refusal)
    assert answer.status_code == 302
    assert status_of(declaration) == Status.REJECTED
    assert findings() == []


def test_whoever_approves_past_an_objection_that_came_meanwhile_is_told(
    seller: User, customs_officer: User
) -> None:
    declaration = lodged(seller)
    open_reviews([declaration.pk], at=timezone.now())
    review = take(review_of(declaration), officer=customs_officer, at=timezone.now())
    object_to(declaration)
    decision = Decision(declaration.pk, "customs", True, "C00")
    with pytest.raises(Refused) as refused:
        decide_as_officer(review, decision=decision, officer=customs_officer, at=timezone.now())
    assert [problem.code for problem in refused.value.problems] == ["IN-04"]


def test_an_objection_after_release_is_shown_and_weighs_on_later_goods(
    seller: User, rival: User, customs_officer: User
) -> None:
    load_reference()
    declaration = lodged(seller)
    open_reviews([declaration.pk], at=timezone.now())
    lift_others(declaration)
    decide([Decision(declaration.pk, "customs", True, "C00")], by="agency:customs", at=timezone.now())
    assert status_of(declaration) == Status.RELEASED
    object_to(declaration)
    drain_queue("notify")
    assert review_of(declaration).status == Review.Status.APPROVED
    assert "No hold keeps the goods" in as_person(customs_officer).get(address_of(declaration)).text
    later, other = lodged(seller), lodged(rival)
    open_reviews([later.pk, other.pk], at=timezone.now())
    rules = [{hit["rule"] for hit in review_of(one).findings} for one in (later, other)]
    assert ["R-203" in each for each in rules] == [True, False]
    assert RiskProfile.objects.get(rule="R-203").points == 30
    assert findings() == []


@pytest.fixture
def to_china(seller: User) -> Declaration:
    declaration = lifecycle.lodge_one(milk_powder(seller), by=seller, at=timezone.now())
    open_reviews([declaration.pk], at=timezone.now())
    return declaration


def show(client: Client, declaration: Declaration, authority: str = "customs") -> HttpResponse:
    return client.post(f"{address_of(declaration, authority)}buyers-number/?tab=parties")


def test_customs_sees_the_end_of_the_number_and_how_often_it_came(
    seller: User, customs_officer: User, to_china: Declaration
) -> None:
    again = lifecycle.lodge_one(milk_powder(seller), by=seller, at=timezone.now())
    builders.draft(seller, jurisdiction="CN")
    open_reviews([again.pk], at=timezone.now())
    page = as_person(customs_officer).get(f"{address_of(to_china)}?tab=parties")
    assert GOOD not in page.text
    assert "••••••••••0005" in page.text
    assert page.context["buyers_number"].uses == 2
    assert not Look.objects.filter(what="consignee_id").exists()


def test_showing_the_number_is_written_down_and_shows_it_once(
    customs_officer: User, to_china: Declaration
) -> None:
    client = as_person(customs_officer)
    shown = show(client, to_china)
    assert shown.status_code == 200
    assert GOOD in shown.text
    assert "no-store" in shown["Cache-Control"]
    look = Look.objects.get(what="consignee_id")
    assert (look.subject, look.viewer) == (f"declaration:{to_china.pk}", customs_officer)
    assert (look.capacity, look.reference) == ("agency:customs", to_china.reference)
    assert GOOD not in client.get(f"{address_of(to_china)}?tab=parties").text
    assert client.get(f"{address_of(to_china)}buyers-number/").status_code == 405


def test_only_customs_sees_the_number(
    seller: User, quarantine_officer: User, customs_officer: User, to_china: Declaration
) -> None:
    for person, authority in (
        (quarantine_officer, "quarantine"),
        (quarantine_officer, "customs"),
        (seller, "customs"),
    ):
        assert show(as_person(person), to_china, authority).status_code == 404
    page = as_person(quarantine_officer).get(f"{address_of(to_china, 'quarantine')}?tab=parties")
    assert "0005" not in page.text.replace(to_china.reference, "")
    assert not Look.objects.filter(what="consignee_id").exists()
