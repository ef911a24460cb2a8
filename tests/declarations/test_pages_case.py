"""What a lodged declaration shows, to whom, and what may be done with it."""

import io
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from PIL import Image

from declarations import lifecycle, mails
from declarations.documents import papers_for
from declarations.lifecycle import Lifting, Question, Refusal
from declarations.models import ClearanceDocument, Declaration, Hold, InformationRequest, Payment
from swindow.accounts.models import User
from swindow.documents.uploads import store_upload
from tests import builders
from tests.builders import NOW


def url(name: str, declaration: Declaration, *parts: object) -> str:
    return reverse(f"declarations:{name}", args=[declaration.reference, *parts])


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def lodged(person: User, **fields: object) -> Declaration:
    declaration = builders.draft(person, **fields)
    assert not lifecycle.lodge([declaration.pk], by=person, at=NOW)
    declaration.refresh_from_db()
    return declaration


def released(person: User) -> Declaration:
    declaration = lodged(person)
    holds = Hold.objects.filter(declaration=declaration)
    liftings = [Lifting(declaration.pk, hold.authority, hold.kind) for hold in holds]
    lifecycle.lift_holds(liftings, by="agency", at=NOW)
    return declaration


ONE_DECLARATION = [
    "detail", "parties", "transport", "goods", "line_new", "documents", "inspection", "tax", "check",
]  # fmt: skip
POSTED = ["pay", "line_forget"]


@pytest.mark.parametrize("name", ONE_DECLARATION)
def test_a_rival_an_officer_and_a_stranger_find_no_declaration(
    seller: User, rival: User, customs_officer: User, name: str
) -> None:
    for declaration in (builders.draft(seller), lodged(seller)):
        for person in (rival, customs_officer):
            assert browser(person).get(url(name, declaration)).status_code == 404
        assert "login" in Client().get(url(name, declaration)).url


@pytest.mark.parametrize("name", POSTED)
def test_a_rival_changes_nothing(seller: User, rival: User, customs_officer: User, name: str) -> None:
    declaration = lodged(seller, payment_method="card")
    for person in (rival, customs_officer):
        assert browser(person).post(url(name, declaration), {"method": "card"}).status_code == 404
    assert not Payment.objects.filter(declaration=declaration, method="card").exists()


def test_colleague_and_agent_see_what_the_seller_sees(seller: User, colleague: User, broker: User) -> None:
    declaration = lodged(seller)
    for person in (seller, colleague, broker):
        assert browser(person).get(url("detail", declaration)).status_code == 200
        assert declaration.reference in browser(person).get(reverse("declarations:list")).text


def test_unknown_and_foreign_references_look_alike(seller: User, rival: User) -> None:
    declaration = lodged(seller)
    foreign = browser(rival).get(url("detail", declaration))
    unknown = browser(rival).get(reverse("declarations:detail", args=["SW-26-9999999X"]))
    assert foreign.status_code == unknown.status_code == 404


def test_sections_of_a_lodged_declaration_lead_to_what_became_of_it(seller: User) -> None:
    declaration = lodged(seller)
    for name in ("parties", "goods", "documents", "tax"):
        assert browser(seller).get(url(name, declaration)).url == url("detail", declaration)
    assert browser(seller).post(url("parties", declaration), {"order_number": "X"}).status_code == 302
    declaration.refresh_from_db()
    assert declaration.order_number == "BW-1"


def test_a_question_is_answered_once_and_by_its_declarant(seller: User, rival: User) -> None:
    declaration = lodged(seller)
    lifecycle.ask([Question(declaration.pk, "customs", "Q12", "Why 2.30 kg?")], by="agency", at=NOW)
    assert "Why 2.30 kg?" in browser(seller).get(url("detail", declaration)).text
    address = url("answer", declaration, "customs")
    assert browser(rival).post(address, {"customs-answer": "x"}).status_code == 404
    assert browser(seller).post(address, {"customs-answer": " "}).status_code == 422
    for _ in range(2):
        answer = browser(seller).post(address, {"customs-answer": "The outer carton."})
        assert answer.url == url("detail", declaration)
    assert InformationRequest.objects.get(declaration=declaration).answer == "The outer carton."
    assert browser(seller).post(url("answer", declaration, "port"), {}).status_code == 404


