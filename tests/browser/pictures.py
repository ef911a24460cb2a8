"""Draw the pictures of README and guides: `python -m tests.browser.pictures` writes docs/img/*.png.

A portal of its own with the demo's people; the sample's first order is drafted and lodged over the API,
an officer decides, and each page is pictured as a person sees it then.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from declarations.demo import file_sample
from declarations.demo import portal as api
from declarations.demo.orders import COMMITTED_PAPERS, read_sample
from tests.browser.portal import Portal
from tests.browser.visitor import LAUNCH, Visitor
from tests.faults.laboratory import ROOT

_FOLDER = ROOT / "docs" / "img"
_MOST_BYTES = 300_000
_FRAME: ViewportSize = {"width": 1280, "height": 900}
_DESK: ViewportSize = {"width": 1600, "height": 960}


def main() -> None:
    """Make every picture."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with _portal() as portal, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        token = (portal.var / "demo" / "seller.token").read_text().strip()
        with api.Portal(portal.address, token=token) as machine:
            _draw(portal, browser, machine)
        browser.close()


def _draw(portal: Portal, browser: Browser, machine: api.Portal) -> None:
    seller, officer, stranger = (Visitor(browser, address=portal.address, pictures=_FOLDER) for _ in range(3))
    draft = machine.post(
        "declarations", _statement(machine, lrn="HM-88213047/1", without="health_certificate")
    )
    seller.sign_in(*portal.login_of("seller"))
    _picture(seller, f"/declarations/{draft['reference']}/", name="seller-draft")
    reference = _lodge(machine)
    officer.sign_in(*portal.login_of("customs officer"))
    review = f"/officer/customs/{reference}/"
    opened = "SELECT count(*) FROM inspection_review WHERE authority = 'customs'"
    portal.wait_until(lambda: portal.one(opened) == 1, seconds=60)
    _picture(officer, review, name="officer-review", frame=_DESK)
    officer.fill({"decision": "approve", "reason_code": "C01"})
    officer.press("Approve")
    portal.wait_until(lambda: _paper(machine, reference)["state"] == "live", seconds=120)
    _picture(stranger, _paper(machine, reference)["verification_url"], name="verify")


def _lodge(machine: api.Portal) -> str:
    declaration = machine.post("declarations", _statement(machine, lrn="HM-88213047/2"))
    reference = str(declaration["reference"])
    machine.act(f"declarations/{reference}/lodge")
    machine.act(f"declarations/{reference}/pay")
    return reference


def _statement(machine: api.Portal, *, lrn: str, without: str = "") -> dict[str, Any]:
    order = read_sample().orders[0]
    products = [file_sample._product(machine, goods, order=order) for goods in order.goods]
    files = [machine.upload(COMMITTED_PAPERS / paper.file) for paper in order.papers]
    day = datetime.now(UTC).date()
    stated = file_sample._statement(order, lrn=lrn, products=products, files=files, day=day)
    papers = [paper for paper in stated["documents"] if paper["kind"] != without]
    return {**stated, "documents": papers}


def _paper(machine: api.Portal, reference: str) -> Mapping[str, Any]:
    papers = machine.get(f"declarations/{reference}/papers")["results"]
    return next(iter(papers), {"state": "none"})


def _picture(visitor: Visitor, path: str, *, name: str, frame: ViewportSize = _FRAME) -> None:
    page, file = visitor.page, _FOLDER / f"{name}.png"
    page.set_viewport_size(frame)
    visitor.go(path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file)
    _compress(file)


def _compress(file: Path) -> None:
    picture = Image.open(file).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    picture.save(file, optimize=True)
    size = file.stat().st_size
    assert size < _MOST_BYTES, f"{file.name} has {size} bytes"
    print(f"{file.relative_to(ROOT)} {size // 1000} kB")


@contextmanager
def _portal() -> Iterator[Portal]:
    portal = Portal(ROOT / "var" / "test" / f"pictures-{os.getpid()}")
    try:
        portal.prepare()
        portal.leave_customs_to_officers()
        portal.open()
        yield portal
    finally:
        portal.close()


if __name__ == "__main__":
    main()
