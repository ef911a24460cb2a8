"""One declaration over HTTP, drafted and lodged, beside the same rows written by one text of SQL."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from declarations.models import Declaration
from swindow.accounts.lifecycle import create_token
from tests.bench import rows
from tests.bench.drafts import open_shop
from tests.bench.measuring import Sample
from tests.bench.portal import Portal, Visitor, in_parallel
from tests.faults.orders import order

COUNT = 200
VISITORS = 4


class HttpSubmit:
    """The measure of that name: two requests a declaration, POST the draft and lodge it."""

    name = "http_submit"
    unit = "declarations/s"

    def __init__(self) -> None:
        self._headers: dict[str, str] = {}
        self._file = ""
        self._last = 0
        self._portal: Portal | None = None

    def open(self) -> None:
        """Start the web server and make a seller with a token."""
        shop = open_shop(at=timezone.now())
        _, token = create_token(shop.seller, label="bench", at=timezone.now())
        self._file = shop.file.reference
        rows.make_limit_tables()
        self._portal = Portal()
        self._portal.wait()
        self._headers = {"Authorization": f"Bearer {token}"}

    def prepare(self) -> None:
        """Note where this round's declarations begin."""
        self._last = Declaration.objects.aggregate(last=Max("pk"))["last"] or 0
        rows.empty_limit_tables()

    def ours(self) -> Sample:
        """File so many declarations over a few connections that stay open."""
        assert self._portal is not None
        visitors = self._portal.visitors(VISITORS, headers=self._headers)
        seconds, taken = in_parallel(visitors, count=COUNT, action=self._file_one)
        return Sample(COUNT / seconds, taken)

    def limit(self) -> Sample:
        """Write the same rows, one declaration a transaction and a round trip, on two connections."""
        ids = list(Declaration.objects.filter(pk__gt=self._last).values_list("pk", flat=True))
        assert len(ids) == COUNT
        connection.close()
        statements = rows.insert_statements(ids)
        with ThreadPoolExecutor(2) as threads:
            began = time.perf_counter()
            list(threads.map(_execute_each, [statements[::2], statements[1::2]]))
            return Sample(COUNT / (time.perf_counter() - began))

    def remarks(self) -> dict[str, Any]:
        """Return how many connections the visitors held."""
        return {"connections": VISITORS}

    def close(self) -> None:
        """Stop the server."""
        if self._portal is not None:
            self._portal.stop()

    def _file_one(self, visitor: Visitor, number: int) -> None:
        lrn = f"H-{time.time_ns()}-{number}"
        body = order(lrn=lrn, file=self._file, on=timezone.now().date())
        status, answer = visitor.ask("POST", "/api/v1/declarations", body=body)
        assert status == 201, answer
        reference = answer.split(b'"reference":"', 1)[1].split(b'"', 1)[0].decode()
        path = f"/api/v1/declarations/{reference}/lodge"
        status, answer = visitor.ask("POST", path, body={}, **{"Idempotency-Key": lrn})
        assert status == 201, answer


def _execute_each(statements: Sequence[str]) -> None:
    with closing(rows.owner()) as owner:
        for statement in statements:
            with owner, owner.cursor() as cursor:
                cursor.execute(statement)