def test_paying_twice_collects_once_and_in_the_chosen_way(seller: User) -> None:
    declaration = lodged(seller, payment_method="card")
    page = browser(seller)
    assert page.get(url("detail", declaration)).context["case"].pay_form is not None
    for _ in range(2):
        assert page.post(url("pay", declaration), {"method": "bank"}).status_code == 302
    assert Payment.objects.get(declaration=declaration).method == "bank"
    assert page.get(url("detail", declaration)).context["case"].pay_form is None
    assert page.post(url("pay", declaration), {"method": "gold"}).status_code == 422


def test_the_page_tells_who_is_waited_for(seller: User) -> None:
    declaration = lodged(seller, payment_method="card")
    lifecycle.ask([Question(declaration.pk, "customs", "Q12", "Why?")], by="agency", at=NOW)
    codes = [state.code for state in browser(seller).get(url("detail", declaration)).context["states"]]
    assert codes[:2] == ["question", "awaiting_payment"]
    assert {"with_customs", "with_port"} <= set(codes)


def test_a_refusal_names_its_reason(seller: User) -> None:
    declaration = lodged(seller)
    refusal = Refusal(declaration.pk, "customs", "R21", "The goods are not those declared.")
    lifecycle.reject([refusal], by="agency", at=NOW)
    text = browser(seller).get(url("detail", declaration)).text
    assert "The goods are not those declared." in text
    assert "R21" in text


def test_a_paper_being_made_is_promised_and_not_yet_given(seller: User, rival: User) -> None:
    declaration = released(seller)
    lifecycle.reserve_papers(papers_for([declaration.pk]), at=NOW)
    paper = ClearanceDocument.objects.filter(declaration=declaration).select_related("document")[0]
    page = browser(seller)
    assert paper.document.number in page.get(url("detail", declaration)).text
    address = url("paper", declaration, paper.document.number)
    assert page.get(address).status_code == 503
    assert browser(rival).get(address).status_code == 404
    assert browser(builders.officer("customs")).get(address).status_code == 404
    assert page.get(url("paper", declaration, "CP-26-99999999-9")).status_code == 404


def test_an_officer_of_a_holding_authority_may_open_a_supporting_document(
    seller: User, rival: User, customs_officer: User, quarantine_officer: User
) -> None:
    declaration = lodged(seller)
    content = io.BytesIO()
    Image.new("RGB", (9, 9)).save(content, "PNG")
    content.seek(0)
    stored = store_upload(content, owner_id=declaration.declarant_id, name="a.png", at=NOW)
    document = declaration.documents.get()
    document.file = stored
    document.save()
    address = url("file", declaration, stored.reference)
    for person, status in ((seller, 200), (customs_officer, 200), (quarantine_officer, 404), (rival, 404)):
        answer = browser(person).get(address)
        assert answer.status_code == status
        if status == 200:
            assert b"".join(answer.streaming_content).startswith(b"\x89PNG")


