"""What people do in the journeys, step by step, looking at each page on the way."""

import re
import time
from datetime import UTC, datetime, timedelta

from stdnum.sg.uen import calc_local_company_check_digit

from declarations.demo.orders import COMMITTED_PAPERS
from tests.browser.visitor import Visitor

PASSWORD = "lantern-harbour-93-kite"
TODAY = datetime.now(UTC).date()
_WAYBILL, _MISTYPED = "074-11203345", "074-11203346"


def sign_up(seller: Visitor) -> str:
    """Make an account from the start page; return its e-mail address."""
    seller.go("/")
    seller.look("01-start")
    seller.look_in_chinese("01-start")
    seller.go("/accounts/signup/")
    seller.look("02-sign-up")
    address = f"noor-{time.time_ns()}@kite.example"
    seller.fill({"email": address, "password1": PASSWORD, "password2": PASSWORD})
    seller.page.check("#id_agrees_to_notice")
    seller.press("Create account")
    seller.go("/overview/")
    seller.look("03-first-steps")
    return address


def state_company(seller: Visitor, *, name: str, number: str) -> None:
    """Say who the company is, with licence and identity document."""
    seller.go("/organisation/")
    seller.fill({"kind": "seller", "name": name})
    seller.press("Send for verification")
    seller.look("04-company-with-problems")
    assert seller.value("name") == name
    seller.fill(
        {
            "country": "SG",
            "registration_number": number,
            "address": "12 Keppel Road, Singapore 089065",
            "contact_name": "Noor Rahman",
            "contact_phone": "+65 6555 0142",
            "licence": str(COMMITTED_PAPERS / "company-extract.pdf"),
            "identity_document": str(COMMITTED_PAPERS / "company-extract.pdf"),
        }
    )
    seller.press("Send for verification")


def open_case(officer: Visitor, *, company: str) -> None:
    """Find the company's case among those that wait."""
    officer.go("/verifications/")
    officer.look("06-verifications")
    officer.follow(company)


def verify(officer: Visitor) -> None:
    """Verify the company of the open case until the usual day."""
    officer.follow("Verify")
    officer.press("Verify")
    officer.confirm()


def registration_number() -> str:
    """Return a number as a company in Singapore has it, a new one each time."""
    digits = f"2019{time.time_ns() // 1000 % 100_000:05d}"
    return digits + calc_local_company_check_digit(digits)


def add_product(seller: Visitor) -> None:
    """Add infant milk powder to the catalogue."""
    seller.go("/products/new/")
    seller.fill(
        {
            "sku": f"IMP-{time.time_ns()}",
            "description": "Infant milk powder from birth, cow's milk, in a tin of 900 g",
            "commodity_code": "1901.10",
            "origin": "AU",
            "net_mass_kg": "0.900",
            "unit_price": "268.00",
            "currency": "CNY",
            "net_content_value": "900",
            "net_content_unit": "g",
            "file": str(COMMITTED_PAPERS / "ningbo-label.png"),
        }
    )
    seller.look("08-product")
    seller.press("Save the product")
    assert "Infant milk powder" in seller.text()
    seller.look("09-products")


def begin(seller: Visitor, *, lrn: str) -> str:
    """Begin a declaration to China; return its reference."""
    seller.go("/declarations/new/")
    seller.fill({"jurisdiction": "CN", "lrn": lrn})
    seller.press("Begin")
    found = re.search(r"SW-\d\d-\w+", seller.page.url)
    assert found, seller.page.url
    seller.look("10-new-draft")
    return found[0]


def fill_in(seller: Visitor) -> None:
    """Fill in every section in its order, with one mistake in the air waybill number."""
    seller.follow("Parties and order")
    seller.fill(PARTIES)
    seller.look("11-parties")
    seller.press("Save and continue")
    fill_transport(seller)
    add_goods(seller)
    add_papers(seller)
    seller.follow("Continue")
    seller.look("16-inspection")
    seller.go(seller.page.url.replace("/inspection/", "/tax/"))
    seller.fill({"payment_method": "card", "buyer_annual_used": "3180.00"})
    seller.look("17-tax")
    seller.press("Save and continue")


