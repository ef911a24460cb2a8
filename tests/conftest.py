"""What every test may ask for: real servers, a database of its own, and six people."""

import asyncio
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import django
import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from tests import servers
from tests.figures import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]

servers.prepare_environment()
django.setup()

from django.db import connections  # noqa: E402  (Django must be set up first)
from django.test import Client  # noqa: E402
from django.utils import translation  # noqa: E402

from swindow.accounts.models import User  # noqa: E402
from swindow.memory import calm_collector  # noqa: E402
from tests import builders  # noqa: E402
from tests.browser.visitor import LAUNCH  # noqa: E402
from tests.faults.laboratory import Laboratory  # noqa: E402

# As in the portal's own long processes: a fifth of the time of a run.
calm_collector()


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings) -> None:
    """Name static files as they are: tests in this process collect none."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def in_english() -> None:
    """Begin in English: a page that a test before asked for in Chinese leaves the process in Chinese."""
    translation.activate("en")


@pytest.fixture
def own_files(settings: Settings, tmp_path: Path) -> Path:
    """Keep the portal's files of this test in a folder of its own, which is returned."""
    folder = tmp_path / "media"
    store = settings.STORAGES["default"] | {"OPTIONS": {"location": str(folder)}}
    settings.STORAGES = settings.STORAGES | {"default": store}
    return folder


@pytest.fixture(autouse=True)
def fresh_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `force_login` come in as by the sign-in page, second step included."""
    force_login = Client.force_login

    def come_in(client: Client, user: User, backend: str | None = None) -> None:
        force_login(client, user, backend)
        builders.give_factor(client, user)

    monkeypatch.setattr(Client, "force_login", come_in)


@pytest.fixture(scope="session")
def worker_database(worker_id: str) -> Iterator[str]:
    """Give this worker process a fresh database and remove it at the end."""
    name = f"swindow_test_{os.getpid()}_{worker_id}"
    servers.create_database(name)
    yield name
    servers.drop_database(name)


@pytest.fixture(scope="session")
def django_db_setup(worker_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Point Django at the worker's database, as the application's role."""
    connection = connections["default"]
    connection.close()
    connection.settings_dict["NAME"] = worker_database
    yield
    connection.close()


@pytest.fixture
def own_database(worker_id: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database that this test alone uses and commits to; for races, faults and real servers."""
    name = f"swindow_own_{os.getpid()}_{worker_id}"
    servers.create_database(name)
    connection = connections["default"]
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        yield name
        connections.close_all()
        connection.settings_dict["NAME"] = before
    servers.drop_database(name)


@pytest.fixture
def seller(db: None) -> User:
    """A seller whose company is verified."""
    return builders.seller()


@pytest.fixture
def colleague(seller: User) -> User:
    """Somebody else in the seller's company."""
    return builders.colleague_of(seller)


@pytest.fixture
def broker(seller: User) -> User:
    """An agent with the seller's mandate."""
    return builders.agent_of(seller)


@pytest.fixture
def rival(db: None) -> User:
    """A verified seller who has no business with the first one."""
    return builders.seller(name="Rival Trading")


@pytest.fixture
def customs_officer(db: None) -> User:
    """An officer of customs."""
    return builders.officer("customs")


@pytest.fixture
def quarantine_officer(db: None) -> User:
    """An officer of the quarantine service."""
    return builders.officer("quarantine")


@pytest.fixture
def reference_data(db: None) -> None:
    """The agencies and their working times."""
    builders.reference_data()


@pytest.fixture(scope="session")
def running_laboratory() -> Iterator[Laboratory]:
    """A private PostgreSQL, Valkey and portal for all tests of the group `faults`.

    Starting it costs more than most of them; nothing of it is shared with another test.
    """
    laboratory = Laboratory(servers.ROOT / "var" / "test" / f"faults-{os.getpid()}")
    try:
        laboratory.prepare()
        yield laboratory
    finally:
        laboratory.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; one a process, because Playwright allows no second one beside it."""
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "run", partial(_run_beside_the_browser, asyncio.run))
        chromium = playwright.chromium.launch(**LAUNCH)
        yield chromium
        chromium.close()


def _run_beside_the_browser(run: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Run a loop, as the signing of papers does; between Playwright's calls its own counts as running.

    It is out of sight for so long only: by the running loop Django knows which connection is meant.
    """
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return run(*args, **options)
    finally:
        asyncio._set_running_loop(loop)
