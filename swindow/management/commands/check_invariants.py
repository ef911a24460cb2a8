"""Verify the books: audit chains, declarations, reviews, payments, papers, deliveries (R0)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from declarations import invariants as declarations_invariants
from inspection import invariants as inspection_invariants
from swindow.documents import invariants as documents_invariants
from swindow.events import invariants as events_invariants

# A younger object may belong to a request that is not finished.
_SETTLED = timedelta(hours=1)


class Command(BaseCommand):
    """Prints one line a finding and ends with status 1 when there is any."""

    help = "Verify that every book balances and no audit chain is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        """Allow to leave out the files, which are read as a whole."""
        parser.add_argument("--without-files", action="store_true", help="Do not read the stored objects.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every finding."""
        count = 0
        for line in _findings(has_files=not options["without_files"]):
            count += 1
            self.stdout.write(line)
        if count:
            self.stderr.write(f"{count} findings")
            raise SystemExit(1)
        self.stdout.write("No findings: every book balances.")


def _findings(*, has_files: bool) -> Iterator[str]:
    yield from events_invariants.findings()
    yield from declarations_invariants.findings()
    yield from inspection_invariants.findings()
    if has_files:
        yield from documents_invariants.findings()
        before = timezone.now() - _SETTLED
        yield from (f"object {key}: no row names it" for key in documents_invariants.orphans(before=before))
