"""The officers' queue and review page: what they show, what they let nobody do, and what they cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from django.test import Client

from declarations import lifecycle
from declarations.models import Declaration, Hold, InformationRequest, Status, SupportingDocument
from declarations.statement import read_statements
from inspection.comparison import comparisons_of
from inspection.forms import DecisionForm
from inspection.lifecycle import Decision, decide_as_officer, open_reviews, take
from inspection.models import Authority, Review
from inspection.reasons import reasons_for, sentence_of
from swindow.accounts.models import FormerMembership, User
from tests import builders
from tests.budgets import WHO_ASKS

pytestmark = pytest.mark.django_db
Budget = Callable[[int], AbstractContextManager[object]]


def as_person(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def lodge(seller: User, count: int = 1, **fields: object) -> list[Declaration]:
    drafts = [builders.draft(seller, **fields) for _ in range(count)]
    assert lifecycle.lodge([draft.pk for draft in drafts], by=seller, at=builders.NOW) == {}
    open_reviews([draft.pk for draft in drafts], at=builders.NOW)
    return list(Declaration.objects.filter(pk__in=[draft.pk for draft in drafts]).order_by("pk"))


def address_of(declaration: Declaration, authority: str = "customs") -> str:
    return f"/officer/{authority}/{declaration.reference}/"


@pytest.fixture
def declaration(seller: User, reference_data: None) -> Declaration:
    return lodge(seller)[0]


@pytest.fixture
def second_officer(customs_officer: User) -> User:
    return builders.member(builders.company_of(customs_officer), role="officer", name="Boris Smit")


def approval(**changes: str) -> dict[str, str]:
    return {"decision": "approve", "reason_code": "C00", "message": ""} | changes


def test_nobody_but_officers_finds_the_queue(
    client: Client, seller: User, broker: User, declaration: Declaration
) -> None:
    assert client.get("/officer/").status_code == 302
    for person in (seller, broker):
        for address in ("/officer/", address_of(declaration), f"{address_of(declaration)}papers/1/"):
            assert as_person(person).get(address).status_code == 404
        for act in ("decide", "take", "take-over", "give-back"):
            assert as_person(person).post(f"{address_of(declaration)}{act}/", approval()).status_code == 404


def test_an_officer_sees_only_the_reviews_of_the_own_authority(
    customs_officer: User, quarantine_officer: User, declaration: Declaration
) -> None:
    assert as_person(customs_officer).get(address_of(declaration)).status_code == 200
    assert as_person(customs_officer).get(address_of(declaration, "tax")).status_code == 404
    other = as_person(quarantine_officer)
    assert other.get(address_of(declaration)).status_code == 404
    assert other.post(f"{address_of(declaration)}decide/", approval()).status_code == 404
    assert declaration.reference not in other.get("/officer/?authority=customs").content.decode()


def test_the_queue_shows_the_most_pressing_first(
    seller: User, customs_officer: User, reference_data: None
) -> None:
    calm, hot = lodge(seller, 2)
    Review.objects.filter(declaration=hot, authority="customs").update(score=78, lane="red")
    page = as_person(customs_officer).get("/officer/")
    assert [review.declaration for review in page.context["reviews"]] == [hot, calm]
    assert [lane["count"] for lane in page.context["lanes"]] == ["1", "0", "1"]
    only_red = as_person(customs_officer).get("/officer/", {"lane": "red"})
    assert [review.declaration for review in only_red.context["reviews"]] == [hot]


def test_the_queue_has_pages_at_any_depth(
    seller: User, customs_officer: User, reference_data: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lodged = lodge(seller, 5)
    monkeypatch.setattr("inspection.queue.read_queue.__kwdefaults__", {"size": 2})
    client, seen, address = as_person(customs_officer), [], "/officer/"
    while address:
        page = client.get(address)
        seen += [review.declaration for review in page.context["reviews"]]
        address = page.context["next_url"] and f"/officer/{page.context['next_url']}"
    assert seen == lodged


def test_a_page_goes_on_although_its_last_one_was_decided(
    seller: User, customs_officer: User, reference_data: None
) -> None:
    first, second = lodge(seller, 2)
    review = Review.objects.get(declaration=first, authority="customs")
    decision = Decision(first.pk, "customs", True, "C00")
    decide_as_officer(review, decision=decision, officer=customs_officer, at=builders.NOW)
    page = as_person(customs_officer).get("/officer/", {"after": first.reference})
    assert [each.declaration for each in page.context["reviews"]] == [second]


def test_search_finds_by_the_beginning_of_reference_or_mrn(
    customs_officer: User, declaration: Declaration
) -> None:
    client = as_person(customs_officer)
    for text in (
        declaration.reference,
        declaration.reference[:8].lower(),
        declaration.mrn,
        declaration.mrn[:6],
    ):
        page = client.get("/officer/", {"q": text})
        assert [review.declaration for review in page.context["reviews"]] == [declaration]
    assert not client.get("/officer/", {"q": "ZZ-99"}).context["reviews"]
    assert not client.get("/officer/", {"q": "%"}).context["reviews"]


@pytest.mark.parametrize("value", ["\0", "x" * 3000, "💥", "' OR 1=1 --", "-1"])
def test_odd_addresses_never_break_a_page(
    customs_officer: User, declaration: Declaration, value: str
) -> None:
    client = as_person(customs_officer)
    for name in ("q", "after", "authority", "lane", "mine"):
        assert client.get("/officer/", {name: value}).status_code == 200
    for name in ("tab", "paper"):
        assert client.get(address_of(declaration), {name: value}).status_code == 200
    answer = client.post(f"{address_of(declaration)}decide/", dict.fromkeys(approval(), value))
    assert answer.status_code == 422


@pytest.mark.parametrize("tab", ["compare", "goods", "parties", "transport", "messages", "history"])
def test_every_tab_shows_its_part(customs_officer: User, declaration: Declaration, tab: str) -> None:
    expected = {
        "compare": "Declared and found",
        "goods": "Knitted cotton T-shirt",
        "parties": "Coolsingel 1, Rotterdam",
        "transport": "RB123456785NL",
        "messages": "Nothing was asked",
        "history": "Customs accepted the declaration",
    }
    page = as_person(customs_officer).get(address_of(declaration), {"tab": tab})
    assert expected[tab] in page.content.decode()


def test_a_paper_that_differs_is_beside_the_figure_and_the_question_is_prepared(
    seller: User, customs_officer: User, reference_data: None
) -> None:
    draft = builders.draft(seller)
    SupportingDocument.objects.create(
        declaration=draft,
        kind="packing_list",
        number="PL-1",
        stated_gross_mass_kg=Decimal("2.300"),
        file=builders.stored_file(builders.company_of(seller)),
    )
    lifecycle.lodge_one(draft, by=seller, at=builders.NOW)
    open_reviews([draft.pk], at=builders.NOW)
    page = as_person(customs_officer).get(address_of(draft))
    (first, number), *_rest = page.context["comparisons"]
    assert (first.label, first.declared, first.found, first.is_same) == (
        "Gross mass",
        "2 kg",
        "2.3 kg",
        False,
    )
    assert page.context["paper_number"] == number
    assert page.context["form"].initial["reason_code"] == "Q12"
    assert "2.300" in page.context["form"].initial["message"]


def test_taking_and_giving_back(
    customs_officer: User, second_officer: User, declaration: Declaration
) -> None:
    first, second = as_person(customs_officer), as_person(second_officer)
    review = Review.objects.get(declaration=declaration, authority="customs")
    first.post(f"{address_of(declaration)}take/")
    second.post(f"{address_of(declaration)}take/")
    second.post(f"{address_of(declaration)}give-back/")
    review.refresh_from_db()
    assert review.officer == customs_officer
    assert "Anna de Wit is working on it" in second.get(address_of(declaration)).content.decode()
    first.post(f"{address_of(declaration)}give-back/")
    review.refresh_from_db()
    assert review.officer is None


def test_what_a_colleague_has_can_be_taken_over_but_not_decided(
    customs_officer: User, second_officer: User, declaration: Declaration
) -> None:
    review = Review.objects.get(declaration=declaration, authority="customs")
    take(review, officer=customs_officer, at=builders.NOW)
    second = as_person(second_officer)
    answer = second.post(f"{address_of(declaration)}decide/", approval(message="I typed this."))
    assert answer.status_code == 409
    assert "Anna de Wit is working on this declaration." in answer.content.decode()
    assert "I typed this." in answer.content.decode()
    second.post(f"{address_of(declaration)}take-over/")
    assert second.post(f"{address_of(declaration)}decide/", approval()).status_code == 302


def test_approving_lifts_the_hold_of_the_authority(customs_officer: User, declaration: Declaration) -> None:
    answer = as_person(customs_officer).post(f"{address_of(declaration)}decide/", approval())
    assert answer.url == "/officer/"
    hold = Hold.objects.get(declaration=declaration, authority="customs")
    assert (hold.lifted_by, hold.reason_code) == (customs_officer.actor, "C00")


def test_the_ports_approval_notes_the_arrival(declaration: Declaration) -> None:
    client = as_person(builders.officer("port"))
    client.post(f"{address_of(declaration, 'port')}decide/", approval(reason_code="P00"))
    declaration.consignment.refresh_from_db()
    assert declaration.consignment.arrived_at is not None


def test_refusing_needs_a_reason_of_refusal_and_a_sentence(
    customs_officer: User, declaration: Declaration
) -> None:
    client = as_person(customs_officer)
    wrong = {"decision": "refuse", "reason_code": "C00", "message": ""}
    answer = client.post(f"{address_of(declaration)}decide/", wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"reason_code", "message"}
    right = {"decision": "refuse", "reason_code": "C22", "message": "These goods may not be imported."}
    assert client.post(f"{address_of(declaration)}decide/", right).status_code == 302
    declaration.refresh_from_db()
    assert (declaration.status, declaration.reason_code) == (Status.REJECTED, "C22")


def test_a_question_is_asked_once_and_its_review_stays_with_the_asker(
    customs_officer: User, declaration: Declaration
) -> None:
    client, question = as_person(customs_officer), {"decision": "ask", "reason_code": "Q13"}
    assert client.post(f"{address_of(declaration)}decide/", question).status_code == 422
    typed = question | {"message": "What are the shoes made of?"}
    assert client.post(f"{address_of(declaration)}decide/", typed).status_code == 302
    again = client.post(f"{address_of(declaration)}decide/", typed)
    assert again.status_code == 409
    assert "open question" in again.content.decode()
    assert InformationRequest.objects.get().question == "What are the shoes made of?"
    assert Review.objects.get(declaration=declaration, authority="customs").officer == customs_officer


def test_the_second_officer_learns_who_decided_and_keeps_the_text(
    customs_officer: User, second_officer: User, declaration: Declaration
) -> None:
    review = Review.objects.get(declaration=declaration, authority="customs")
    decision = Decision(declaration.pk, "customs", True, "C01")
    decide_as_officer(review, decision=decision, officer=customs_officer, at=builders.NOW)
    typed = {"decision": "refuse", "reason_code": "C22", "message": "These goods may not be imported."}
    answer = as_person(second_officer).post(f"{address_of(declaration)}decide/", typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Anna de Wit decided on 23 Nov, 09:30: Approved" in page
    assert "These goods may not be imported." in page


def test_nobody_decides_the_declaration_of_their_own_company(
    customs_officer: User, seller: User, declaration: Declaration
) -> None:
    company = builders.company_of(seller)
    FormerMembership.objects.create(
        user=customs_officer, organisation=company, role="declarant", left_at=builders.NOW
    )
    client = as_person(customs_officer)
    assert "This is not yours to decide" in client.get(address_of(declaration)).content.decode()
    answer = client.post(f"{address_of(declaration)}decide/", approval())
    assert answer.status_code == 409
    assert Hold.objects.filter(declaration=declaration, authority="customs", lifted_at=None).exists()


def test_a_paper_of_another_authoritys_declaration_is_not_there(
    quarantine_officer: User, customs_officer: User, declaration: Declaration
) -> None:
    assert as_person(quarantine_officer).get(f"{address_of(declaration)}papers/1/").status_code == 404
    assert as_person(customs_officer).get(f"{address_of(declaration)}papers/9/").status_code == 404


def test_pages_cost_the_same_however_long_the_queue(
    seller: User, customs_officer: User, reference_data: None, django_assert_max_num_queries: Budget
) -> None:
    lodged = lodge(seller, 12)
    client = as_person(customs_officer)
    with django_assert_max_num_queries(15 + WHO_ASKS):
        client.get("/officer/")
    for tab in ("compare", "goods", "parties", "transport", "messages", "history"):
        with django_assert_max_num_queries(25):
            client.get(address_of(lodged[3]), {"tab": tab})


@pytest.mark.parametrize("authority", Authority.values)
def test_every_reason_code_is_known_and_bound_to_its_act(authority: str) -> None:
    codes = [reason.code for act in ("approve", "ask", "refuse") for reason in reasons_for(authority, act)]
    assert len(codes) == len(set(codes))
    assert all(sentence_of(authority, code) != code for code in codes)
    offered = DecisionForm(authority=authority).fields["reason_code"].choices
    # Reason C03 is offered while a named buyer objects, and then alone for an approval.
    assert [code for _title, group in offered[1:] for code, _label in group] == [
        code for code in codes if code != "C03"
    ]


def test_a_statement_without_papers_has_nothing_to_compare(declaration: Declaration) -> None:
    statement = read_statements([declaration.pk])[declaration.pk]
    assert comparisons_of(statement) == []
