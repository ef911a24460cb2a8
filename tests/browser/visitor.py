"""A person at a browser: goes, types, presses, looks; and notes whatever a page does wrong."""

import re
from collections.abc import Mapping
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from tests import authenticator

WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
LAUNCH = {
    "executable_path": "/usr/bin/chromium",
    "args": [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--no-proxy-server",
    ],
}
# A refusal of a form is said by the console too; it is what the page is for.
_EXPECTED = re.compile(r"Failed to load resource: .* status of (409|422)")

# The stations of this run: where they are pictured, their names, and whether with scripts.
_LOOKED_AT: set[tuple[Path, str, bool]] = set()


class Visitor:
    """One person in a browser context of their own."""

    def __init__(
        self,
        browser: Browser,
        *,
        address: str,
        pictures: Path,
        has_scripts: bool = True,
        language: str = "en-GB",
    ) -> None:
        self.address = address
        self.pictures = pictures
        self.complaints: list[str] = []
        self._axe = Axe()
        self._browser = browser
        self._context = browser.new_context(
            viewport=WIDE, java_script_enabled=has_scripts, locale=language, accept_downloads=True
        )
        self.page = self._context.new_page()
        self._in_chinese: Page | None = None
        self._has_scripts = has_scripts
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._response)

    def close(self) -> None:
        """Close the browser contexts."""
        self._context.close()
        if self._in_chinese is not None:
            self._in_chinese.context.close()

    def go(self, path: str) -> None:
        """Open a page of the portal, or an address."""
        self.page.goto(path if path.startswith("http") else f"{self.address}{path}")

    def sign_in(self, email: str, password: str) -> None:
        """Sign in with the form, and with the code of the second step where one is asked for."""
        self.go("/accounts/login/")
        self.fill({"login": email, "password": password})
        self.press("Sign in")
        if self.page.url.endswith("/accounts/2fa/authenticate/"):
            self.fill({"code": self._code()})
            self.press("Sign in")

    def confirm(self) -> None:
        """Give the code once more when an act asked for it."""
        if "/reauthenticate/" in self.page.url:
            self.fill({"code": self._code()})
            self.press("Confirm")

    def set_up_app(self) -> str:
        """Set up an authenticator app as the page says; return its secret."""
        self.go("/accounts/2fa/totp/activate/")
        secret = self.page.locator(".sw-qr code").inner_text()
        self.fill({"code": authenticator.code(secret=secret)})
        self.press("Turn it on")
        return secret

    def fill(self, answers: Mapping[str, str]) -> None:
        """Type, choose or attach, each by the field's name; radio buttons and selects by their value."""
        for name, answer in answers.items():
            self._answer(name, answer)

    def press(self, name: str) -> None:
        """Press a button by its words and wait for the next page."""
        # A form may first wait for an autosave on its way, so the old page is still loaded after the click.
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).last.click()

    def follow(self, name: str) -> None:
        """Follow a link by its words."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()

    def text(self) -> str:
        """Return all words on the page."""
        return self.page.locator("body").inner_text()

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        return self.page.locator(f"[name={name}]:not([type=hidden])").first.input_value()

    def look(self, name: str) -> None:
        """Picture the page and check it: accessible in light and dark, and narrow as a telephone.

        A station at which another journey of this run looked already is passed.
        """
        page = self.page
        if self._has_looked_at(name):
            return
        if not self._has_scripts:
            page.screenshot(path=self.pictures / f"{name}-no-script.png", full_page=True)
            return
        self._check_access(name, "light")
        page.screenshot(path=self.pictures / f"{name}-light.png", full_page=True)
        page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
        self._check_access(name, "dark")
        page.screenshot(path=self.pictures / f"{name}-dark.png", full_page=True)
        page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'light')")
        page.set_viewport_size(NARROW)
        self._check_width(name)
        page.screenshot(path=self.pictures / f"{name}-390.png", full_page=True)
        page.set_viewport_size(WIDE)

    def look_in_chinese(self, name: str) -> None:
        """Take a picture of the page as it is read in Chinese."""
        if self._has_looked_at(f"{name}-zh"):
            return
        if self._in_chinese is None:
            self._in_chinese = self._browser.new_context(viewport=WIDE, locale="zh-CN").new_page()
        page = self._in_chinese
        page.context.clear_cookies()
        page.context.add_cookies(self._context.cookies())
        page.goto(self.page.url)
        if page.locator("iframe").count():
            # The browser's own viewer of a paper draws after the page has loaded.
            page.wait_for_timeout(1_000)
        page.screenshot(path=self.pictures / f"{name}-zh.png", full_page=True)
        if page.locator("html").get_attribute("lang") != "zh-hans":
            self.complaints.append(f"{name}: not in Chinese")

    def _has_looked_at(self, name: str) -> bool:
        station = (self.pictures, name, self._has_scripts)
        is_known = station in _LOOKED_AT
        _LOOKED_AT.add(station)
        return is_known

    def _code(self) -> str:
        """Return the code that a demonstration shows, else that of the app of all tests."""
        shown = self.page.locator("[data-demonstration-code]")
        if shown.count():
            return shown.inner_text().strip()
        return authenticator.code()

    def _answer(self, name: str, answer: str) -> None:
        field = self.page.locator(f"[name='{name}']:not([type=hidden])").first
        kind = field.evaluate("field => field.type")
        if kind == "radio":
            self.page.locator(f"[name='{name}'][value='{answer}']").check(force=True)
            # The fields that follow from the choice come from the server.
            self.page.wait_for_load_state("networkidle")
        elif kind == "checkbox":
            field.check()
        elif kind == "select-one":
            field.select_option(answer)
        elif kind == "file":
            field.set_input_files(answer)
        else:
            field.fill(answer)

    def _check_access(self, name: str, theme: str) -> None:
        found = self._axe.run(self.page).response["violations"]
        for one in found:
            where = "; ".join(str(node["html"])[:140] for node in one["nodes"][:3])
            self.complaints.append(f"{name} ({theme}): axe {one['id']}: {where}")

    def _check_width(self, name: str) -> None:
        width = self.page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW["width"]:
            self.complaints.append(f"{name}: {width} px wide on a telephone of {NARROW['width']}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _EXPECTED.match(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")
