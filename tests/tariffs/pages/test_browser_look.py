"""The tariff browser in Chromium: accessible in light and dark, narrow, by keyboard, and without scripts."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import portal
from tests.browser.visitor import Visitor
from tests.servers import ROOT

pytestmark = [pytest.mark.usefixtures("own_database"), pytest.mark.timeout(300)]
PAGES = {
    "tariff": "/tariff/?section=XI",
    "tariff-search": "/tariff/?q=nike+air+women+running+shoe+mesh&country=US",
    "tariff-vague": "/tariff/?q=gift",
    "tariff-wrong": "/tariff/?q=7799",
    "tariff-chapter": "/tariff/61/",
    "tariff-countries": "/tariff/610910/?on=2026-07-01",
    "tariff-heading": "/tariff/0402/?country=US&on=2026-07-01",
    "tariff-commodity": "/tariff/610910/?country=CN&on=2026-07-01",
}


@pytest.fixture
def pictures() -> Path:
    """Where pictures of the pages are kept."""
    folder = ROOT / "var" / "test" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_every_page_is_accessible_and_fits_a_telephone(browser: Browser, pictures: Path) -> None:
    with portal() as address:
        visitor = Visitor(browser, address=address, pictures=pictures)
        for name, path in PAGES.items():
            visitor.go(path)
            visitor.look(name)
        visitor.close()
    assert visitor.complaints == []


def test_suggestions_are_reached_and_closed_by_keyboard(browser: Browser, pictures: Path) -> None:
    """Arrow down enters the list, Escape closes it and gives the field back, Enter opens a code."""
    with portal() as address:
        visitor = Visitor(browser, address=address, pictures=pictures)
        page = visitor.page
        visitor.go("/tariff/")
        field = page.locator("[name=q]")
        field.press_sequentially("wireless charger", delay=20)
        page.wait_for_selector("#suggestions li")
        visitor.look("tariff-typing")
        field.focus()
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.closest('#suggestions li') !== null")
        page.keyboard.press("Escape")
        assert page.locator("#suggestions li").count() == 0
        assert page.evaluate("document.activeElement.name") == "q"
        field.press_sequentially("s")
        page.wait_for_selector("#suggestions li")
        page.keyboard.press("ArrowDown")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.startswith(f"{address}/tariff/")
        assert page.url.rstrip("/").rpartition("/")[2].isdigit()
        visitor.close()
    assert visitor.complaints == []


def test_without_scripts_goods_are_found_and_their_rates_read(browser: Browser, pictures: Path) -> None:
    with portal() as address:
        visitor = Visitor(browser, address=address, pictures=pictures, has_scripts=False)
        visitor.go("/tariff/")
        visitor.fill({"q": "cotton t-shirt", "country": "US"})
        visitor.press("Search")
        visitor.follow("6109 10")
        visitor.fill({"origin": "CN", "on": "2026-07-01"})
        visitor.press("Show")
        assert "Section 301 duty" in visitor.text()
        visitor.look("tariff-commodity")
        visitor.close()
    assert visitor.complaints == []