def test_pages_by_key_show_every_declaration_once(seller: User) -> None:
    for _ in range(30):
        builders.draft(seller, goods=[])
    page, address, seen = browser(seller), reverse("declarations:list"), []
    while address:
        shown = page.get(address).context["page"]
        seen += [row.reference for row in shown.rows]
        address = shown.older_url
    assert len(seen) == len(set(seen)) == 30
    last = page.get(f"{reverse('declarations:list')}?before={seen[24]}").context["page"]
    assert [row.reference for row in last.rows] == seen[25:]
    newer = page.get(last.newer_url).context["page"]
    assert [row.reference for row in newer.rows] == seen[:25]


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("", 4),
        ("draft", 1),
        ("question", 1),
        ("payment", 1),
        ("progress", 1),
        ("released", 1),
        ("nonsense", 4),
    ],
)
def test_filters_show_what_they_say(seller: User, code: str, count: int) -> None:
    builders.draft(seller)
    asked = lodged(seller, payment_method="card")
    lifecycle.ask([Question(asked.pk, "customs", "Q12", "Why?")], by="agency", at=NOW)
    released(seller)
    refused = lodged(seller)
    lifecycle.reject([Refusal(refused.pk, "customs", "R21", "No.")], by="agency", at=NOW)
    shown = browser(seller).get(reverse("declarations:list"), {"state": code}).context["entries"]
    assert len(shown) == count


@pytest.mark.parametrize("name", ["overview", "list"])
def test_a_page_takes_the_same_queries_for_one_and_for_twenty(
    seller: User, name: str, django_assert_max_num_queries: object
) -> None:
    lodged(seller)
    page = browser(seller)
    page.get(reverse(f"declarations:{name}"))
    for _ in range(19):
        lodged(seller)
    limit = {"overview": 60, "list": 20}[name]
    with django_assert_max_num_queries(limit):  # type: ignore[operator]
        page.get(reverse(f"declarations:{name}"))


def test_a_new_seller_sees_the_first_steps(db: None) -> None:
    newcomer = builders.user()
    answer = browser(newcomer).get(reverse("declarations:overview"))
    assert [task.state for task in answer.context["first_steps"].tasks] == ["todo", "lock", "lock", "lock"]
    assert browser(newcomer).get(reverse("declarations:new")).status_code == 302


def test_the_charges_of_a_lodged_declaration_are_those_assessed(seller: User) -> None:
    declaration = lodged(seller)
    breakdown = browser(seller).get(url("detail", declaration)).context["breakdown"]
    assert breakdown.head.total == Decimal("6.00")
    assert [line.label for line in breakdown.elsewhere] == ["VAT, line 1", "VAT, line 2"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_mails_lead_to_the_declaration(seller: User, mailoutbox: list[EmailMessage], language: str) -> None:
    seller.preferred_language = language
    seller.save()
    declaration = lodged(seller)
    lifecycle.reject(
        [Refusal(declaration.pk, "customs", "R21", "Not those <declared>.")], by="agency", at=NOW
    )
    declaration = Declaration.objects.select_related("created_by").get(pk=declaration.pk)
    for tell in (mails.tell_of_question, mails.tell_of_refusal, mails.tell_of_release):
        tell(declaration, {})
    address = settings.BASE_URL + url("detail", declaration)
    for mail in mailoutbox:
        assert mail.to == [seller.email]
        assert address in mail.body
        assert address in mail.alternatives[0][0]
    assert "Not those <declared>." in mailoutbox[1].body
    assert "Not those &lt;declared&gt;." in mailoutbox[1].alternatives[0][0]


@pytest.mark.parametrize("template", ["permission", "tax_bill"])
def test_papers_say_every_line_and_the_total(seller: User, template: str) -> None:
    declaration = released(seller)
    request = papers_for([declaration.pk])[0][2]
    html = render_to_string(f"declarations/documents/{template}.html", {"paper": request.snapshot})
    assert html.count("data-line=") == 2
    assert request.snapshot["total"] in html
    assert declaration.mrn in html


def test_a_tax_bill_says_how_each_charge_was_worked_out(seller: User) -> None:
    snapshot = papers_for([released(seller).pk])[0][2].snapshot
    vat = [charge for charge in snapshot["charges"] if charge["tax_type"] == "vat"]
    assert [charge["formula"] for charge in vat] == ["25.00 + 3.00 = 28.00; 28.00 × 0.21 = 5.88"] * 2
