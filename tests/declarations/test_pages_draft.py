"""The seller fills in a declaration on pages that need no script."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from declarations import lifecycle
from declarations.models import Declaration, DraftAnswer, GoodsItem, SupportingDocument
from swindow.accounts.models import User
from swindow.documents.errors import StorageUnavailable
from swindow.events.models import Event
from tests import builders

PARTIES = {
    "consignee_type": "private",
    "consignee_name": "Jan de Vries",
    "consignee_address": "Coolsingel 1, Rotterdam",
    "consignor_name": "Brightway",
    "consignor_address": "1 Harbour Road",
    "order_number": "BW-9",
    "ordered_on": "2026-11-20",
    "currency": "EUR",
    "freight_amount": "",
    "insurance_amount": "",
}
TRANSPORT = {
    "transport_mode": "air",
    "document_number": "074-1120 3345",
    "means_of_transport": "KL 898",
    "ship_from": "CN",
    "place_of_arrival": "Schiphol",
    "arrival_on": "2026-11-30",
    "package_count": "1",
    "gross_mass_kg": "1.5",
}
LINE = {
    "description": "Knitted cotton T-shirt",
    "commodity_code": "6109 10",
    "origin": "CN",
    "quantity": "2",
    "unit": "piece",
    "unit_price": "12.50",
    "net_mass_kg": "0.4",
    "gross_mass_kg": "0.5",
}


@pytest.fixture
def page(client: Client, seller: User) -> Client:
    """A browser in which the seller is signed in."""
    client.force_login(seller)
    return client


def picture() -> io.BytesIO:
    """Return a small picture as a browser sends it."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "PNG")
    file.seek(0)
    file.name = "invoice.png"
    return file


def url(name: str, declaration: Declaration, *parts: object) -> str:
    return reverse(f"declarations:{name}", args=[declaration.reference, *parts])


def begun(page: Client, lrn: str = "PO-1") -> Declaration:
    page.post(reverse("declarations:new"), {"jurisdiction": "NL", "lrn": lrn})
    return Declaration.objects.get(lrn=lrn)


def test_a_declaration_goes_from_nothing_to_accepted_without_a_script(page: Client) -> None:
    draft = begun(page)
    assert page.post(url("parties", draft), PARTIES).url == url("transport", draft)
    assert page.post(url("transport", draft), TRANSPORT).url == url("goods", draft)
    assert page.post(url("line_new", draft), LINE).url == url("goods", draft)
    answer = page.post(url("documents", draft), {"kind": "invoice", "number": "INV-1", "file": picture()})
    assert answer.url == url("documents", draft)
    tax = {"payment_method": "deferment", "registration_number": "IM5280001234"}
    assert page.post(url("tax", draft), tax).url == url("check", draft)
    checked = page.get(url("check", draft))
    assert not checked.context["mends"]
    sent = {"seen": checked.context["form"]["seen"].value(), "is_true": "on"}
    assert page.post(url("check", draft), sent).url == url("detail", draft)
    draft.refresh_from_db()
    assert draft.status == "accepted"
    assert draft.consignment.document_kind == "air_waybill"


def test_submitting_twice_lodges_once(page: Client, seller: User) -> None:
    draft = builders.draft(seller)
    seen = page.get(url("check", draft)).context["form"]["seen"].value()
    for _ in range(2):
        answer = page.post(url("check", draft), {"seen": seen, "is_true": "on"})
        assert answer.url == url("detail", draft)
    accepted = Event.objects.filter(subject_id=draft.pk, kind="declaration.accepted")
    assert accepted.count() == 1


def test_what_was_changed_after_checking_is_not_lodged_unseen(page: Client, seller: User) -> None:
    draft = builders.draft(seller)
    seen = page.get(url("check", draft)).context["form"]["seen"].value()
    page.post(url("parties", draft), PARTIES)
    answer = page.post(url("check", draft), {"seen": seen, "is_true": "on"})
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.status == "draft"
    again = answer.context["form"]["seen"].value()
    assert page.post(url("check", draft), {"seen": again, "is_true": "on"}).status_code == 302


