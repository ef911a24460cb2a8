"""Ten thousand low-value declarations from lodging to release, beside a raw COPY of the same rows."""

import multiprocessing
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from multiprocessing.pool import Pool
from typing import Any

import psycopg2
from django.db import connection
from django.utils import timezone

from declarations import handlers, lifecycle
from declarations.lifecycle import PaymentNotice
from declarations.payment_service import ChargeRequest
from swindow.accounts.models import User
from swindow.events.worker import work_batch
from swindow.memory import calm_collector
from tests.bench import rows
from tests.bench.drafts import Shop, open_shop, write_drafts
from tests.bench.measuring import Sample

COUNT = int(os.environ.get("BENCH_DECLARATIONS", "10000"))
BATCH = 1000
PROCESSES = 2
# Papers are not part of it: they are made after release, on demand.
QUEUES = ("notify", "tax", "customs", "quarantine", "port")


class InProcessPayments:
    """The payment service without its network: every charge is paid, the notices come at once."""

    def collect(self, charges: Sequence[ChargeRequest]) -> None:
        """Settle the whole batch."""
        lifecycle.settle([_paid(charge) for charge in charges], at=timezone.now())


class LodgeToRelease:
    """The measure of that name."""

    name = "lodge_to_release"
    unit = "declarations/s"

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._written: list[float] = []
        self._beside: list[float] = []
        self._pool: Pool | None = None
        self._shop: Shop | None = None

    def open(self) -> None:
        """Make the seller, the tables of the limit and two long-lived processes."""
        self._shop = open_shop(at=timezone.now())
        rows.make_limit_tables()
        connection.close()
        self._pool = multiprocessing.get_context("fork").Pool(PROCESSES, initializer=_become_worker)

    def prepare(self) -> None:
        """Write the drafts; their time is a remark, not part of the measure."""
        assert self._shop is not None
        began = time.perf_counter()
        self._ids = []
        for _ in range(COUNT // BATCH):
            self._ids += write_drafts(BATCH, shop=self._shop, at=timezone.now())
        self._written.append(COUNT / (time.perf_counter() - began))

    def ours(self) -> Sample:
        """Lodge in batches and work every queue off, in two processes."""
        assert self._pool is not None and self._shop is not None
        batches = [self._ids[start : start + BATCH] for start in range(0, COUNT, BATCH)]
        shares = [(self._shop.seller.pk, batches[number::PROCESSES]) for number in range(PROCESSES)]
        began = time.perf_counter()
        self._pool.starmap(_live, shares, chunksize=1)
        seconds = time.perf_counter() - began
        return Sample(COUNT / seconds, _release_times(self._ids))

    def limit(self) -> Sample:
        """COPY the rows that the round left, on as many connections, a transaction a batch."""
        chunks = [
            rows.read_rows(min(batch), max(batch))
            for batch in (self._ids[start : start + BATCH] for start in range(0, COUNT, BATCH))
        ]
        everything = _copy_in_parallel(chunks)
        without_drafts = [
            [(table, text) for table, text in chunk if table not in rows.DRAFT_TABLES] for chunk in chunks
        ]
        rows.empty_limit_tables()
        self._beside.append(COUNT / _copy_in_parallel(without_drafts))
        rows.empty_limit_tables()
        return Sample(COUNT / everything)

    def remarks(self) -> dict[str, Any]:
        """Return the speed of writing drafts and of the limit without the drafts' rows."""
        return {
            "drafts_per_s": round(sorted(self._written)[len(self._written) // 2], 1),
            "limit_without_drafts": round(sorted(self._beside)[len(self._beside) // 2], 1),
        }

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.close()
            self._pool.join()


def _become_worker() -> None:
    calm_collector()
    handlers.SimulatedPaymentService = InProcessPayments  # type: ignore[misc,assignment]


def _live(seller_id: int, batches: list[list[int]]) -> None:
    seller = User.objects.get(pk=seller_id)
    for ids in batches:
        refused = lifecycle.lodge(ids, by=seller, at=timezone.now())
        assert not refused, next(iter(refused.values()))
        _work_once()
    while _is_work_left():
        if not _work_once():
            time.sleep(0.002)


def _work_once() -> int:
    return sum(work_batch(queue) for queue in QUEUES)


def _is_work_left() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM events_delivery "
            "WHERE queue = ANY(%s) AND done_at IS NULL AND dead_at IS NULL)",
            [list(QUEUES)],
        )
        return bool(cursor.fetchone()[0])


def _release_times(ids: Sequence[int]) -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM released_at - accepted_at) * 1000 "
            "FROM declarations_declaration WHERE id = ANY(%s) AND status = 'released'",
            [list(ids)],
        )
        times = [float(row[0]) for row in cursor.fetchall()]
    assert len(times) == len(ids), f"only {len(times)} of {len(ids)} were released"
    return times


def _copy_in_parallel(chunks: Sequence[rows.Chunk]) -> float:
    connections = [rows.owner() for _ in range(PROCESSES)]
    try:
        with ThreadPoolExecutor(PROCESSES) as threads:
            began = time.perf_counter()
            list(threads.map(_copy_chunks, connections, [chunks[n::PROCESSES] for n in range(PROCESSES)]))
            return time.perf_counter() - began
    finally:
        for one in connections:
            one.close()


def _copy_chunks(connection: "psycopg2.extensions.connection", chunks: Sequence[rows.Chunk]) -> None:
    for chunk in chunks:
        rows.copy_chunk(connection, chunk)


def _paid(charge: ChargeRequest) -> PaymentNotice:
    return PaymentNotice(
        charge.reference, f"BENCH-{charge.reference}", True, Decimal(charge.amount), charge.currency
    )
