"""Two officers make law in a real browser; every page is accessible in light, dark and on a telephone."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from declarations import lifecycle as declarations
from swindow.accounts.models import User
from tariffs.lifecycle import load_packs
from tariffs.models import PackDraft
from tariffs.pack_parsing import REGULATIONS
from tests import builders
from tests.browser.chromium import portal
from tests.browser.visitor import Visitor
from tests.servers import ROOT
from tests.tariffs.drafts.rows import VERSION, line_of

pytestmark = [pytest.mark.usefixtures("own_database"), pytest.mark.timeout(300)]
PICTURES = ROOT / "var" / "test" / "pictures"


@pytest.fixture
def address(tmp_path: Path, own_database: str) -> Iterator[str]:
    """A portal with the law of two countries."""
    for name in ("sg", "au"):
        shutil.copytree(REGULATIONS / name, tmp_path / name)
    load_packs(tmp_path)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with portal() as address:
        yield address


def visitor(browser: Browser, person: User, *, address: str) -> Visitor:
    """Open a browser in which the person is signed in."""
    found = Visitor(browser, address=address, pictures=PICTURES)
    found.sign_in(person.email, builders.PASSWORD)
    return found


def test_two_officers_make_law_in_a_browser(browser: Browser, address: str) -> None:
    customs, tax = builders.officer("customs"), builders.officer("tax")
    lodge_something()
    author = visitor(browser, customs, address=address)
    author.go("/officer/packs/")
    author.look("law-list")
    author.fill({"jurisdiction": "SG", "note": "GST rises to 10 % on 1 January 2027 (Budget 2026)."})
    author.press("Begin")
    author.look("law-empty")
    raise_gst(author)
    author.look("law-changes")
    author.look_in_chinese("law-changes")
    break_and_mend(author)
    for tab in ("preview", "touched", "history"):
        author.go(f"{draft_path()}?tab={tab}")
        author.look(f"law-{tab}")
    author.look_in_chinese("law-history")
    author.go(draft_path())
    author.press("Propose for publication")
    second = visitor(browser, tax, address=address)
    second.go(draft_path())
    second.look("law-publish")
    second.page.on("dialog", lambda dialog: dialog.accept())
    second.press("Publish as law")
    assert f"is law: version {VERSION}-1" in second.text()
    second.look("law-published")
    second.go("/officer/packs/")
    second.look("law-list-after")
    complaints = author.complaints + second.complaints
    assert not complaints, "\n".join(complaints)


def lodge_something() -> None:
    """Lodge two declarations to Singapore and leave a draft."""
    builders.reference_data()
    seller = builders.seller()
    for price in ("500.00", "1250.00"):
        goods = [builders.goods_item(1, code="640411", price=price)]
        stored = builders.draft(
            seller,
            jurisdiction="SG",
            currency="SGD",
            goods=goods,
            registration_scheme="",
            registration_number="",
        )
        assert declarations.lodge([stored.pk], by=seller, at=builders.NOW) == {}
    builders.draft(seller, jurisdiction="SG")


def draft_path() -> str:
    """Return the path of the only draft."""
    return f"/officer/packs/{PackDraft.objects.get().reference}/"


def raise_gst(author: Visitor) -> None:
    """Change the rate of GST, with a slip first."""
    line = line_of(PackDraft.objects.get().files, type="gst", expression="9%")
    author.go(f"{draft_path()}rates/?q=gst")
    author.look("law-rates")
    author.go(f"{draft_path()}rates/{line}/")
    author.fill({"on": "2027-01-01", "expression": "10 ABC / kg"})
    author.press("Save in the draft")
    assert author.value("expression") == "10 ABC / kg"
    author.look("law-rate-with-problems")
    author.look_in_chinese("law-rate-with-problems")
    author.fill({"expression": "10%", "source": "https://www.iras.gov.sg/budget-2026"})
    author.press("Save in the draft")
    assert "All golden cases still hold." in author.text()


def break_and_mend(author: Visitor) -> None:
    """Write nonsense into pack.toml, read what is wrong, and put it back; look at the other forms."""
    author.go(f"{draft_path()}parameters/")
    author.look("law-parameters")
    author.go(f"{draft_path()}rates/add/")
    author.look("law-rate-add")
    author.go(f"{draft_path()}files/pack.toml/")
    old, new = (f'low_value_limit"\nvalue = "{value}"' for value in (400, 4))
    text = author.value("text").replace(old, new)
    author.fill({"text": text})
    author.press("Save in the draft")
    author.look("law-check-cases")
    author.go(f"{draft_path()}files/pack.toml/")
    author.fill({"text": text.replace("value <= low_value_limit", "value <= low_limit")})
    author.press("Save in the draft")
    author.look("law-check-problems")
    author.look_in_chinese("law-check-problems")
    author.go(f"{draft_path()}files/pack.toml/")
    author.look("law-file")
    author.page.on("dialog", lambda dialog: dialog.accept())
    author.press("Put back as published")
    assert "All golden cases still hold." in author.text()
