"""A declaration to another country is begun, filled in, lodged and released like one to the Union."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from declarations.models import Assessment, Declaration, Payment, Status
from swindow.accounts.models import User
from tests import builders
from tests.api.callers import Caller, paths_of, statement
from tests.declarations.test_pages_draft import url
from tests.journeys.test_life import bank, kinds_of_events, work_off

__all__ = ["bank"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data", "bank")]
SHIRT = {
    "description": "Knitted cotton T-shirt",
    "commodity_code": "610910",
    "origin": "VN",
    "quantity": "20",
    "unit_price": "30.00",
    "net_mass_kg": "4.000",
    "gross_mass_kg": "5.000",
}
BY_AIR = {
    "transport_mode": "air",
    "document_number": "07411203345",
    "gross_mass_kg": "5.000",
    "ship_from": "VN",
}
# What stands at sale in the low-value regimes: nothing is due at the border, so nobody pays here.
AT_SALE = {
    "GB": ("GBP", "gb_vat", "GB123456789"),
    "AU": ("AUD", "au_gst", "12345678901"),
}


def whole(country: str, *, currency: str, goods: Mapping[str, Any], **tax: str) -> dict[str, Any]:
    """State a draft by air to a country."""
    base = statement()
    return statement(
        jurisdiction=country,
        lrn=f"PO-{country}",
        parties=base["parties"] | {"currency": currency},
        transport=base["transport"] | BY_AIR,
        tax={"payment_method": "card"} | tax,
        goods_items=[dict(goods)],
    )


def lodged(machine: Caller, body: dict[str, Any], *, owner: User) -> Declaration:
    """File a draft with its invoice and lodge it."""
    file = builders.stored_file(builders.company_of(owner))
    body["documents"] = [{"file": file.reference, "kind": "invoice", "number": "INV-1"}]
    reference = machine.post("declarations", body).json()["reference"]
    shown = machine.get(f"declarations/{reference}/assessment").json()
    assert shown["problems"] == []
    answer = machine.post(f"declarations/{reference}/lodge", key=f"k-{reference}")
    assert answer.status_code == 201, answer.content
    return Declaration.objects.get(reference=reference)


@pytest.mark.parametrize(
    ("country", "currency", "code"),
    [("GB", "GBP", "6109100010"), ("AU", "AUD", "61091000")],
)
def test_a_consignment_with_duty_is_paid_and_released(
    seller: User, country: str, currency: str, code: str
) -> None:
    goods = SHIRT | {"commodity_code": code, "unit_price": "90.00"}
    pays_and_is_released(seller, whole(country, currency=currency, goods=goods))


@pytest.mark.parametrize(("price", "kind"), [("30.00", "us_informal"), ("200.00", "us_formal")])
def test_goods_to_the_united_states_pay_duty_and_the_processing_fee(
    seller: User, price: str, kind: str
) -> None:
    """In September 2026: for the fiscal year after it no source gives the fees."""
    goods = SHIRT | {"commodity_code": "6109100012", "unit_price": price}
    body = whole("US", currency="USD", goods=goods)
    body["parties"]["ordered_on"], body["transport"]["arrival_on"] = "2026-09-01", "2026-09-10"
    with time_machine.travel("2026-09-15T12:00Z"):
        declaration = pays_and_is_released(seller, body)
    assert Assessment.objects.get(declaration=declaration).regime == kind


def test_a_fee_that_no_source_gives_is_told_and_never_guessed(seller: User) -> None:
    """From October 2026 dutiable goods to the United States wait until the fee is published."""
    goods = SHIRT | {"commodity_code": "6109100012"}
    machine = Caller(seller)
    with time_machine.travel("2026-11-23T12:00Z"):
        reference = machine.post("declarations", whole("US", currency="USD", goods=goods)).json()["reference"]
        problems = machine.get(f"declarations/{reference}/assessment").json()["problems"]
    [problem] = [problem for problem in problems if problem["code"].startswith("US-")]
    assert problem["code"] == "US-14"
    assert "No source gives" in problem["message"]


def test_free_goods_by_mail_to_the_united_states_owe_nothing(seller: User) -> None:
    """A mail entry pays its fee only on dutiable goods."""
    book = SHIRT | {"description": "Printed novel, paperback", "commodity_code": "4901990070"}
    body = whole("US", currency="USD", goods=book)
    body["transport"] |= {"transport_mode": "post", "document_number": "RB123456785NL"}
    declaration = lodged(Caller(seller), body, owner=seller)
    work_off()
    declaration.refresh_from_db()
    assert declaration.status == Status.RELEASED
    assert Assessment.objects.get(declaration=declaration).payable_amount == 0


def pays_and_is_released(person: User, body: dict[str, Any]) -> Declaration:
    """Lodge as a machine, pay by card, let every agency that the law names examine it; return it released."""
    machine = Caller(person)
    declaration = lodged(machine, body, owner=person)
    currency = body["parties"]["currency"]
    assert machine.post(f"declarations/{declaration.reference}/pay", key="p1").status_code == 201
    work_off()
    declaration.refresh_from_db()
    assert declaration.status == Status.RELEASED
    payment = Payment.objects.get(declaration=declaration)
    assert (payment.status, payment.currency) == (Payment.Status.SETTLED, currency)
    assert payment.amount > 0
    assert kinds_of_events(declaration)[-1] == "declaration.released"
    return declaration


@pytest.mark.parametrize("country", AT_SALE)
def test_a_low_value_parcel_under_the_sellers_registration_owes_nothing_at_the_border(
    seller: User, country: str
) -> None:
    """The tax was taken at sale: it is shown, and no payment is asked for."""
    currency, scheme, number = AT_SALE[country]
    goods = SHIRT | {"quantity": "2", "unit_price": "12.50"}
    tax = {"registration_scheme": scheme, "registration_number": number}
    declaration = lodged(Caller(seller), whole(country, currency=currency, goods=goods, **tax), owner=seller)
    work_off()
    declaration.refresh_from_db()
    assert declaration.status == Status.RELEASED
    assert not Payment.objects.filter(declaration=declaration).exists()
    result = Caller(seller).get(f"declarations/{declaration.reference}/assessment").json()["result"]
    taken = [
        Decimal(one["amount"]) for one in result["goods_items"][0]["charges"] if one["collector"] == "vendor"
    ]
    assert sum(taken) > 0
    assert result["payable"] in ("0", "0.00")


def test_the_start_page_offers_every_jurisdiction(client: Client, seller: User) -> None:
    client.force_login(seller)
    form = client.get(reverse("declarations:new")).context["form"]
    offered = {code for code, _name in form.fields["jurisdiction"].choices}
    assert {"AU", "BR", "CA", "CN", "GB", "IN", "JP", "KR", "KZ", "NL", "RU", "SG", "US"} <= offered


@pytest.mark.parametrize(
    ("country", "good", "scheme", "bad"),
    [
        ("NL", "im528 000 1234", "ioss", "GB123456789"),
        ("GB", "gb 123 456 789", "gb_vat", "GB12"),
        ("AU", "12 345 678 901", "au_gst", "1234"),
        ("SG", "M90312345A", "sg_ovr", "M9"),
        ("BR", "RC-2024-001", "br_remessa_conforme", "n° 1"),
    ],
)
def test_each_country_asks_for_its_own_registration(
    client: Client, seller: User, country: str, good: str, scheme: str, bad: str
) -> None:
    """The number's form comes from the pack; a number means that the scheme is used."""
    client.force_login(seller)
    client.post(reverse("declarations:new"), {"jurisdiction": country, "lrn": "REG"})
    draft = Declaration.objects.get(lrn="REG")
    tax = {"payment_method": "card", "registration_number": bad}
    assert "registration_number" in client.post(url("tax", draft), tax).context["form"].errors
    client.post(url("tax", draft), tax | {"registration_number": good})
    draft.refresh_from_db()
    assert (draft.registration_scheme, draft.registration_number) == (scheme, good.upper().replace(" ", ""))
    client.post(url("tax", draft), tax | {"registration_number": ""})
    draft.refresh_from_db()
    assert (draft.registration_scheme, draft.registration_number) == ("", "")


@pytest.mark.parametrize("country", ["US", "JP", "CN"])
def test_a_country_without_a_registration_asks_for_none(client: Client, seller: User, country: str) -> None:
    client.force_login(seller)
    client.post(reverse("declarations:new"), {"jurisdiction": country, "lrn": "REG"})
    draft = Declaration.objects.get(lrn="REG")
    assert "registration_number" not in client.get(url("tax", draft)).context["form"].fields


def test_machines_are_told_which_schemes_there_are(seller: User) -> None:
    body = whole("GB", currency="GBP", goods=SHIRT, registration_scheme="moss")
    assert paths_of(Caller(seller).post("declarations", body)) == {
        "tax.registration_scheme": "invalid_choice"
    }
