"""Files that people sent in and papers that the portal issued; who may see them is decided above."""

import secrets

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

_SHA256 = r"^[0-9a-f]{64}$"
_MAX_STORED_BYTES = 64 * 1024 * 1024


def new_file_reference() -> str:
    """Return the public reference of an uploaded file, 96 random bits."""
    return secrets.token_urlsafe(12)


def new_verification_code() -> str:
    """Return the public code of an issued paper, 128 random bits."""
    return secrets.token_urlsafe(16)


class StoredFile(models.Model):
    """A file that an organisation sent; `sha256` and `size` (bytes) are those of the cleaned copy we keep."""

    class State(models.TextChoices):
        QUARANTINED = "quarantined", _("Waiting for the virus check")
        CLEAN = "clean", _("Accepted")
        REFUSED = "refused", _("Refused")

    reference = models.CharField(max_length=16, default=new_file_reference, editable=False)
    # No foreign key: organisations live on a floor above this one.
    owner_id = models.BigIntegerField()
    original_name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    received_sha256 = models.CharField(
        max_length=64, help_text=_("Hash of the bytes as they arrived, to recognise a file sent twice")
    )
    storage_key = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=12, choices=State.choices)
    refusal_reason = models.CharField(max_length=200, blank=True)
    scanned_at = models.DateTimeField(null=True, help_text=_("Empty when no virus scanner looked at it"))
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("reference",),
                name="stored_file_reference_once",
                violation_error_message=_("This file reference is taken."),
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=_MAX_STORED_BYTES),
                name="stored_file_size",
                violation_error_message=_("A file has at least one byte and at most 64 MiB."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=_SHA256, received_sha256__regex=_SHA256),
                name="stored_file_hashes",
                violation_error_message=_("A file hash is 64 hexadecimal digits."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=("quarantined", "clean"), refusal_reason="") & ~Q(storage_key="")
                | Q(state="refused", storage_key="") & ~Q(refusal_reason=""),
                name="stored_file_refused_with_reason",
                violation_error_message=_("Only a refused file has a reason, and only it has no object."),
            ),
        )
        indexes = (
            # The sweep reads the files that still wait for the virus check.
            models.Index(
                fields=("uploaded_at",), name="stored_file_waiting", condition=Q(state="quarantined")
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="contents_frozen",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF (NEW.reference, NEW.owner_id, NEW.original_name, NEW.content_type, NEW.size,
                        NEW.sha256, NEW.received_sha256, NEW.uploaded_at)
                       IS DISTINCT FROM
                       (OLD.reference, OLD.owner_id, OLD.original_name, OLD.content_type, OLD.size,
                        OLD.sha256, OLD.received_sha256, OLD.uploaded_at)
                    THEN RAISE EXCEPTION 'a stored file never changes'; END IF;
                    IF OLD.state <> NEW.state AND OLD.state <> 'quarantined'
                    THEN RAISE EXCEPTION 'a stored file that is % stays so', OLD.state; END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return self.original_name


class IssuedDocument(models.Model):
    """A numbered paper; renders from its snapshot, frozen once it is live (`size` in bytes)."""

    class State(models.TextChoices):
        ISSUING = "issuing", _("Being issued")
        LIVE = "live", _("Valid")
        SUPERSEDED = "superseded", _("Replaced")
        REVOKED = "revoked", _("Withdrawn")

    number = models.CharField(max_length=24)
    kind = models.CharField(max_length=4, help_text=_("The letters before the number"))
    title = models.CharField(max_length=120)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=40, help_text=_("Reference of what the paper is about"))
    revision = models.PositiveSmallIntegerField()
    verification_code = models.CharField(max_length=32, default=new_verification_code, editable=False)
    snapshot = models.JSONField(help_text=_("What the paper says; never queried"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.ISSUING)
    dated_at = models.DateTimeField(help_text=_("The date that the paper bears"))
    issued_at = models.DateTimeField(null=True, help_text=_("When the signed file was ready"))
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    storage_key = models.CharField(max_length=120, blank=True)
    signer = models.CharField(max_length=200, blank=True, help_text=_("Subject of the sealing certificate"))
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("number",),
                name="issued_number_once",
                violation_error_message=_("This document number is taken."),
            ),
            models.UniqueConstraint(
                fields=("verification_code",),
                name="issued_code_once",
                violation_error_message=_("This verification code is taken."),
            ),
            models.UniqueConstraint(
                fields=("subject", "kind", "revision"),
                name="issued_once_per_revision",
                violation_error_message=_("This paper has its number already."),
            ),
            models.UniqueConstraint(
                fields=("subject", "kind"),
                condition=Q(state="live"),
                name="issued_one_live_per_subject",
                violation_error_message=_("Another paper of this kind is valid: replace it."),
            ),
            models.CheckConstraint(
                condition=Q(
                    number__regex=r"^[A-Z]{2,4}-[0-9]{2}-[0-9]{8,12}-[0-9]$",
                    kind__regex=r"^[A-Z]{2,4}$",
                    verification_code__regex=r"^[A-Za-z0-9_-]{22}$",
                    revision__gte=1,
                    revision__lte=9999,
                ),
                name="issued_number_form",
                violation_error_message=_("A document number looks like CP-26-00000012-7."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=("live", "superseded", "revoked"),
                    issued_at__isnull=False,
                    sha256__regex=_SHA256,
                    size__gte=1,
                    size__lte=_MAX_STORED_BYTES,
                )
                & ~Q(storage_key="")
                & ~Q(signer="")
                | Q(
                    state__in=("issuing", "revoked"),
                    issued_at__isnull=True,
                    sha256="",
                    size=0,
                    storage_key="",
                    signer="",
                ),
                name="issued_with_its_file",
                violation_error_message=_("A paper has its date, seal and file exactly when it is issued."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=("issuing", "live"), superseded_by__isnull=True)
                | Q(state="superseded", superseded_by__isnull=False)
                | Q(state="revoked"),
                name="issued_replaced_by_another",
                violation_error_message=_("A replaced paper names the one that replaces it."),
            ),
            models.CheckConstraint(
                condition=Q(state="revoked", revoked_at__isnull=False) & ~Q(revocation_reason="")
                | Q(
                    state__in=("issuing", "live", "superseded"),
                    revoked_at__isnull=True,
                    revocation_reason="",
                ),
                name="issued_withdrawn_with_reason",
                violation_error_message=_("A withdrawn paper has a date and a reason."),
            ),
        )
        indexes = (
            # The public page looks an uploaded PDF up by its hash.
            models.Index(fields=("sha256",), name="issued_by_hash", condition=~Q(sha256="")),
        )
        triggers = (
            pgtrigger.Trigger(
                name="issued_frozen",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF (NEW.number, NEW.kind, NEW.title, NEW.language, NEW.subject, NEW.revision,
                        NEW.verification_code, NEW.snapshot, NEW.dated_at)
                       IS DISTINCT FROM
                       (OLD.number, OLD.kind, OLD.title, OLD.language, OLD.subject, OLD.revision,
                        OLD.verification_code, OLD.snapshot, OLD.dated_at)
                    THEN RAISE EXCEPTION 'a document keeps its number and content'; END IF;
                    IF OLD.state <> 'issuing'
                       AND (NEW.issued_at, NEW.sha256, NEW.size, NEW.storage_key, NEW.signer)
                           IS DISTINCT FROM
                           (OLD.issued_at, OLD.sha256, OLD.size, OLD.storage_key, OLD.signer)
                    THEN RAISE EXCEPTION 'an issued document keeps its file'; END IF;
                    IF NEW.state <> OLD.state AND NOT (
                        OLD.state = 'issuing'
                        OR OLD.state = 'live' AND NEW.state IN ('superseded', 'revoked')
                        OR OLD.state = 'superseded' AND NEW.state = 'revoked')
                    THEN RAISE EXCEPTION 'a document cannot go from % to %', OLD.state, NEW.state; END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="issued_kept", operation=pgtrigger.Delete),
            # Row triggers do not see TRUNCATE.
            pgtrigger.Trigger(
                name="issued_no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'issued papers are never removed';",
            ),
        )

    def __str__(self) -> str:
        return self.number
