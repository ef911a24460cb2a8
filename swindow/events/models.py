"""The outbox: events form the audit chain of their subject, deliveries are the work that they cause."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

GENESIS = "0" * 64


class Event(models.Model):
    """One thing that happened to a subject; append-only and chained by hash.

    The subject is a kind and a key, not a foreign key: this app lies below every other.
    """

    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    occurred_at = models.DateTimeField()
    actor = models.CharField(max_length=80, help_text=_("Who acted, as audit text: user:12, agency:customs"))
    payload = models.JSONField(help_text=_("Facts for the audit and the handlers; never queried"))
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("subject_kind", "subject_id", "seq"),
                name="event_seq_once_per_subject",
                violation_error_message=_("This place in the audit chain is taken."),
            ),
            models.CheckConstraint(
                condition=Q(
                    seq__gte=1, hash__regex=r"^[0-9a-f]{64}$", previous_hash__regex=r"^[0-9a-f]{64}$"
                ),
                name="event_is_chained",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            # Row triggers do not see TRUNCATE.
            pgtrigger.Trigger(
                name="no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'events are append-only';",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id} #{self.seq} {self.kind}"


class Delivery(models.Model):
    """One handler's duty towards one event; the row is the truth, the broker only rings."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    queue = models.CharField(max_length=20)
    handler = models.CharField(max_length=100)
    # The database's clock decides what is due, so that a worker with a wrong clock does no harm.
    run_after = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    lease_token = models.BigIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(db_default=0)
    last_error = models.TextField(db_default="", blank=True)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(
        null=True, help_text=_("Set when every attempt failed: a person must look")
    )

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = (
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dead_at__isnull=True),
                name="delivery_done_or_dead",
            ),
            models.CheckConstraint(
                condition=Q(lease_until__isnull=True, lease_token__isnull=True)
                | Q(lease_until__isnull=False, lease_token__isnull=False),
                name="delivery_lease_whole",
            ),
        )
        indexes = (
            # The claim and the sweep read only open rows, oldest first.
            models.Index(
                fields=("queue", "run_after"),
                name="delivery_due",
                condition=Q(done_at__isnull=True, dead_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.handler} for event {self.event_id}"