def test_an_unverified_seller_sees_why_and_lodges_nothing(page: Client, seller: User) -> None:
    draft = builders.draft(seller)
    company = draft.declarant
    company.verified_at = None
    company.save()
    answer = page.get(url("check", draft))
    assert "DE-01" in [mend.rule for mend in answer.context["mends"]]
    seen = answer.context["form"]["seen"].value()
    assert page.post(url("check", draft), {"seen": seen, "is_true": "on"}).status_code == 422


def test_nothing_typed_is_lost_and_every_problem_stands_beside_its_field(page: Client) -> None:
    draft = begun(page)
    wrong = PARTIES | {"ordered_on": "last week", "freight_amount": "1_000", "currency": "XXX"}
    answer = page.post(url("parties", draft), wrong)
    assert answer.status_code == 422
    for shown in (answer, page.get(url("parties", draft))):
        assert set(shown.context["form"].errors) == {"ordered_on", "freight_amount", "currency"}
        assert 'value="last week"' in shown.text
        assert 'value="1_000"' in shown.text
    draft.refresh_from_db()
    assert draft.consignee_name == "Jan de Vries"
    assert draft.ordered_on is None
    assert DraftAnswer.objects.get(declaration=draft).section == "parties"
    page.post(url("parties", draft), PARTIES)
    assert not DraftAnswer.objects.filter(declaration=draft).exists()


def test_save_and_exit_keeps_what_is_wrong_for_later(page: Client) -> None:
    draft = begun(page)
    answer = page.post(url("transport", draft), TRANSPORT | {"package_count": "many", "exit": "1"})
    assert answer.url == url("detail", draft)
    states = {str(task.title): task.state for task in page.get(answer.url).context["task_list"].tasks}
    assert states["Transport and arrival"] == "warn"
    assert 'value="many"' in page.get(url("transport", draft)).text


def test_autosave_stores_the_good_and_keeps_the_bad(page: Client) -> None:
    draft = begun(page)
    answer = page.post(f"{url('parties', draft)}?autosave=1", PARTIES | {"freight_amount": "a few euros"})
    assert answer.status_code == 200
    assert "saved_at" in answer.json()
    draft.refresh_from_db()
    assert draft.order_number == "BW-9"
    assert 'value="a few euros"' in page.get(url("parties", draft)).text


def test_autosave_of_a_new_line_makes_no_line(page: Client) -> None:
    draft = begun(page)
    page.post(url("line_new", draft), LINE, headers={"x-autosave": "1"})
    assert not GoodsItem.objects.filter(declaration=draft).exists()
    assert page.get(url("line_new", draft)).context["form"]["description"].value() == LINE["description"]
    page.post(url("line_new", draft), LINE)
    assert GoodsItem.objects.filter(declaration=draft).count() == 1
    assert not DraftAnswer.objects.filter(declaration=draft).exists()


def test_an_untouched_section_shows_no_problem(page: Client) -> None:
    draft = begun(page)
    for section in ("parties", "transport", "tax"):
        answer = page.get(url(section, draft))
        assert not answer.context["form"].errors
        assert "sw-errors" not in answer.text


def test_a_wrong_check_digit_is_named_beside_the_number_by_its_rule(page: Client) -> None:
    draft = begun(page)
    answer = page.post(url("transport", draft), TRANSPORT | {"document_number": "074-1120 3341"})
    [error] = answer.context["form"].errors.as_data()["document_number"]
    assert error.code == "LG-01"


@pytest.mark.parametrize(
    ("mode", "label"), [("air", "Air waybill number"), ("sea", "Container number"), ("road", "Vehicle plate")]
)
def test_the_transport_fields_follow_the_mode(page: Client, mode: str, label: str) -> None:
    draft = begun(page)
    answer = page.get(url("transport", draft), {"transport_mode": mode})
    assert label in answer.text
    draft.consignment.refresh_from_db()
    assert draft.consignment.transport_mode == ""


