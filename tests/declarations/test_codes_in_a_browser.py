"""Suggested codes in Chromium: while one types, by keyboard alone, accessible, narrow as a telephone."""

from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from declarations.models import Declaration, GoodsItem
from tests import builders
from tests.browser.chromium import portal, session_of
from tests.browser.visitor import Visitor
from tests.servers import ROOT

pytestmark = [pytest.mark.usefixtures("own_database"), pytest.mark.timeout(300)]
PICTURES = ROOT / "var" / "test" / "pictures"


@pytest.fixture
def pictures() -> Path:
    """Where pictures are kept for whoever looks."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES


def signed_in(browser: Browser, *, address: str, pictures: Path, session: str) -> Visitor:
    """Open a browser in which the seller is signed in."""
    seller = Visitor(browser, address=address, pictures=pictures)
    seller.page.context.add_cookies([{"name": "session", "value": session, "url": address}])
    return seller


def a_draft() -> Declaration:
    """Make a draft to the Netherlands with a line that could pay less."""
    builders.reference_data()
    shirts = builders.goods_item(1, code="6109100010", price="1500.00", origin="GB", abv_percent=Decimal(12))
    return builders.draft(
        builders.seller(),
        goods=[shirts],
        currency="EUR",
        registration_scheme="",
        registration_number="",
    )


def test_a_code_is_found_by_words_and_chosen_by_the_keyboard(browser: Browser, pictures: Path) -> None:
    """Words bring the list, its radio buttons fill the field, Enter saves the line with the code."""
    draft = a_draft()
    session = session_of(draft.created_by)
    line = f"/declarations/{draft.reference}/goods/1/"
    with portal() as address:
        seller = signed_in(browser, address=address, pictures=pictures, session=session)
        page = seller.page
        seller.go(f"/declarations/{draft.reference}/tax/")
        seller.look("tax-that-could-be-less")
        seller.look_in_chinese("tax-that-could-be-less")
        seller.go(line)
        field = page.locator("#id_commodity_code")
        field.fill("")
        field.press_sequentially("plush toy bear", delay=20)
        expect(page.locator("#codes input[type=radio]").first).to_be_visible(timeout=20_000)
        expect(page.locator("#codes-said")).to_contain_text("suggestions")
        seller.look("line-with-codes")
        expect(page.locator("[data-autosave-text]")).to_contain_text("Saved", timeout=20_000)
        seller.look_in_chinese("line-with-codes")
        page.locator("#codes input[value='950300']").focus()
        page.keyboard.press("Space")
        expect(field).to_have_value("950300")
        with page.expect_navigation():
            field.press("Enter")
        seller.go("/products/new/")
        page.locator("#id_description").fill("gift")
        page.get_by_role("button", name="Suggest codes").click()
        expect(page.locator("#codes .is-warn")).to_be_visible(timeout=20_000)
        page.locator("#more > summary").click()
        seller.look("product-with-codes")
        complaints = seller.complaints
        seller.close()
    assert not complaints, "\n".join(complaints)
    assert GoodsItem.objects.get(declaration=draft).commodity_code == "950300"
