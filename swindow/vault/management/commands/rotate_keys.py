"""Bring the vault under the newest keys; safe to stop and to repeat while the portal works."""

import time
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from swindow.vault.keys import index_keys, master_keys
from swindow.vault.rotation import rotate


class Command(BaseCommand):
    """`manage.py rotate_keys`: afterwards the old keys may be taken out of the environment."""

    help = (
        "Wraps subject keys under the first of SWINDOW_MASTER_KEYS, indexes under that of SWINDOW_INDEX_KEYS."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate batch after batch and say how many."""
        began = time.monotonic()
        done: Counter[str] = Counter()
        unreadable = 0
        for name, batch in rotate():
            done[name] += batch.done
            unreadable += batch.unreadable
        words = ", ".join(f"{count} {name}" for name, count in done.items() if count) or "nothing"
        self.stdout.write(
            f"rotated {words} in {time.monotonic() - began:.1f} s; "
            f"newest: master key {master_keys().newest}, index key {index_keys().newest}"
        )
        if unreadable:
            raise CommandError(f"{unreadable} could not be opened and stay as they are: see the log")
