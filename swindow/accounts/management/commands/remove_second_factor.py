"""Let somebody in again who lost the second factor and the recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from swindow.accounts.lifecycle import remove_second_factor
from swindow.accounts.models import User
from swindow.problems import Refused


class Command(BaseCommand):
    """`manage.py remove_second_factor lost@example.com --by admin@example.com --reason "..."`."""

    help = "Removes a person's second factors after you made sure who asks; the person is told by mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, in whose name, and why."""
        parser.add_argument("email", help="whose second factor was lost")
        parser.add_argument("--by", required=True, help="the administrator who made sure who asks")
        kept = "how that was made sure; without personal data, for it stays in the audit chain"
        parser.add_argument("--reason", required=True, help=kept)

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them and say how many."""
        administrators = User.objects.filter(is_superuser=True, is_active=True)
        person = User.objects.filter(email__iexact=options["email"]).first()
        by = administrators.filter(email__iexact=options["by"]).first()
        if person is None or by is None:
            raise CommandError("There is no such person, or the one named by --by is no administrator.")
        try:
            count = remove_second_factor(person, reason=options["reason"], by=by, at=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"removed {count} of {person.email}; signed out everywhere")
