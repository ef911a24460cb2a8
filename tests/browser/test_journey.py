"""The whole journey in a real browser: from signing up to a paper that a stranger can check."""

import re
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
import segno
from playwright.sync_api import Browser
from stdnum.sg.uen import calc_local_company_check_digit

from declarations.demo.orders import COMMITTED_PAPERS
from tests.browser.portal import Portal
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(300)]
PASSWORD = "lantern-harbour-93-kite"
TODAY = datetime.now(UTC).date()
# How the square is drawn: a quiet edge of two fields, four pixels a field.
_EDGE, _SCALE = 2, 4
_WAYBILL, _MISTYPED = "074-11203345", "074-11203346"


def test_a_seller_signs_up_and_gets_a_paper_that_anybody_can_check(
    portal: Portal, browser: Browser, pictures: Path, tmp_path: Path
) -> None:
    seller = Visitor(browser, address=portal.address, pictures=pictures)
    officer = Visitor(browser, address=portal.address, pictures=pictures)
    number = registration_number()
    company = f"Kite Harbour {number[4:9]} Pte Ltd"
    sign_up(seller, company=company, number=number)
    # The first declaration needs it.
    seller.set_up_app()
    verify(officer, portal, company=company)
    add_product(seller)
    reference = begin(seller, lrn="KITE-0001")
    fill_in(seller)
    submit(seller)
    ask(officer, reference)
    answer(seller, reference)
    pay(seller, portal, reference)
    approve(officer, reference)
    paper = collect(seller, portal, reference, folder=tmp_path)
    stranger = Visitor(browser, address=portal.address, pictures=pictures)
    check_as_stranger(stranger, paper)
    complaints = seller.complaints + officer.complaints + stranger.complaints
    assert not complaints, "\n".join(complaints)


def test_without_scripts_a_draft_is_filled_in_and_submitted(
    portal: Portal, browser: Browser, pictures: Path
) -> None:
    """Every page works without JavaScript: nothing but links and forms."""
    seller = Visitor(browser, address=portal.address, pictures=pictures, has_scripts=False)
    seller.sign_in(*portal.login_of("seller"))
    add_product(seller)
    reference = begin(seller, lrn=f"PLAIN-{time.time_ns()}")
    fill_in(seller)
    submit(seller)
    assert portal.status_of(reference) == "accepted"
    assert not seller.complaints, "\n".join(seller.complaints)


def sign_up(seller: Visitor, *, company: str, number: str) -> None:
    """Make an account, then say who the company is, with one identity document."""
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
    seller.go("/organisation/")
    seller.fill({"kind": "seller", "name": company})
    seller.press("Send for verification")
    seller.look("04-company-with-problems")
    assert seller.value("name") == company
    seller.fill(
        {
            "kind": "seller",
            "country": "SG",
            "registration_number": number,
            "address": "12 Keppel Road, Singapore 089065",
            "contact_name": "Noor Rahman",
            "contact_phone": "+65 6555 0142",
            "identity_document": str(COMMITTED_PAPERS / "company-extract.pdf"),
        }
    )
    seller.press("Send for verification")
    assert "With an officer" in seller.text()
    seller.look("05-company")
    seller.look_in_chinese("05-company")


def registration_number() -> str:
    """Return a number as a company in Singapore has it, a new one each time."""
    digits = f"2019{time.time_ns() // 1000 % 100_000:05d}"
    return digits + calc_local_company_check_digit(digits)


def verify(officer: Visitor, portal: Portal, *, company: str) -> None:
    """An officer of customs compares company and document, and verifies."""
    officer.sign_in(*portal.login_of("customs officer"))
    officer.go("/verifications/")
    officer.look("06-verifications")
    officer.follow(company)
    officer.look("07-verification")
    officer.look_in_chinese("07-verification")
    officer.fill({"verdict": "verify"})
    officer.press("Decide")


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


def ask(officer: Visitor, reference: str) -> None:
    """An officer finds the declaration in the queue and asks about the difference."""
    wait_for_text(officer, "/officer/", reference)
    officer.look("20-queue")
    officer.look_in_chinese("20-queue")
    officer.page.locator(f"a[href*='{reference}']").first.click()
    officer.page.wait_for_load_state("load")
    assert "2.5" in officer.text()
    officer.look("21-review")
    officer.look_in_chinese("21-review")
    officer.fill({"decision": "ask"})
    officer.fill({"reason_code": "Q12", "message": "The packing list states 2.500 kg. Which mass is right?"})
    officer.press("Send question")
    officer.look("22-asked")


