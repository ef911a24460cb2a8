"""Make the demo authority and the key that seals papers, unless there is one."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from swindow.documents.signing_keys import AUTHORITY_NAME, make_demo_keys


class Command(BaseCommand):
    """`manage.py make_signing_key`: safe to repeat, an existing key is never touched."""

    help = "Makes a demo signing key in SIGNING_DIR; a key that is there already is kept."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the key and say what happened."""
        made = make_demo_keys(settings.SIGNING_DIR, at=timezone.now(), passphrase=settings.SIGNING_PASSPHRASE)
        text = f"made a signing key under '{AUTHORITY_NAME}'" if made else "the signing key is there already"
        self.stdout.write(text)
