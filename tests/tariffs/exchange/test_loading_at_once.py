"""Two loads at once: one writes the table, the other finds it there."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

import pytest
from django.db import connection, transaction

from tariffs.exchange.loading import LoadedTable, load_table
from tariffs.models.exchange import ExchangeRateTable

pytestmark = pytest.mark.usefixtures("own_database")

FILE = b"from,to,rate,valid_from,valid_to,source\nUSD,CNY,7.09,2026-11-01,2026-12-01,Customs\n"


def _load() -> LoadedTable:
    return load_table(FILE, jurisdiction="CN", at=datetime(2026, 11, 20, tzinfo=UTC))


def test_the_second_load_waits_and_finds_the_file_loaded() -> None:
    """Without the lock it would write too, and fail on the file that the first has not committed yet."""
    begun = Event()

    def second() -> LoadedTable:
        try:
            begun.set()
            return _load()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = _load()
            waiting = pool.submit(second)
            assert begun.wait(timeout=10)
            # Long enough for the other to reach the lock, or, were there none, the unique file.
            with pytest.raises(TimeoutError):
                waiting.result(timeout=1)
        late = waiting.result(timeout=30)
    assert (first.is_new, late.is_new) == (True, False)
    assert ExchangeRateTable.objects.count() == 1
