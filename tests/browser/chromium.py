"""The portal on a real port and Chromium before it; what the browser refuses is written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from swindow.accounts.models import User


@dataclass
class Visits:
    """What a browser complained about, address by address."""

    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note refused content, script errors and missing files of a page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _response(self, response: Response) -> None:
        policy = response.headers.get("content-security-policy", "")
        if "unsafe-inline" in policy or "unsafe-eval" in policy:
            self.complaints.append(f"{response.url}: {policy}")
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.complaints.append(f"{response.url}: {response.status}")


@contextmanager
def portal() -> Iterator[str]:
    """Serve the portal on a free port, static files included; yields its address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        connections.close_all()


def session_of(person: User | None) -> str:
    """Return the key of a fresh session of a person; empty for nobody."""
    if person is None:
        return ""
    client = Client()
    client.force_login(person)
    return client.cookies["session"].value


def context_for(browser: Browser, *, address: str, session: str, visits: Visits) -> BrowserContext:
    """Open a browser profile with a session; every page in it is watched."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    if session:
        context.add_cookies([{"name": "session", "value": session, "url": address}])
    context.on("page", visits.watch)
    return context
