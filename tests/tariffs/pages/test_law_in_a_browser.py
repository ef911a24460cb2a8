"""The pages of the law in Chromium: accessible in light and dark, narrow as a telephone, without scripts."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import portal
from tests.browser.visitor import Visitor
from tests.servers import ROOT

pytestmark = [pytest.mark.usefixtures("own_database"), pytest.mark.timeout(300)]
PICTURES = ROOT / "var" / "test" / "pictures"
PAGES = {
    "rules-not-found": "/rules/?number=CN-99",
    "rules-of-china": "/rules/CN/",
    "rule-with-formulas": "/rules/CN/CN-03/",
    "rates-of-china": "/exchange-rates/?jurisdiction=CN&on=2026-10-15&amount=1234.50&currency=USD",
    "rates-with-problems": "/exchange-rates/?jurisdiction=CN&on=never&amount=much",
}


@pytest.fixture
def pictures() -> Path:
    """Where pictures are kept for whoever looks."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES


def test_every_page_of_the_law_is_for_everybody(browser: Browser, pictures: Path) -> None:
    """axe finds nothing in light or dark, and 390 px are wide enough."""
    with portal() as address:
        reader = Visitor(browser, address=address, pictures=pictures)
        for name, path in PAGES.items():
            reader.go(path)
            reader.look(f"law-{name}")
            reader.look_in_chinese(f"law-{name}")
        complaints = reader.complaints
        reader.close()
    assert not complaints, "\n".join(complaints)


def test_rates_are_asked_for_without_a_script(browser: Browser, pictures: Path) -> None:
    with portal() as address:
        reader = Visitor(browser, address=address, pictures=pictures, has_scripts=False)
        reader.go("/exchange-rates/")
        reader.fill({"jurisdiction": "CN", "on": "2026-10-15", "amount": "100", "currency": "USD"})
        reader.press("Show the rates")
        assert "16 September 2026" in reader.text()
        assert "Converted" in reader.text()
        reader.close()