PARTIES = {
    "consignee_type": "private",
    "consignee_name": "Chen Lihua 陈丽华",
    "consignee_address": "99 Zhongshan East Road, Haishu, Ningbo",
    # Of nobody: born in 1901.
    "consignee_id": "330203190102030005",
    "order_number": "KH-88213047",
    "ordered_on": f"{TODAY - timedelta(days=9)}",
    "currency": "CNY",
    "freight_amount": "60.00",
    "insurance_amount": "12.00",
}
TRANSPORT = {
    "transport_mode": "air",
    "means_of_transport": "XQ 204",
    "ship_from": "AU",
    "place_of_arrival": "Ningbo",
    "arrival_on": f"{TODAY}",
    "package_count": "1",
    "gross_mass_kg": "2.200",
}


def fill_transport(seller: Visitor) -> None:
    """Mistype the air waybill: the problem stands beside the field, and nothing typed is lost."""
    seller.fill({**TRANSPORT, "document_number": _MISTYPED})
    seller.press("Save and continue")
    field = seller.page.locator("[name=document_number]")
    described = field.get_attribute("aria-describedby") or ""
    notes = " ".join(seller.page.locator(f"#{name}").inner_text() for name in described.split())
    assert field.get_attribute("aria-invalid") == "true"
    assert "check digit" in notes
    assert "LG-01" in notes
    assert seller.value("means_of_transport") == "XQ 204"
    assert seller.value("gross_mass_kg") == "2.200"
    seller.look("12-transport-mistyped")
    seller.look_in_chinese("12-transport-mistyped")
    seller.fill({"document_number": _WAYBILL})
    seller.press("Save and continue")


def add_goods(seller: Visitor) -> None:
    """Copy two tins from the catalogue and add the gross mass."""
    option = seller.page.locator("select[name=product] option").nth(1).get_attribute("value") or ""
    seller.fill({"product": option, "quantity": "2"})
    seller.press("Copy into a new line")
    assert seller.value("commodity_code") == "190110"
    seller.fill({"gross_mass_kg": "2.200"})
    seller.look("13-line")
    seller.press("Save the line")
    seller.look("14-goods")
    seller.follow("Continue")


def add_papers(seller: Visitor) -> None:
    """Attach invoice, health certificate and label; the packing list states another mass."""
    attach(seller, "invoice", "ningbo-invoice.pdf", number="INV-1", stated_amount="536.00")
    attach(seller, "packing_list", "ningbo-packing-list.pdf", number="PL-1", stated_gross_mass_kg="2.500")
    attach(
        seller,
        "health_certificate",
        "ningbo-health-certificate.pdf",
        line="1",
        number="AU-DAFF-2026-117",
        issuer="Department of Agriculture, Australia",
        issued_on=f"{TODAY - timedelta(days=20)}",
    )
    attach(seller, "label", "ningbo-label.png", line="1", number="LBL-1")
    seller.look("15-documents")


def attach(seller: Visitor, kind: str, file: str, **figures: str) -> None:
    """Attach one paper."""
    seller.fill({"kind": kind, **figures, "file": str(COMMITTED_PAPERS / file)})
    seller.press("Add the document")
    assert f"{file} is added" in seller.text()


def submit(seller: Visitor) -> None:
    """See the tax, check the answers, confirm, and submit."""
    page = seller.page
    assert "Check your answers" in page.title() or "Check your answers" in seller.text()
    # Goods 536, freight 60, insurance 12; VAT of 13 % at 70 %.
    assert "55.33" in page.locator("aside.sw-side").inner_text()
    seller.look("18-check")
    seller.look_in_chinese("18-check")
    seller.press("Submit the declaration")
    assert "Confirm that what you state is true" in seller.text()
    seller.fill({"is_true": "on"})
    seller.press("Submit the declaration")
    assert "accepted" in seller.text()
    seller.look("19-accepted")


def wait_for_text(visitor: Visitor, path: str, words: str, *, seconds: float = 30) -> None:
    """Open a page again and again until it shows the words."""
    until = time.monotonic() + seconds
    visitor.go(path)
    while words not in visitor.page.content():
        assert time.monotonic() < until, f"{path} never showed “{words}”"
        time.sleep(0.3)
        visitor.go(path)