def test_a_line_is_copied_from_a_product_and_the_product_stays_apart(page: Client, seller: User) -> None:
    draft = begun(page)
    page.post(
        reverse("declarations:product_new"),
        {k: v for k, v in LINE.items() if k in ("description", "commodity_code", "origin", "unit_price")}
        | {"sku": "TS-1", "currency": "EUR", "net_mass_kg": "0.2"},
    )
    product = builders.company_of(seller).products.get()
    answer = page.get(url("line_new", draft), {"product": product.reference, "quantity": "3"})
    assert answer.context["form"]["net_mass_kg"].value() == "0.6"
    page.post(url("line_new", draft), LINE | {"product": product.reference, "quantity": "3"})
    item = GoodsItem.objects.get(declaration=draft)
    assert item.product == product
    page.post(
        reverse("declarations:product_edit", args=[product.reference]),
        {"description": "Something else", "commodity_code": "640411", "origin": "VN", "unit_price": "1"}
        | {"sku": "TS-1", "currency": "EUR", "net_mass_kg": "0.2"},
    )
    item.refresh_from_db()
    assert item.description == LINE["description"]


def test_removing_a_line_takes_its_certificate_along_and_closes_the_gap(page: Client, seller: User) -> None:
    goods = [builders.goods_item(1), builders.goods_item(2), builders.goods_item(3)]
    draft = builders.draft(seller, goods=goods)
    file = builders.stored_file(draft.declarant)
    SupportingDocument.objects.create(
        declaration=draft, goods_item=goods[1], kind="health_certificate", file=file
    )
    page.post(url("line_remove", draft, 2))
    assert list(draft.goods_items.values_list("line_no", flat=True)) == [1, 2]
    assert [paper.kind for paper in draft.documents.all()] == ["invoice"]


def test_a_bad_file_is_refused_beside_its_field_and_the_rest_stays(page: Client) -> None:
    draft = begun(page)
    bad = io.BytesIO(b"MZ not a paper")
    bad.name = "invoice.pdf"
    answer = page.post(url("documents", draft), {"kind": "invoice", "number": "INV-7", "file": bad})
    assert answer.status_code == 422
    assert "not a PDF" in str(answer.context["form"].errors["file"])
    assert 'value="INV-7"' in page.get(url("documents", draft)).text
    assert not draft.documents.exists()


def test_a_received_file_needs_no_second_choice_when_another_field_is_wrong(page: Client) -> None:
    draft = begun(page)
    sent = {"kind": "invoice", "stated_amount": "about 50", "file": picture()}
    answer = page.post(url("documents", draft), sent)
    assert set(answer.context["form"].errors) == {"stated_amount"}
    stored = page.get(url("documents", draft)).context["form"]["stored"].value()
    page.post(url("documents", draft), {"kind": "invoice", "stated_amount": "50", "stored": stored})
    assert draft.documents.get().file.reference == stored


def test_milk_powder_to_china_asks_for_its_certificate_on_its_line(page: Client, seller: User) -> None:
    goods = [builders.goods_item(1, code="851010"), builders.goods_item(2, code="19011010")]
    draft = builders.draft(
        seller, jurisdiction="CN", currency="CNY", goods=goods, registration_scheme="", registration_number=""
    )
    needs = page.get(url("inspection", draft)).context["needs"]
    assert {(need.line_no, need.rule) for need in needs} >= {(2, "CN-17")}
    assert all("line=2" in need.upload_url for need in needs)
    states = {str(task.title): task for task in page.get(url("detail", draft)).context["task_list"].tasks}
    assert states["Inspection and quarantine"].state == "warn"
    assert states["Check your answers and submit"].state == "lock"


def test_a_problem_of_the_law_names_line_and_rule(page: Client, seller: User) -> None:
    goods = [builders.goods_item(1, code="851010"), builders.goods_item(2, code="330499")]
    draft = builders.draft(
        seller, jurisdiction="CN", currency="CNY", goods=goods, registration_scheme="", registration_number=""
    )
    answer = page.get(url("line_edit", draft, 2))
    [error] = answer.context["form"].errors.as_data()["net_content_value"]
    assert error.code == "CN-16"


def test_the_breakdown_adds_up(page: Client, seller: User) -> None:
    breakdown = page.get(url("tax", builders.draft(seller))).context["breakdown"]
    due = [charge.amount for charge in breakdown.charges if charge.is_due]
    assert sum(due) == breakdown.head.total == breakdown.lines[-1].amount
    assert all(charge.sentence and charge.rule for charge in breakdown.charges)


