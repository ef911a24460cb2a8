"""Products, files, drafts: made, changed, listed."""

import io

import pytest
from PIL import Image

from declarations.models import Declaration, DraftAnswer, Product
from swindow.accounts.models import User
from swindow.documents.models import StoredFile
from tests import builders
from tests.api.callers import Caller, paths_of, statement
from tests.api.test_strict_input import PRODUCT
from tests.budgets import WHO_ASKS

pytestmark = pytest.mark.django_db


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    file.seek(0)
    file.name = "label.png"
    return file


def test_a_product_is_registered_once(machine: Caller) -> None:
    first = machine.post("products", PRODUCT)
    assert first.status_code == 201
    again = machine.post("products", PRODUCT)
    assert again.status_code == 409
    assert paths_of(again) == {"sku": "conflict"}
    listed = machine.get("products?sku=A-1").json()["results"]
    assert [row["reference"] for row in listed] == [first.json()["reference"]]
    assert machine.get(f"products/{first.json()['reference']}").json() == first.json()


def test_a_file_is_uploaded_and_named_in_a_draft(machine: Caller, seller: User) -> None:
    sent = machine.upload(picture())
    assert sent.status_code == 201, sent.content
    stored = StoredFile.objects.get(reference=sent.json()["reference"])
    assert stored.owner_id == builders.company_of(seller).pk
    assert sent.json() | {"reference": ""} == {
        "reference": "",
        "name": "label.png",
        "content_type": "image/png",
        "size": stored.size,
        "sha256": stored.sha256,
        "state": "clean",
    }
    document = {"file": sent.json()["reference"], "kind": "label", "line_no": 1}
    draft = machine.post("declarations", statement(documents=[document])).json()
    assert draft["documents"][0]["file_name"] == "label.png"
    assert draft["documents"][0]["line_no"] == 1


def test_a_bad_file_is_refused_with_its_mend(machine: Caller) -> None:
    file = io.BytesIO(b"<svg/>")
    file.name = "label.png"
    answer = machine.upload(file)
    assert answer.status_code == 422
    assert paths_of(answer) == {"file": "kind"}
    assert answer.json()["errors"][0]["fix"]
    assert machine.upload(picture(), colour="red").status_code == 400
    assert machine.raw("POST", "files", b"x", content_type="multipart/form-data").status_code == 400
    assert machine.raw("POST", "files", b"{}").status_code == 415


def test_a_line_is_copied_from_its_product(machine: Caller) -> None:
    product = machine.post("products", PRODUCT | {"net_content_value": "30", "net_content_unit": "ml"}).json()
    line = {"product": product["reference"], "quantity": "3", "gross_mass_kg": "0.700"}
    draft = machine.post("declarations", statement(goods_items=[line])).json()
    assert draft["goods_items"][0] == {
        "line_no": 1,
        "product": product["reference"],
        "description": "Knitted cotton T-shirt",
        "commodity_code": "610910",
        "origin": "CN",
        "quantity": "3.000",
        "unit": "piece",
        "unit_price": "12.50",
        "net_mass_kg": "0.600",
        "gross_mass_kg": "0.700",
        "net_content_value": "30.000",
        "net_content_unit": "ml",
        "preference": "",
        "supplementary_quantity": None,
        "supplementary_unit": "",
        "abv_percent": None,
    }


def test_a_price_in_another_currency_is_not_copied(machine: Caller) -> None:
    product = machine.post("products", PRODUCT | {"currency": "CNY"}).json()
    line = {"product": product["reference"], "quantity": "1", "gross_mass_kg": "0.100"}
    answer = machine.post("declarations", statement(goods_items=[line]))
    assert answer.status_code == 422
    assert paths_of(answer) == {
        "goods_items.1.unit_price": "required",
        "goods_items.1.gross_mass_kg": "gross_covers_net",
    }


