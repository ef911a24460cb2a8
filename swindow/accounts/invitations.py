"""The signed address in the mail of an invitation; whether it still holds says the row."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from swindow.accounts.models import Invitation

_SALT = "swindow.accounts.invitation"
_MOST_CHARACTERS = 600


def signed(invitation: Invitation) -> str:
    """Return the invitation as text that nobody else can make."""
    return signing.dumps({"invitation": invitation.reference, "email": invitation.email}, salt=_SALT)


def address_of(invitation: Invitation) -> str:
    """Return the address to mail."""
    return str(settings.BASE_URL + reverse("accounts:join", args=[signed(invitation)]))


def invitation_at(text: str) -> Invitation | None:
    """Return the invitation behind a signed text; None for a forged one.

    Whoever holds the text holds the mailbox: it reaches a row of a company that the reader is no part of.
    """
    if len(text) > _MOST_CHARACTERS:
        return None
    try:
        terms = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    invitations = Invitation.objects.select_related("organisation", "invited_by")
    return invitations.filter(reference=terms["invitation"], email=terms["email"]).first()
