"""Consent, copies of one's own data, erasure, and what the retention job did."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from swindow.accounts.models import User


class OwnQuerySet(models.QuerySet["models.Model"]):
    """What belongs to one person."""

    def for_actor(self, user: User | AnonymousUser) -> "OwnQuerySet":
        """Return the person's own rows."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(person=user)


class Consent(models.Model):
    """A person read a version of the privacy notice and agreed."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents")
    version = models.CharField(max_length=10, help_text=_("Date of the notice: 2026-11-26"))
    language = models.CharField(max_length=10)
    given_at = models.DateTimeField()

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "version"), name="consent_once_a_version"),)

    def __str__(self) -> str:
        return f"{self.person_id} to {self.version}"


class DataCopy(models.Model):
    """A copy of a person's own data, made by a worker and kept for a few days."""

    class Status(models.TextChoices):
        """How far it is."""

        ASKED = "asked", _("Being made")
        READY = "ready", _("Ready")
        EXPIRED = "expired", _("Expired")

    reference = models.CharField(max_length=20, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="data_copies")
    status = models.CharField(max_length=8, choices=Status, default=Status.ASKED)
    storage_key = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0, help_text=_("Bytes"))
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(status="asked"),
                name="data_copy_one_at_a_time",
                violation_error_message=_("A copy of your data is being made already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"


class Erasure(models.Model):
    """A person asked to be forgotten; what went, and what the law keeps."""

    class Status(models.TextChoices):
        """How far it is."""

        ASKED = "asked", _("Being examined")
        DONE = "done", _("Done")

    reference = models.CharField(max_length=20, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="erasures")
    status = models.CharField(max_length=8, choices=Status, default=Status.ASKED)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    # [{"kind": ..., "erased": 3, "kept": 2, "ground": ..., "until": ...}]: counts and grounds, no data.
    outcome = models.JSONField(default=list)

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(status="asked"), name="erasure_one_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"


class RetentionRun(models.Model):
    """One run of the retention job: how many rows of each kind it removed."""

    ran_at = models.DateTimeField()
    removed = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.ran_at:%Y-%m-%d}"
