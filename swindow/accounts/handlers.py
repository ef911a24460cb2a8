"""What accounts do when something was announced; handlers may run twice."""

from collections.abc import Sequence

from swindow.accounts.mails import tell_of_verification
from swindow.accounts.models import Verification
from swindow.events.worker import Occurrence


def mail_verifications(events: Sequence[Occurrence]) -> None:
    """Tell whoever asked for the verification what the officer decided."""
    references = [event.payload["verification"] for event in events]
    for verification in Verification.objects.filter(reference__in=references).select_related(
        "submitted_by", "organisation"
    ):
        tell_of_verification(verification)
