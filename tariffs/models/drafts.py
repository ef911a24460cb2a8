"""Drafts of regulation packs: written by one officer, published by another, then as frozen as the pack."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from swindow.accounts.models import User
from tariffs.models.packs import RegulationPack


class DraftStatus(models.TextChoices):
    """How far a draft is."""

    DRAFT = "draft", _("Being written")
    PROPOSED = "proposed", _("Waiting for a second person")
    PUBLISHED = "published", _("Published as law")
    WITHDRAWN = "withdrawn", _("Withdrawn")


TRANSITIONS = (
    (DraftStatus.DRAFT, DraftStatus.PROPOSED),
    (DraftStatus.DRAFT, DraftStatus.WITHDRAWN),
    (DraftStatus.PROPOSED, DraftStatus.DRAFT),
    (DraftStatus.PROPOSED, DraftStatus.PUBLISHED),
    (DraftStatus.PROPOSED, DraftStatus.WITHDRAWN),
)
OPEN = (DraftStatus.DRAFT, DraftStatus.PROPOSED)
_TRANSITION_LIST = ", ".join(f"('{before}', '{after}')" for before, after in TRANSITIONS)
_TRANSITION_GUARD = f"""
    IF (OLD.status, NEW.status) NOT IN ({_TRANSITION_LIST}) THEN
        RAISE EXCEPTION 'a draft of a pack cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pack_draft_transition_allowed';
    END IF;
    RETURN NEW;
"""
_SIGNED = (DraftStatus.PROPOSED, DraftStatus.PUBLISHED)


class PackDraftQuerySet(models.QuerySet["PackDraft"]):
    """Queries over drafts."""

    def open(self) -> "PackDraftQuerySet":
        """Return those that may still become law."""
        return self.filter(status__in=OPEN)


class PackDraft(models.Model):
    """The next version of one jurisdiction's law while officers write and check it."""

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=4)
    based_on = models.ForeignKey(
        RegulationPack, verbose_name=_("based on"), on_delete=models.PROTECT, related_name="drafts"
    )
    version = models.CharField(_("version"), max_length=40)
    files = models.JSONField(_("files"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    note = models.CharField(_("why"), max_length=500)
    status = models.CharField(
        _("status"), max_length=10, choices=DraftStatus, default=DraftStatus.DRAFT, editable=False
    )
    author = models.ForeignKey(
        User, verbose_name=_("author"), on_delete=models.PROTECT, related_name="pack_drafts"
    )
    created_at = models.DateTimeField(_("begun at"))
    proposed_by = models.ForeignKey(
        User, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+", null=True
    )
    proposed_at = models.DateTimeField(_("proposed at"), null=True)
    published_by = models.ForeignKey(
        User, verbose_name=_("published by"), on_delete=models.PROTECT, related_name="+", null=True
    )
    published_at = models.DateTimeField(_("published at"), null=True)
    withdrawn_by = models.ForeignKey(
        User, verbose_name=_("withdrawn by"), on_delete=models.PROTECT, related_name="+", null=True
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    published_as = models.OneToOneField(
        RegulationPack,
        verbose_name=_("published as"),
        on_delete=models.PROTECT,
        related_name="draft",
        null=True,
    )

    objects = PackDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a regulation pack")
        verbose_name_plural = _("drafts of regulation packs")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("jurisdiction",),
                condition=Q(status__in=OPEN),
                name="pack_draft_one_open",
                violation_error_message=_("This jurisdiction has an open draft already."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=DraftStatus.values),
                name="pack_draft_known_status",
                violation_error_message=_("This status is not known."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=_SIGNED, proposed_by__isnull=False, proposed_at__isnull=False)
                | (~Q(status__in=_SIGNED) & Q(proposed_by__isnull=True, proposed_at__isnull=True)),
                name="pack_draft_proposed_by_somebody",
                violation_error_message=_("A draft is proposed by somebody."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status=DraftStatus.PUBLISHED,
                    published_by__isnull=False,
                    published_at__isnull=False,
                    published_as__isnull=False,
                )
                | (
                    ~Q(status=DraftStatus.PUBLISHED)
                    & Q(published_by__isnull=True, published_at__isnull=True, published_as__isnull=True)
                ),
                name="pack_draft_published_by_somebody",
                violation_error_message=_("A draft is published by somebody, as a pack."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status=DraftStatus.WITHDRAWN, withdrawn_by__isnull=False, withdrawn_at__isnull=False
                )
                | (
                    ~Q(status=DraftStatus.WITHDRAWN) & Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                ),
                name="pack_draft_withdrawn_by_somebody",
                violation_error_message=_("A draft is withdrawn by somebody."),
            ),
            # NULL before publication, and a CHECK holds for what is not known.
            models.CheckConstraint(
                condition=Q(published_by__isnull=True)
                | (~Q(published_by=F("author")) & ~Q(published_by=F("proposed_by"))),
                name="pack_draft_published_by_a_second_person",
                violation_error_message=_("Whoever wrote or proposed a draft does not publish it."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="pack_draft_sha256_form",
                violation_error_message=_("The SHA-256 has 64 hexadecimal characters."),
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="pack_draft_allowed_transition",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status__df=pgtrigger.F("new__status")),
                func=_TRANSITION_GUARD,
            ),
            pgtrigger.Protect(
                name="pack_draft_starts_as_draft",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__status="draft"),
            ),
            # What a second person reads is what is published: only a draft that is being written changes.
            pgtrigger.Trigger(
                name="pack_draft_files_settled",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "((OLD.status <> 'draft' OR NEW.status <> 'draft') AND"
                    " (OLD.files, OLD.sha256, OLD.version)"
                    " IS DISTINCT FROM (NEW.files, NEW.sha256, NEW.version))"
                ),
                func="RAISE EXCEPTION 'only a draft that is being written can be changed';",
            ),
            pgtrigger.Trigger(
                name="pack_draft_origin_kept",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "((OLD.reference, OLD.jurisdiction, OLD.based_on_id, OLD.author_id, OLD.created_at,"
                    " OLD.note) IS DISTINCT FROM (NEW.reference, NEW.jurisdiction, NEW.based_on_id,"
                    " NEW.author_id, NEW.created_at, NEW.note))"
                ),
                func="RAISE EXCEPTION 'a draft keeps its author and the pack that it is based on';",
            ),
            pgtrigger.Trigger(
                name="pack_draft_end_kept",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__status__in=["published", "withdrawn"]),
                func="RAISE EXCEPTION 'a published or withdrawn draft is never edited';",
            ),
            pgtrigger.Protect(name="pack_draft_kept", operation=pgtrigger.Delete),
            # Row triggers do not see TRUNCATE.
            pgtrigger.Trigger(
                name="pack_draft_no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'a draft of a regulation pack is never removed';",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Tell whether it may still become law."""
        return self.status in OPEN
