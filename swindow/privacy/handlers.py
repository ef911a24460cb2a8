"""What privacy does when something was announced; handlers may run twice."""

from collections.abc import Sequence

from django.utils import timezone

from swindow.accounts.models import User
from swindow.events.worker import Occurrence
from swindow.privacy.copies import make_copy
from swindow.privacy.erasing import erase
from swindow.privacy.mails import tell_of_bulk, tell_of_copy
from swindow.privacy.models import DataCopy, Erasure


def make_copies(events: Sequence[Occurrence]) -> None:
    """Make the copies that people asked for, and tell them."""
    wanted = [event.payload["copy"] for event in events]
    asked = DataCopy.objects.filter(reference__in=wanted, status=DataCopy.Status.ASKED)
    for copy in asked.select_related("person").order_by("pk"):
        if make_copy(copy, at=timezone.now()):
            tell_of_copy(copy)


def erase_people(events: Sequence[Occurrence]) -> None:
    """Forget the people who asked for it, as far as the law allows."""
    wanted = [event.payload["erasure"] for event in events]
    asked = Erasure.objects.filter(reference__in=wanted, status=Erasure.Status.ASKED)
    for erasure in asked.select_related("person").order_by("pk"):
        erase(erasure, at=timezone.now())


def mail_bulk_alerts(events: Sequence[Occurrence]) -> None:
    """Tell the administrators who opens more records than the work explains."""
    readers = list(User.objects.filter(is_superuser=True, is_active=True).order_by("pk"))
    for event in events:
        for reader in readers:
            tell_of_bulk(
                reader,
                reference=event.actor,
                minute=event.payload["minute"],
                day=event.payload["day"],
            )
