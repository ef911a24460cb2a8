"""Remove what is kept longer than its policy says."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from swindow.privacy.retention import retain


class Command(BaseCommand):
    """`manage.py retain`: the scheduler does it once a day; by hand it is safe at any time."""

    help = "Removes personal data whose time is over (swindow/personal_data.py says which)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what went."""
        run = retain(at=timezone.now())
        words = ", ".join(f"{count} {kind}" for kind, count in run.removed.items())
        self.stdout.write(f"removed: {words or 'nothing'}")