def test_a_used_reference_is_named_beside_the_field(page: Client) -> None:
    begun(page, "PO-7")
    answer = page.post(reverse("declarations:new"), {"jurisdiction": "NL", "lrn": "PO-7"})
    assert answer.status_code == 422
    assert "lrn" in answer.context["form"].errors


def test_a_used_article_number_is_named_beside_the_field(page: Client) -> None:
    product = {"description": "Cotton T-shirt", "commodity_code": "610910", "origin": "CN"} | {
        "unit_price": "1", "sku": "A", "currency": "EUR", "net_mass_kg": "0.2"
    }  # fmt: skip
    page.post(reverse("declarations:product_new"), product)
    answer = page.post(reverse("declarations:product_new"), product)
    assert answer.status_code == 422
    assert "sku" in answer.context["form"].errors


@pytest.mark.parametrize(
    "bad",
    [
        "999999999",
        "\0",
        "9" * 400,
        "1e999",
        "NaN",
        "-1",
        "١٢",
        "1_000",
        "\u202eevil",
        "<script>",
        "2026-02-31",
        "0001-01-01",
    ],
)
def test_bad_input_is_explained_and_never_breaks(page: Client, seller: User, bad: str) -> None:
    draft = builders.draft(seller)
    for section, names in (
        ("parties", PARTIES),
        ("transport", TRANSPORT),
        ("line_new", LINE),
        ("documents", ("kind", "line", "number", "issued_on", "stated_amount", "stored")),
        ("tax", ("payment_method", "registration_number", "buyer_annual_used")),
        ("check", ("seen", "is_true")),
    ):
        sent = dict.fromkeys(names, bad)
        for address in (url(section, draft), f"{url(section, draft)}?autosave=1"):
            assert page.post(address, sent).status_code < 500
        assert page.get(url(section, draft), sent).status_code < 500
    product = {"description": bad, "sku": bad, "commodity_code": bad, "unit_price": bad, "stored": bad}
    assert page.post(reverse("declarations:product_new"), product).status_code == 422
    start = {"jurisdiction": bad, "lrn": bad, "declarant": bad}
    assert page.post(reverse("declarations:new"), start).status_code == 422
    assert page.get(url("detail", draft)).status_code == 200


def test_an_agent_declares_for_its_seller_and_is_named(client: Client, seller: User, broker: User) -> None:
    client.force_login(broker)
    draft = begun(client, "AG-1")
    assert draft.declarant == builders.company_of(seller)
    assert draft.representative == builders.company_of(broker)


def test_a_full_store_is_told_beside_the_file_and_nothing_typed_is_lost(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise StorageUnavailable

    monkeypatch.setattr("declarations.views.files.store_upload", full)
    draft = begun(page)
    answer = page.post(url("documents", draft), {"kind": "invoice", "number": "INV-3", "file": picture()})
    assert answer.status_code == 503
    assert "file" in answer.context["form"].errors
    assert 'value="INV-3"' in page.get(url("documents", draft)).text


def test_a_page_left_open_while_a_colleague_lodges_saves_nothing_and_says_so(
    page: Client, seller: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = builders.draft(seller)
    stale = Declaration.objects.select_related("declarant", "consignment").get(pk=draft.pk)
    assert not lifecycle.lodge([draft.pk], by=seller, at=builders.NOW)
    monkeypatch.setattr("declarations.views.access.get_object_or_404", lambda *_args, **_options: stale)
    assert page.post(url("parties", draft), PARTIES).url == url("detail", draft)
    assert page.post(f"{url('parties', draft)}?autosave=1", PARTIES).status_code == 409
    draft.refresh_from_db()
    assert draft.order_number == "BW-1"


@pytest.mark.parametrize("address", ["/declarations/%00/", "/declarations/../x/", "/products/%E2%80%AE/"])
def test_an_address_that_cannot_be_ours_is_not_found(page: Client, address: str) -> None:
    assert page.get(address).status_code == 404
