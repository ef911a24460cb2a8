"""Load what every portal needs before the first declaration: the law, the agencies, the risk profiles."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from inspection.reference import load_reference
from swindow.problems import Refused
from tariffs.lifecycle import load_packs
from tariffs.pack_parsing import PackError


class Command(BaseCommand):
    """May run again and again; what an administrator changed stays."""

    help = "Publish the regulation packs and add missing agencies and risk profiles."

    def add_arguments(self, parser: CommandParser) -> None:
        """Allow to put agencies and profiles back to their tables."""
        parser.add_argument("--reset", action="store_true", help="Put agencies and risk profiles back.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all and say what was new."""
        try:
            packs = load_packs()
        except (PackError, Refused) as error:
            raise CommandError(str(error)) from error
        agencies, profiles = load_reference(is_reset=options["reset"])
        for pack in packs:
            word = "published" if pack.is_new else "unchanged"
            if pack.behind:
                word = f"not published, officers published {pack.behind} since (see load_packs)"
            self.stdout.write(f"Regulation pack {pack.jurisdiction} {pack.version}: {word}")
        self.stdout.write(f"Agencies written: {agencies}, risk profiles written: {profiles}")
