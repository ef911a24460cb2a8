"""A person's language and machine keys."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from swindow.accounts.models import ApiToken, User
from swindow.events.outbox import NewEvent, record


def prefer_language(user: User, *, language: str) -> None:
    """Keep in which of the portal's languages the person wants pages, mails and papers; ignore others."""
    if language in dict(settings.LANGUAGES):
        User.objects.filter(pk=user.pk).update(preferred_language=language)


@transaction.atomic
def create_token(user: User, *, label: str, at: datetime) -> tuple[ApiToken, str]:
    """Make a machine's key for a user; the key itself is returned once and kept nowhere."""
    User.objects.select_for_update().get(pk=user.pk)
    key = ApiToken.new_key()
    token = ApiToken.objects.create(user=user, label=label, digest=ApiToken.digest_of(key))
    record([NewEvent("user", user.pk, "token.created", user.actor, {"label": label})], at=at)
    return token, key


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User, at: datetime) -> ApiToken:
    """End a machine's key at once."""
    User.objects.select_for_update().get(pk=token.user_id)
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        record([NewEvent("user", token.user_id, "token.revoked", by.actor, {"label": token.label})], at=at)
    return token
