"""The officer's queue page over HTTP, beside the bare SQL of that page."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from declarations import lifecycle
from inspection.lifecycle import open_reviews
from inspection.queue import QueueWish, count_queue, read_queue
from swindow.accounts.models import User
from tests import builders
from tests.bench.drafts import open_shop, write_drafts
from tests.bench.measuring import Sample
from tests.bench.portal import ROOT, Portal, Visitor, in_parallel

COUNT = 200
VISITORS = 4
OPEN_REVIEWS = 5000
BATCH = 1000


class HttpQueue:
    """The measure of that name: the first page of customs' open reviews."""

    name = "http_queue"
    unit = "pages/s"

    def __init__(self) -> None:
        self._headers: dict[str, str] = {}
        self._statements: list[str] = []
        self._actor = ""
        self._portal: Portal | None = None

    def open(self) -> None:
        """Fill the queue, sign an officer in, start the web server."""
        shop = open_shop(at=timezone.now())
        for _ in range(OPEN_REVIEWS // BATCH):
            ids = write_drafts(BATCH, shop=shop, at=timezone.now())
            refused = lifecycle.lodge(ids, by=shop.seller, at=timezone.now())
            assert not refused
            open_reviews(ids, at=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        officer = builders.officer("customs")
        self._statements = _statements_of_the_page(officer)
        self._actor = officer.actor
        cookie = _session_of(officer)
        connection.close()
        _collect_static_files()
        self._portal = Portal()
        self._portal.wait()
        self._headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}

    def prepare(self) -> None:
        """Nothing is used up."""

    def ours(self) -> Sample:
        """Ask for the page over a few connections that stay open."""
        assert self._portal is not None
        visitors = self._portal.visitors(VISITORS, headers=self._headers)
        seconds, taken = in_parallel(visitors, count=COUNT, action=_read_page)
        return Sample(COUNT / seconds, taken)

    def limit(self) -> Sample:
        """Run the page's own statements, without framework, on two connections."""
        with ThreadPoolExecutor(2) as threads:
            began = time.perf_counter()
            list(threads.map(self._read_rows, [COUNT // 2] * 2))
            return Sample(COUNT / (time.perf_counter() - began))

    def remarks(self) -> dict[str, Any]:
        """Return how large the queue is and how many statements make the page."""
        return {"open_reviews": OPEN_REVIEWS, "statements": len(self._statements)}

    def close(self) -> None:
        """Stop the server."""
        if self._portal is not None:
            self._portal.stop()

    def _read_rows(self, count: int) -> None:
        # In the officer's name, as the page asks: row-level security is part of the statements' cost.
        officer = f"-c swindow.actor={self._actor}"
        connected = psycopg2.connect(os.environ["DATABASE_URL"], options=officer)
        with closing(connected) as plain, plain.cursor() as cursor:
            plain.autocommit = True
            for _ in range(count):
                for statement in self._statements:
                    cursor.execute(statement)
                    cursor.fetchall()


def _read_page(visitor: Visitor, number: int) -> None:
    status, page = visitor.ask("GET", "/officer/?authority=customs")
    assert status == 200, page[:2000]


def _statements_of_the_page(officer: User) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        read_queue(QueueWish(authority="customs"), officer=officer)
        count_queue("customs", officer=officer)
    return [query["sql"] for query in captured.captured_queries]


def _session_of(officer: User) -> str:
    client = Client()
    client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[0])
    builders.give_factor(client, officer)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _collect_static_files() -> None:
    """Pages name their files by a manifest; an older one does as well, so it is made once."""
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        command: Sequence[str] = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(command, cwd=ROOT, check=True)