def answer(seller: Visitor, reference: str) -> None:
    """The seller reads the question and answers it."""
    wait_for_text(seller, f"/declarations/{reference}/", "Which mass is right?")
    seller.look("23-question")
    seller.look_in_chinese("23-question")
    seller.fill({"customs-answer": "The list includes the outer carton of 0.30 kg. The goods weigh 2.20 kg."})
    seller.press("Send the answer")
    assert "Your answer is sent" in seller.text()


def pay(seller: Visitor, portal: Portal, reference: str) -> None:
    """Pay by card; the payment service confirms it by its signed notice."""
    seller.fill({"method": "card"})
    seller.press("Pay now")
    settled = (
        "SELECT count(*) FROM declarations_payment JOIN declarations_declaration d ON d.id = declaration_id "
        "WHERE d.reference = %s AND declarations_payment.status = 'settled'"
    )
    portal.wait_until(lambda: portal.one(settled, reference) == 1, seconds=30)
    seller.go(f"/declarations/{reference}/")
    seller.look("24-paid")


def approve(officer: Visitor, reference: str) -> None:
    """The officer reads the answer and approves."""
    officer.go(f"/officer/customs/{reference}/?tab=messages")
    assert "outer carton" in officer.text()
    officer.look("25-answered")
    officer.fill({"decision": "approve"})
    officer.fill({"reason_code": "C02"})
    officer.press("Approve")
    assert f"{reference} is decided" in officer.text()


def collect(seller: Visitor, portal: Portal, reference: str, *, folder: Path) -> Path:
    """The other agencies decide by themselves; the signed permission is downloaded."""
    portal.wait_until(lambda: portal.status_of(reference) == "released", seconds=60)
    wait_for_text(seller, f"/declarations/{reference}/", f"/declarations/{reference}/papers/CP-", seconds=60)
    seller.look("26-released")
    seller.look_in_chinese("26-released")
    with seller.page.expect_download() as download:
        seller.page.locator("#papers a[href*='/papers/']").first.click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    seller.go("/declarations/")
    seller.look("27-list")
    seller.go("/overview/")
    seller.look("28-overview")
    return file


def check_as_stranger(stranger: Visitor, file: Path) -> None:
    """Whoever holds the paper follows its square and reads that it is valid, and nothing personal."""
    with pikepdf.open(file) as pdf:
        assert "/AcroForm" in pdf.Root
        assert pdf.Root.AcroForm.Fields[0].FT == "/Sig"
    command = ["pdftotext", "-layout", str(file), "-"]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "KITE-0001" in words
    address = next(word for word in words.split() if "/verify/" in word)
    assert square_of(file) == square_saying(address)
    stranger.go(address)
    assert "Valid" in stranger.text()
    assert "Chen" not in stranger.text()
    stranger.look("29-verified")
    stranger.look_in_chinese("29-verified")
    stranger.go("/verify/")
    stranger.look("30-verify")


def square_of(file: Path) -> list[list[int]]:
    """Return the dark and light fields of the square on a paper, as a scanner sees them."""
    with pikepdf.open(file) as pdf:
        image = next(iter(pdf.pages[0].get_images().values()))
        picture = pikepdf.PdfImage(image).as_pil_image().convert("L")
    fields = range(_EDGE * _SCALE + _SCALE // 2, picture.width - _EDGE * _SCALE, _SCALE)
    return [[int(picture.getpixel((x, y)) < 128) for x in fields] for y in fields]  # type: ignore[operator]


def square_saying(address: str) -> list[list[int]]:
    """Return the fields of a square that says an address."""
    return [list(row) for row in segno.make(address, error="m", micro=False).matrix]


def wait_for_text(visitor: Visitor, path: str, words: str, *, seconds: float = 30) -> None:
    """Open a page again and again until it shows the words."""
    until = time.monotonic() + seconds
    visitor.go(path)
    while words not in visitor.page.content():
        assert time.monotonic() < until, f"{path} never showed “{words}”"
        time.sleep(0.3)
        visitor.go(path)
