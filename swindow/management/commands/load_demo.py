"""Make the people of a demo: they can sign in, so a real portal refuses this command."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from declarations.demo.people import load_demo


class Command(BaseCommand):
    """May run again and again; whoever exists is kept, with the same password."""

    help = "Make the demo's people, companies, token and products (only with SWINDOW_DEMO=1)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse outside of a demo."""
        if not settings.DEMO:
            raise CommandError("This makes people who can sign in: only for a demo (SWINDOW_DEMO=1).")
        folder = settings.VAR_DIR / "demo"
        for login in load_demo(folder, at=timezone.now()):
            self.stdout.write(f"{login.role:<20} {login.email:<32} {login.password}")
        self.stdout.write(
            f"Kept in {folder / 'logins.json'}; the seller's token in {folder / 'seller.token'}"
        )
