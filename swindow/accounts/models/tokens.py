"""Machines: their keys, and what they asked already."""

import hashlib
import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from swindow.accounts.models.people import User


class ApiToken(models.Model):
    """A machine's key; only its SHA-256 is kept, so a dump cannot sign in."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(null=True, help_text=_("Written once a day at most"))
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label

    @staticmethod
    def new_key() -> str:
        """Return a fresh 256-bit key; it is shown once."""
        return f"sw_{secrets.token_urlsafe(32)}"

    @staticmethod
    def digest_of(key: str) -> str:
        """Return what the database keeps of a key."""
        return hashlib.sha256(key.encode()).hexdigest()


class IdempotentRequest(models.Model):
    """A machine's POST and its answer, so that the same key never acts twice."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    operation = models.CharField(max_length=120)
    key = models.CharField(max_length=80)
    body_digest = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "operation", "key"), name="idempotency_key_once"),
        )

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"
