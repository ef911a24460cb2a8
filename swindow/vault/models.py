"""Sealed values of people and companies, the keys that open them, and who looked."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

_SUBJECT = r"^[a-z]{3,20}:[0-9]{1,19}$"


class SubjectKey(models.Model):
    """The data key of one subject, wrapped by a master key; destroying it erases what it sealed."""

    # "organisation:12": a kind and a key, because this app lies below those that own the rows.
    subject = models.CharField(max_length=40, unique=True)
    wrapped = models.BinaryField(help_text=_("AES-256-GCM under the master key; empty once destroyed"))
    master_key = models.CharField(max_length=16, help_text=_("Which master key wraps it"))
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(subject__regex=_SUBJECT), name="subject_key_names_a_subject"),
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True) | Q(wrapped=b""), name="subject_key_destroyed_is_empty"
            ),
        )

    def __str__(self) -> str:
        return self.subject


class Secret(models.Model):
    """One sealed value, bound to the row and the field that it belongs to."""

    key = models.ForeignKey(SubjectKey, on_delete=models.PROTECT, related_name="secrets")
    row = models.CharField(max_length=40, help_text=_("The row it belongs to: organisation:12"))
    field = models.CharField(max_length=30)
    sealed = models.BinaryField(help_text=_("Nonce, ciphertext and tag of AES-256-GCM"))
    # HMAC-SHA256 of the normalised value under a key of its own: finds equal values, tells nothing.
    index = models.CharField(max_length=64)
    index_key = models.CharField(max_length=16)
    hint = models.CharField(max_length=8, help_text=_("The last characters, for people to recognise it"))
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("row", "field"), name="secret_once_a_field"),
            models.CheckConstraint(condition=Q(row__regex=_SUBJECT), name="secret_names_a_row"),
        )
        indexes = (models.Index(fields=("field", "index"), name="secret_by_index"),)

    def __str__(self) -> str:
        return f"{self.field} of {self.row}"


class Look(models.Model):
    """Somebody outside the company or household saw its data; the subject may read this."""

    # Whose data: "organisation:12", or "declaration:7" for the buyer that it names.
    subject = models.CharField(max_length=40)
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Who that was to the subject: "agency:customs", "organisation:15" for an agent, "portal" for staff.
    capacity = models.CharField(max_length=40)
    what = models.CharField(max_length=30, help_text=_("declaration, paper, company, bank_account"))
    reference = models.CharField(
        max_length=40, blank=True, help_text=_("The public reference of what was seen")
    )
    hour = models.DateTimeField(help_text=_("The hour, so that a page read ten times is one line"))
    first_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("subject", "viewer", "what", "reference", "hour"), name="look_once_an_hour"
            ),
        )
        indexes = (
            models.Index(fields=("subject", "-id"), name="look_of_subject"),
            # How much one person opens, S9.
            models.Index(fields=("viewer", "-first_at"), name="look_of_viewer"),
        )
        triggers = (pgtrigger.Protect(name="look_kept", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.what} of {self.subject}"
