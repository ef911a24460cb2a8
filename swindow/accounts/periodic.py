"""What accounts do again and again, without anybody asking."""

from django.utils import timezone

from swindow.accounts import lifecycle


def lock_unused_officers() -> None:
    """Close the accounts of officers who have not been here for thirty days."""
    lifecycle.lock_unused_officers(at=timezone.now())


def end_verifications() -> None:
    """Close the verifications that have run out, and tell of those that end within a month."""
    lifecycle.end_verifications(at=timezone.now())
