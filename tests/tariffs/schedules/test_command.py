"""manage.py load_tariff: what it prints, and how it says no."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tariffs.models import TariffSchedule
from tests.tariffs.schedules.files import US_LINES, us_file

pytestmark = pytest.mark.django_db


def _run(*args: object) -> list[str]:
    out = io.StringIO()
    call_command("load_tariff", *map(str, args), stdout=out)
    return out.getvalue().splitlines()


def test_the_report_ends_with_the_counts(tmp_path: Path) -> None:
    """Each text not read with its line, code and reason; then how much was."""
    lines = _run("--source", "us-hts", us_file(tmp_path), "--valid-from", "2026-07-01", "--label", "rev 11")
    assert lines[0].startswith("not read: hts.csv 8: 6401929000: 'See heading 9999.01': See heading")
    assert lines[-1].startswith(
        "us-hts rev 11 loaded from 2026-07-01: 7 lines, 10 measures, 9 of them understood, 1 not read, "
    )


def test_a_second_load_prints_what_changed(tmp_path: Path) -> None:
    """Added, removed, changed; a trial says that nothing was kept."""
    _run("--source", "us-hts", us_file(tmp_path), "--valid-from", "2026-07-01", "--label", "rev 11")
    newer = [(*US_LINES[1][:4], "30%", *US_LINES[1][5:]) if row == US_LINES[1] else row for row in US_LINES]
    path = us_file(tmp_path, newer[:-1], name="newer.csv")
    more = ("--source", "us-hts", path, "--valid-from", "2026-08-01")
    lines = _run(*more, "--dry-run", "--show", "1")
    assert "would be loaded" in lines[-1]
    assert TariffSchedule.objects.count() == 1
    place = lines.index("supersedes rev 11")
    assert lines[place + 1 : -1] == [
        "codes added: 0",
        "codes removed: 1",
        "  6401929000",
        "rates added: 0",
        "rates removed: 2",
        "  6401929000 third_country: See heading 9999.01",
        "  and 1 more (--show 0 prints all)",
        "rates changed: 1",
        "  64011000 third_country: 37.5% -> 30%",
    ]
    assert "  6401929000 third_country BY CU KP RU: 66%" in _run(*more, "--show", "0")
    assert _run(*more)[-1].endswith("unchanged")


def test_without_a_day_a_schedule_holds_from_today(tmp_path: Path) -> None:
    """And its name is made of the file, the day and the content."""
    _run("--source", "us-hts", us_file(tmp_path))
    version = TariffSchedule.objects.get()
    assert timezone.localdate() - version.valid_from in (timedelta(0), timedelta(days=1))
    assert version.version == f"hts {version.valid_from} {version.sha256[:8]}"


def test_a_refusal_is_a_sentence(tmp_path: Path) -> None:
    """No traceback, no row."""
    with pytest.raises(CommandError, match="not of uk-tariff"):
        _run("--source", "uk-tariff", us_file(tmp_path), "--valid-from", date.max)
    assert not TariffSchedule.objects.exists()