def test_a_draft_needs_little(machine: Caller) -> None:
    answer = machine.post("declarations", {"lrn": "PO-1", "jurisdiction": "CN"})
    assert answer.status_code == 201
    assert answer.json()["status"] == "draft"
    assert answer.json()["mrn"] == ""
    assert machine.post("declarations", {"lrn": "PO-1", "jurisdiction": "CN"}).status_code == 409


def test_a_patch_changes_only_what_is_sent(machine: Caller, invoice: dict[str, str]) -> None:
    before = machine.post("declarations", statement(documents=[invoice])).json()
    address = f"declarations/{before['reference']}"
    after = machine.send("PATCH", address, {"parties": {"consignee_name": "Piet"}}).json()
    assert after["parties"] == before["parties"] | {"consignee_name": "Piet"}
    for name in ("lrn", "transport", "tax", "goods_items", "documents"):
        assert after[name] == before[name]
    bad = machine.send("PATCH", address, {"goods_items": [{"quantity": "1"}]})
    assert paths_of(bad) == {"goods_items.1.gross_mass_kg": "required"}
    assert machine.send("PATCH", address, []).status_code == 400


def test_a_put_states_all_anew(machine: Caller, invoice: dict[str, str]) -> None:
    before = machine.post("declarations", statement(documents=[invoice])).json()
    draft = Declaration.objects.get(reference=before["reference"])
    DraftAnswer.objects.create(declaration=draft, section="parties", typed={}, saved_at=builders.NOW)
    address = f"declarations/{before['reference']}"
    after = machine.send("PUT", address, {"lrn": "PO-2", "jurisdiction": "CN"}).json()
    assert (after["lrn"], after["jurisdiction"], after["goods_items"]) == ("PO-2", "CN", [])
    assert after["reference"] == before["reference"]
    assert after["parties"]["consignee_name"] == ""
    assert not draft.draft_answers.exists()


def test_drafts_are_paged_newest_first(machine: Caller) -> None:
    made = [
        machine.post("declarations", {"lrn": f"PO-{number}", "jurisdiction": "CN"}).json()["reference"]
        for number in range(5)
    ]
    first = machine.get("declarations?limit=3").json()
    second = machine.get(f"declarations?limit=3&before={first['next']}").json()
    assert [row["reference"] for row in first["results"] + second["results"]] == made[::-1]
    assert second["next"] is None
    assert machine.get("declarations?status=released").json()["results"] == []
    assert len(machine.get("declarations?lrn=PO-3").json()["results"]) == 1


def test_an_agent_declares_by_mandate(broker: User, seller: User) -> None:
    company = builders.company_of(seller)
    draft = Caller(broker).post("declarations", {"lrn": "A-1", "jurisdiction": "CN"})
    assert draft.status_code == 201, draft.content
    assert draft.json()["declarant"] == company.reference
    assert draft.json()["representative"] == builders.company_of(broker).reference
    company.mandates_given.update(revoked_at=builders.NOW)
    assert Caller(broker).get(f"declarations/{draft.json()['reference']}").status_code == 404


def test_lists_cost_the_same_whatever_their_length(
    machine: Caller, seller: User, django_assert_max_num_queries: object
) -> None:
    for _ in range(4):
        builders.draft(seller)
    with django_assert_max_num_queries(5 + WHO_ASKS):
        machine.get("declarations")
    reference = Declaration.objects.latest("pk").reference
    with django_assert_max_num_queries(12):
        machine.get(f"declarations/{reference}")


def test_products_of_others_cannot_be_named(machine: Caller, rival_machine: Caller) -> None:
    foreign = rival_machine.post("products", PRODUCT).json()["reference"]
    line = {"product": foreign, "quantity": "1", "gross_mass_kg": "1"}
    answer = machine.post("declarations", statement(goods_items=[line]))
    unknown = machine.post("declarations", statement(goods_items=[line | {"product": "PR-26-99999999"}]))
    assert answer.status_code == unknown.status_code == 422
    assert answer.json() == unknown.json()
    assert Product.objects.count() == 1
    assert not Declaration.objects.exists()
