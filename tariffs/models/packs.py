"""Published regulation packs: rows that are superseded, never edited."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class RegulationPackQuerySet(models.QuerySet["RegulationPack"]):
    """Queries over versions."""

    def current(self) -> "RegulationPackQuerySet":
        """Return the versions that nothing has superseded."""
        return self.filter(superseded_by__isnull=True)

    def in_force(self, on: date) -> "RegulationPackQuerySet":
        """Return the current versions that cover the day."""
        return self.current().filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


class RegulationPack(models.Model):
    """One version of one jurisdiction's law, as the text of its files."""

    jurisdiction = models.CharField(_("jurisdiction"), max_length=4)
    version = models.CharField(_("version"), max_length=40)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until (exclusive)"), null=True, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content = models.JSONField(_("files"))
    published_at = models.DateTimeField(_("published at"))
    superseded_by = models.ForeignKey(
        "self",
        verbose_name=_("superseded by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
    )

    objects = RegulationPackQuerySet.as_manager()

    class Meta:
        verbose_name = _("regulation pack")
        verbose_name_plural = _("regulation packs")
        ordering = ("jurisdiction", "-published_at")
        constraints = (
            models.UniqueConstraint(
                fields=("jurisdiction", "version"),
                name="regulation_pack_version_once",
                violation_error_message=_("This version of the pack is already published."),
            ),
            models.UniqueConstraint(
                fields=("jurisdiction",),
                condition=Q(superseded_by__isnull=True),
                name="regulation_pack_one_current",
                violation_error_message=_("Only one version of a pack can be current."),
            ),
            models.UniqueConstraint(
                fields=("sha256",),
                name="regulation_pack_content_once",
                violation_error_message=_("This content is already published under another version."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="regulation_pack_valid_period",
                violation_error_message=_("A pack must be valid until a day after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="regulation_pack_sha256_form",
                violation_error_message=_("The SHA-256 has 64 hexadecimal characters."),
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="regulation_pack_frozen",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.superseded_by_id IS NOT NULL OR to_jsonb(NEW) - 'superseded_by_id'"
                    " IS DISTINCT FROM to_jsonb(OLD) - 'superseded_by_id'"
                ),
                func="RAISE EXCEPTION 'a published regulation pack is never edited';",
            ),
            pgtrigger.Protect(name="regulation_pack_kept", operation=pgtrigger.Delete),
            # Row triggers do not see TRUNCATE.
            pgtrigger.Trigger(
                name="regulation_pack_no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'a published regulation pack is never removed';",
            ),
        )

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.version}"
