"""Repeat waiting virus checks and remove objects that no row names."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from swindow.documents.invariants import remove_orphans
from swindow.documents.uploads import scan_waiting


class Command(BaseCommand):
    """`manage.py sweep_files`: run it every few minutes where a scanner is set, else once a day."""

    help = "Repeats the virus check of waiting files and removes objects without a row, older than --hours."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the age below which an object may still belong to a running request."""
        parser.add_argument("--hours", type=int, default=24)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do both and say how many."""
        now = timezone.now()
        scanned = scan_waiting(at=now)
        removed = remove_orphans(before=now - timedelta(hours=options["hours"]))
        self.stdout.write(f"{scanned} files checked, {removed} objects without a row removed")
