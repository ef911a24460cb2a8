"""What is asked of some goods only: preference, supplementary quantity, alcohol; and who could pay less."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from declarations import lifecycle
from declarations.documents import papers_for
from declarations.models import Declaration, GoodsItem, Hold, SupportingDocument
from declarations.statement import facts_of, read_statements
from logistics.models import Consignment
from swindow.accounts.models import User
from tests import builders
from tests.api.callers import Caller, paths_of, statement
from tests.declarations.test_codes import PRODUCT
from tests.declarations.test_pages_draft import LINE, begun, url

MORE = {
    "preference": "usmca",
    "supplementary_quantity": "24",
    "supplementary_unit": "pa",
    "abv_percent": "12.5",
}
NO_REGISTRATION = {"registration_scheme": "", "registration_number": ""}
TO_THE_STATES = {"jurisdiction": "US", "currency": "USD", **NO_REGISTRATION}


@pytest.fixture
def page(client: Client, seller: User) -> Client:
    """A browser in which the seller is signed in."""
    client.force_login(seller)
    return client


def stated(item: GoodsItem) -> tuple[Any, ...]:
    return (item.preference, item.supplementary_quantity, item.supplementary_unit, item.abv_percent)


def test_a_line_states_its_particulars_and_the_law_sees_them(page: Client, seller: User) -> None:
    draft = begun(page)
    assert page.post(url("line_new", draft), LINE | MORE).status_code == 302
    item = GoodsItem.objects.get(declaration=draft)
    assert stated(item) == ("USMCA", Decimal(24), "pa", Decimal("12.5"))
    [goods] = facts_of(read_statements([draft.pk])[draft.pk], on=builders.NOW.date()).goods
    assert (goods.preference, goods.abv_percent) == ("USMCA", Decimal("12.5"))
    assert goods.supplementary_units == (("pa", Decimal(24)),)
    shown = page.get(url("goods", draft)).text
    assert "preference USMCA" in shown
    assert "24 pairs" in shown


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("preference", "a b!", "preference"),
        ("abv_percent", "100.01", "abv_percent"),
        ("supplementary_unit", "", "supplementary_unit"),
        ("supplementary_quantity", "", "supplementary_quantity"),
        ("supplementary_quantity", "0", "supplementary_quantity"),
    ],
)
def test_a_bad_particular_is_told_beside_its_field_and_the_fold_is_open(
    page: Client, field: str, value: str, told: str
) -> None:
    draft = begun(page)
    answer = page.post(url("line_new", draft), LINE | MORE | {field: value})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {told}
    assert '<details class="sw-more" id="more" open>' in answer.text


def test_a_line_copied_from_a_product_counts_for_all_pieces(page: Client, seller: User) -> None:
    more = {"supplementary_quantity": "2", "supplementary_unit": "pa", "preference": "300"}
    page.post(reverse("declarations:product_new"), PRODUCT | more)
    product = builders.company_of(seller).products.get()
    draft = begun(page)
    form = page.get(url("line_new", draft), {"product": product.reference, "quantity": "3"}).context["form"]
    assert [form[name].value() for name in MORE] == ["300", "6", "pa", ""]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"supplementary_quantity": Decimal(1)}, "goods_item_supplementary_with_unit"),
        ({"supplementary_unit": "l"}, "goods_item_supplementary_with_unit"),
        ({"supplementary_quantity": Decimal(0), "supplementary_unit": "l"}, "supplementary_in_range"),
        ({"abv_percent": Decimal("100.01")}, "goods_item_abv_in_range"),
        ({"abv_percent": Decimal("-0.01")}, "goods_item_abv_in_range"),
    ],
)
def test_the_database_refuses_impossible_particulars(seller: User, values: Any, name: str) -> None:
    draft = builders.draft(seller)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        GoodsItem.objects.filter(declaration=draft, line_no=1).update(**values)


@pytest.mark.parametrize("column", ["supplementary_quantity", "abv_percent"])
def test_the_database_refuses_what_is_no_number(seller: User, column: str) -> None:
    """NaN stands above every number in PostgreSQL: a bound on one side would let it in."""
    draft = builders.draft(seller)
    statement = f"UPDATE declarations_goodsitem SET supplementary_unit = 'l', {column} = 'NaN'"  # noqa: S608
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{statement} WHERE declaration_id = %s", [draft.pk])


def test_machines_state_particulars_and_read_them_back(seller: User) -> None:
    machine = Caller(seller)
    product = machine.post("products", PRODUCT | {"supplementary_quantity": "2", "supplementary_unit": "pa"})
    assert product.json()["supplementary_quantity"] == "2.000"
    line = statement()["goods_items"][0]
    lines = [line | MORE | {"preference": "USMCA"}, line | {"product": product.json()["reference"]}]
    answer = machine.post("declarations", statement(goods_items=lines))
    first, second = answer.json()["goods_items"]
    assert [first[name] for name in MORE] == ["USMCA", "24.000", "pa", "12.50"]
    assert [second[name] for name in MORE] == ["", "4.000", "pa", None]
    # What was read can be sent again, and states the same.
    reference = answer.json()["reference"]
    changed = machine.send("PATCH", f"declarations/{reference}", {"lrn": "PO-2"})
    assert changed.json()["goods_items"] == answer.json()["goods_items"]


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"preference": "lower"}, "preference"),
        ({"preference": 300}, "preference"),
        ({"supplementary_unit": "pa"}, "supplementary_quantity"),
        ({"supplementary_quantity": "1"}, "supplementary_unit"),
        ({"supplementary_quantity": "1", "supplementary_unit": "barrel"}, "supplementary_unit"),
        ({"abv_percent": "101"}, "abv_percent"),
    ],
)
def test_machines_are_told_what_is_wrong_with_a_particular(seller: User, values: Any, path: str) -> None:
    line = statement()["goods_items"][0] | values
    answer = Caller(seller).post("declarations", statement(goods_items=[line]))
    assert answer.status_code == 400
    assert list(paths_of(answer)) == [f"goods_items.1.{path}"]


def test_a_quantity_that_the_duty_counts_is_asked_for_beside_its_field(page: Client, seller: User) -> None:
    """Wine to the European Union pays by the hectolitre: litres are asked for, then the duty is known."""
    wine = builders.goods_item(1, code="220421", price="400.00", description="Red wine in bottles of 0.75 l")
    draft = builders.draft(seller, goods=[wine], consignee_type="business", **NO_REGISTRATION)
    answer = page.get(url("line_edit", draft, 1))
    errors = answer.context["form"].errors
    assert set(errors) <= {"supplementary_quantity", "abv_percent"} and errors
    assert '<details class="sw-more" id="more" open>' in answer.text
    GoodsItem.objects.filter(pk=wine.pk).update(
        supplementary_quantity=Decimal("1.5"), supplementary_unit="l", abv_percent=Decimal(13)
    )
    again = page.get(url("line_edit", draft, 1))
    assert not {"supplementary_quantity", "abv_percent"} & set(again.context["form"].errors)


def to_the_states(seller: User) -> Any:
    """Make a draft of T-shirts made in Mexico to the United States, above the limit of small parcels."""
    shirts = builders.goods_item(1, code="6109100012", price="1500.00", origin="MX")
    draft = builders.draft(seller, goods=[shirts], **TO_THE_STATES)
    Consignment.objects.filter(declaration=draft).update(transport_mode="air")
    return draft


@pytest.fixture
def september(page: Client) -> Iterator[None]:
    """A day for which a source gives the fees of the United States."""
    with time_machine.travel("2026-09-15T12:00Z"):
        yield


@pytest.mark.usefixtures("september")
def test_a_lower_duty_is_offered_with_what_is_missing_for_it(page: Client, seller: User) -> None:
    draft = to_the_states(seller)
    for section in ("goods", "tax"):
        [saving] = page.get(url(section, draft)).context["savings"]
        assert (saving.line_no, saving.amount) == (1, Decimal("0.00"))
        assert saving.saved > 0
        assert len(saving.steps) == 2
    answer = page.get(url("line_edit", draft, 1))
    assert "Claim the preference USMCA on the line." in answer.text
    assert "Certificate of origin" in answer.text


@pytest.mark.usefixtures("september")
def test_a_preference_claimed_with_its_proof_lowers_the_duty(page: Client, seller: User) -> None:
    draft = to_the_states(seller)
    before = page.get(url("tax", draft)).context
    [saving] = before["savings"]
    GoodsItem.objects.filter(declaration=draft).update(preference="USMCA")
    file = builders.stored_file(draft.declarant)
    SupportingDocument.objects.create(declaration=draft, kind="certificate_of_origin", file=file)
    after = page.get(url("tax", draft)).context
    assert after["savings"] == ()

    def duty(context: Any) -> Decimal:
        charges = context["breakdown"].charges
        return sum((one.amount for one in charges if one.type == "customs_duty"), Decimal(0))

    assert duty(before) - duty(after) == saving.saved


def test_particulars_stand_in_the_papers_of_the_goods_that_have_them(seller: User) -> None:
    goods = [
        builders.goods_item(1, preference="300", abv_percent=Decimal("12.50")),
        builders.goods_item(2, supplementary_quantity=Decimal(2), supplementary_unit="pa"),
        builders.goods_item(3),
    ]
    declaration = released(builders.draft(seller, goods=goods), by=seller)
    for _key, _kind, paper in papers_for([declaration.pk]):
        first, second, third = paper.snapshot["goods_items"]
        assert (first["preference"], first["abv_percent"]) == ("300", "12.5")
        assert (second["supplementary_quantity"], second["supplementary_unit"]) == ("2", "pa")
        assert not set(MORE) & set(third)


def released(draft: Declaration, *, by: User) -> Declaration:
    """Lodge a draft and lift every hold."""
    declaration = lifecycle.lodge_one(draft, by=by, at=builders.NOW)
    holds = Hold.objects.filter(declaration=declaration)
    liftings = [lifecycle.Lifting(declaration.pk, hold.authority, hold.kind) for hold in holds]
    lifecycle.lift_holds(liftings, by="agency:customs", at=builders.NOW)
    declaration.refresh_from_db()
    return declaration
