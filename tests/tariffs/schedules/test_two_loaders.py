"""Two people load at once: the second waits, and supersedes the first."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction

from tariffs.models import TariffLine, TariffMeasure, TariffSchedule
from tests.tariffs.schedules.files import US_LINES, load, us_file

pytestmark = pytest.mark.usefixtures("own_database")
PATIENCE_SECONDS = 30


def _wait_until_somebody_waits_for_us() -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone():
                return
        time.sleep(0.01)
    raise AssertionError("Nobody waited.")


def test_the_second_loader_waits_for_the_first_and_supersedes_it(tmp_path: Path) -> None:
    """Without the lock the second would close a version that the first has closed, and fail."""
    load(us_file(tmp_path, US_LINES[:2]), on=date(2026, 6, 1), label="first")
    second = us_file(tmp_path, US_LINES[:3], name="second.csv")
    third = us_file(tmp_path, name="third.csv")

    def load_third() -> str:
        try:
            return load(third, on=date(2026, 8, 1), label="third").supersedes
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            load(second, on=date(2026, 7, 1), label="second")
            waiting = pool.submit(load_third)
            _wait_until_somebody_waits_for_us()
        assert waiting.result(timeout=PATIENCE_SECONDS) == "second"
    assert list(TariffSchedule.objects.order_by("id").values_list("version", "valid_to")) == [
        ("first", date(2026, 7, 1)),
        ("second", date(2026, 8, 1)),
        ("third", None),
    ]


def test_a_committed_version_has_all_its_rows(tmp_path: Path) -> None:
    """Rows are written before their schedule, whose key is checked when the transaction ends."""
    load(us_file(tmp_path))
    number = TariffSchedule.objects.get().pk
    assert TariffLine.objects.filter(schedule_id=number).count() == 7
    assert TariffMeasure.objects.filter(schedule_id=number).count() == 10
