"""A person's language, machine keys, sessions and lost factors; and whether the account works at all."""

from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from swindow.accounts.models import ApiToken, User
from swindow.events.outbox import NewEvent, record
from swindow.problems import Problem, Refused

# Whoever acts when no person does, as audit text.
PORTAL = "portal"


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


def end_tokens(user: User, *, at: datetime, by: str = PORTAL) -> None:
    """End every machine key of a person in the caller's transaction."""
    User.objects.select_for_update().get(pk=user.pk)
    tokens = ApiToken.objects.select_for_update().filter(user=user, revoked_at=None).order_by("pk")
    ended = [
        NewEvent("user", user.pk, "token.revoked", by, {"label": label})
        for label in tokens.values_list("label", flat=True)
    ]
    tokens.order_by().update(revoked_at=at)
    record(ended, at=at)


def end_sessions(user: User) -> None:
    """Sign a person out everywhere; by the list of sessions, because the session table has no owner."""
    sessions = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    sessions.delete()


@transaction.atomic
def remove_second_factor(user: User, *, reason: str, by: User, at: datetime) -> int:
    """Remove all factors and recovery codes of somebody who lost them, and sign the person out everywhere.

    Returns how many went; raises Refused (AC-55) for the own ones: those are replaced on one's own page.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk == by.pk:
        raise Refused([_own_factor()])
    removed: int = Authenticator.objects.filter(user=user).delete()[0]
    end_sessions(user)
    if removed:
        record([NewEvent("user", user.pk, "account.factor_removed", by.actor, {"reason": reason})], at=at)
    return removed


@transaction.atomic
def switch_off(user: User, *, by: User, at: datetime) -> User:
    """Close an account at once, with its sessions and machine keys; closing it twice changes nothing."""
    return close_account(user, actor=by.actor, reason="", at=at)


@transaction.atomic
def switch_on(user: User, *, by: User, at: datetime) -> User:
    """Open a closed account again; the person signs in anew and makes new machine keys."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        record([NewEvent("user", user.pk, "account.switched_on", by.actor)], at=at)
    return user


@transaction.atomic
def limit_access(user: User, *, until: date | None, by: User, at: datetime) -> User:
    """Set the last day on which an account works; None removes it."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.access_until != until:
        user.access_until = until
        user.save(update_fields=["access_until"])
        payload = {"until": until.isoformat() if until else ""}
        record([NewEvent("user", user.pk, "account.access_limited", by.actor, payload)], at=at)
    return user


def close_account(user: User, *, actor: str, reason: str, at: datetime) -> User:
    """Close an account in the caller's transaction, by whoever is named as audit text."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        record([NewEvent("user", user.pk, "account.switched_off", actor, {"reason": reason})], at=at)
    end_tokens(user, at=at, by=actor)
    end_sessions(user)
    return user


def _own_factor() -> Problem:
    return Problem(
        "person",
        "AC-55",
        _("Nobody removes the own second factor this way."),
        _("Ask another administrator to name you."),
    )
