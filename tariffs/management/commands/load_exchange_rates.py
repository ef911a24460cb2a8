"""Load an authority's official exchange rates from a CSV file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from swindow.problems import Refused
from tariffs.exchange.loading import load_table
from tariffs.exchange.reading import COLUMNS


class Command(BaseCommand):
    """Loads a file whole, or refuses it whole with every mistake that it has."""

    help = f"Load official exchange rates: CSV with {', '.join(COLUMNS)} (1 from = rate to, end exclusive)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the jurisdiction and the file."""
        parser.add_argument(
            "--jurisdiction", required=True, help="country or union that uses the rates, say GB"
        )
        parser.add_argument("file", type=Path, help="the CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the file and say what became of it."""
        path: Path = options["file"]
        try:
            loaded = load_table(path.read_bytes(), jurisdiction=options["jurisdiction"], at=timezone.now())
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except Refused as error:
            lines = [problem.sentence for problem in error.problems]
            raise CommandError("\n".join([f"Nothing was loaded from {path}.", *lines])) from error
        if not loaded.is_new:
            self.stdout.write(f"{loaded.jurisdiction}: this file is already loaded; nothing was changed.")
            return
        self.stdout.write(
            f"{loaded.jurisdiction}: {loaded.row_count} rates loaded, used from {loaded.valid_from} until "
            f"{loaded.valid_to} (exclusive); {loaded.superseding_count} of them replace earlier ones."
        )
