"""The whole journey in a real browser: from signing up to a paper that a stranger can check."""

import subprocess
import time
from pathlib import Path

import pikepdf
import pytest
import segno
from playwright.sync_api import Browser

from tests.browser.portal import Portal
from tests.browser.steps import (
    add_product,
    begin,
    fill_in,
    open_case,
    registration_number,
    sign_up,
    state_company,
    submit,
    verify,
    wait_for_text,
)
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(300)]
# How the square is drawn: a quiet edge of two fields, four pixels a field.
_EDGE, _SCALE = 2, 4


def test_a_seller_signs_up_and_gets_a_paper_that_anybody_can_check(
    portal: Portal, browser: Browser, pictures: Path, tmp_path: Path
) -> None:
    seller = Visitor(browser, address=portal.address, pictures=pictures)
    officer = Visitor(browser, address=portal.address, pictures=pictures)
    number = registration_number()
    company = f"Kite Harbour {number[4:9]} Pte Ltd"
    sign_up(seller)
    state_company(seller, name=company, number=number)
    wait_for_text(seller, "/organisation/", "With an officer")
    seller.look("05-company")
    seller.look_in_chinese("05-company")
    # The first declaration needs it.
    seller.set_up_app()
    officer.sign_in(*portal.login_of("customs officer"))
    open_case(officer, company=company)
    officer.look("07-verification")
    officer.look_in_chinese("07-verification")
    verify(officer)
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
