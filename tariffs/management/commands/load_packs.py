"""Publish the regulation packs of the folders."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from swindow.problems import Refused
from tariffs.lifecycle import load_packs
from tariffs.pack_parsing import PackError


class Command(BaseCommand):
    """Publishes new pack versions; a version that is known is left as it is."""

    help = "Publish the regulation packs under tariffs/regulations."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all folders and say what became of each."""
        try:
            published = load_packs()
        except (PackError, Refused) as error:
            raise CommandError(str(error)) from error
        for pack in published:
            word = "published" if pack.is_new else "unchanged"
            if pack.behind:
                word = (
                    f"not published: officers published {pack.behind} since. Take their change into"
                    f' the folder and add takes_in = "{pack.behind}" to its pack.toml'
                )
            self.stdout.write(f"{pack.jurisdiction} {pack.version} {word}")
