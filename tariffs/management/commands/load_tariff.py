"""Load a whole official tariff schedule from the authority's published file."""

import time
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from swindow.problems import Refused
from tariffs.models import ScheduleSource
from tariffs.schedules.differing import RateChange
from tariffs.schedules.loading import LoadReport, load_schedule


class Command(BaseCommand):
    """Makes a new version of a schedule, and prints what was not read and what differs from the last."""

    help = "Load an official tariff schedule: USITC export, UK tariff open data, or TARIC as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files of one version, where they come from, and the day from which they hold."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV or JSON, gzipped or not")
        parser.add_argument("--source", required=True, choices=ScheduleSource.values)
        parser.add_argument("--valid-from", type=date.fromisoformat, help="the first day (default: today)")
        parser.add_argument("--label", default="", help="the version's name (default: file, day and hash)")
        parser.add_argument("--dry-run", action="store_true", help="report and keep nothing")
        parser.add_argument(
            "--show", type=int, default=100, help="changes of each kind to print (default 100, 0 for all)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and write the report."""
        start = time.perf_counter()
        try:
            report = load_schedule(
                options["files"],
                source=options["source"],
                valid_from=options["valid_from"] or timezone.localdate(),
                at=timezone.now(),
                label=options["label"],
                is_trial=options["dry_run"],
            )
        except Refused as error:
            raise CommandError(str(error)) from error
        if not report.is_new:
            self.stdout.write(f"{report.source} {report.version} unchanged")
            return
        self._write_unread(report)
        self._write_difference(report, show=options["show"] or None)
        word = "would be loaded" if options["dry_run"] else "loaded"
        seconds = time.perf_counter() - start
        self.stdout.write(
            f"{report.source} {report.version} {word} from {report.valid_from}: {report.line_count} lines,"
            f" {report.measure_count} measures, {report.understood_count} of them understood,"
            f" {len(report.unread)} not read, {seconds:.1f} s"
        )

    def _write_unread(self, report: LoadReport) -> None:
        for one in report.unread:
            self.stdout.write(
                f"not read: {one.file} {one.row}: {one.code or '-'}: {one.text!r}: {one.reason}"
            )

    def _write_difference(self, report: LoadReport, *, show: int | None) -> None:
        if not report.supersedes:
            return
        self.stdout.write(f"supersedes {report.supersedes}")
        found = report.difference
        self._write_some("codes added", found.added_codes, show=show)
        self._write_some("codes removed", found.removed_codes, show=show)
        self._write_some("rates added", [f"{_measure(one)}: {one.after}" for one in found.added], show=show)
        self._write_some(
            "rates removed", [f"{_measure(one)}: {one.before}" for one in found.removed], show=show
        )
        changed = [f"{_measure(one)}: {one.before} -> {one.after}" for one in found.changed]
        self._write_some("rates changed", changed, show=show)

    def _write_some(self, title: str, lines: Sequence[str], *, show: int | None) -> None:
        self.stdout.write(f"{title}: {len(lines)}")
        for line in lines[:show]:
            self.stdout.write(f"  {line}")
        if hidden := len(lines) - len(lines[:show]):
            self.stdout.write(f"  and {hidden} more (--show 0 prints all)")


def _measure(change: RateChange) -> str:
    marks = (change.code, change.measure_type, change.origins, change.order_number, change.additional_code)
    return " ".join(mark for mark in marks if mark)
