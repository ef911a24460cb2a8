"""The buyer's pages in Chromium: accessible, narrow as a telephone, and forgetful of identity numbers."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from declarations import lifecycle
from declarations.lifecycle import buyers
from declarations.models import BuyerNotice, Declaration, Hold
from inspection.lifecycle import open_reviews
from swindow.events.worker import drain_queue
from tests import builders
from tests.browser.chromium import portal, session_of
from tests.browser.visitor import Visitor
from tests.declarations.test_buyer_numbers import WRONG
from tests.declarations.test_codes_in_a_browser import pictures, signed_in

__all__ = ["pictures"]
pytestmark = [pytest.mark.usefixtures("own_database"), pytest.mark.timeout(300)]


def lodged() -> Declaration:
    builders.reference_data()
    seller = builders.seller()
    draft = builders.draft(seller, consignee_email="jan@example.com")
    declaration = lifecycle.lodge_one(draft, by=seller, at=timezone.now())
    open_reviews([declaration.pk], at=timezone.now())
    return declaration


def test_the_buyer_objects_without_a_script_and_all_three_sides_see_it(
    browser: Browser, pictures: Path
) -> None:
    declaration = lodged()
    [notice] = buyers.make_notices([declaration.pk], at=timezone.now())
    buyers.mark_told([declaration.pk], at=timezone.now())
    seller_session = session_of(declaration.created_by)
    officer_session = session_of(builders.officer("customs"))
    with portal() as address:
        buyer = Visitor(browser, address=address, pictures=pictures)
        buyer.go(f"/buyer/{notice.code}/")
        buyer.look("buyer-asked")
        buyer.look_in_chinese("buyer-asked")
        plain = Visitor(browser, address=address, pictures=pictures, has_scripts=False)
        plain.go(f"/buyer/{notice.code}/")
        plain.fill({"note": "I never bought anything there, and nobody in my house did."})
        plain.press("I did not order this")
        assert "Customs looks into it" in plain.text()
        assert Hold.objects.filter(declaration=declaration, kind="identity", lifted_at=None).exists()
        drain_queue("notify")
        buyer.go(f"/buyer/{notice.code}/")
        buyer.look("buyer-objected")
        seller = signed_in(browser, address=address, pictures=pictures, session=seller_session)
        seller.go(f"/declarations/{declaration.reference}/")
        seller.look("case-objected")
        seller.look_in_chinese("case-objected")
        officer = signed_in(browser, address=address, pictures=pictures, session=officer_session)
        officer.go(f"/officer/customs/{declaration.reference}/?tab=parties")
        officer.look("review-objected")
        officer.look_in_chinese("review-objected")
        for person in (buyer, plain, seller, officer):
            assert person.complaints == []
            person.close()
    assert BuyerNotice.objects.get().answer == "disputed"


def test_a_browser_keeps_no_identity_number(browser: Browser, pictures: Path) -> None:
    """What could not be sent waits in the browser, but never the number."""
    draft = builders.draft(builders.seller(), jurisdiction="CN", currency="CNY")
    session = session_of(draft.created_by)
    with portal() as address:
        seller = signed_in(browser, address=address, pictures=pictures, session=session)
        page = seller.page
        seller.go(f"/declarations/{draft.reference}/parties/")
        seller.look("parties-china")
        seller.look_in_chinese("parties-china")
        page.route("**/parties/?autosave=1", lambda route: route.abort())
        page.locator("[name=consignee_id]").fill(WRONG)
        page.locator("[name=order_number]").fill("BW-KEPT")
        page.wait_for_function("Object.values({...localStorage}).join().includes('BW-KEPT')")
        kept = page.evaluate("JSON.stringify({...localStorage})")
        assert "consignee_id" not in kept
        assert WRONG not in kept
        page.reload()
        assert seller.value("order_number") == "BW-KEPT"
        assert seller.value("consignee_id") == ""
        seller.close()
