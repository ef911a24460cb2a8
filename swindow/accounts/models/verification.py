"""The examination of who a company is: a case with its own status and history."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from swindow.accounts.models.organisations import Organisation, authorities_of
from swindow.accounts.models.people import User
from swindow.documents.models import StoredFile


class VerificationQuerySet(models.QuerySet["Verification"]):
    """Which verification cases somebody may see."""

    def for_actor(self, user: User | AnonymousUser) -> "VerificationQuerySet":
        """Officers of customs see every case; others their own company's."""
        if not user.is_authenticated:
            return self.none()
        if authorities_of(user) & {"customs"}:
            return self
        return self.filter(organisation__memberships__user=user)

    def open(self) -> "VerificationQuerySet":
        """Return the cases that nobody has decided."""
        return self.filter(status__in=OPEN)


class Verification(models.Model):
    """One examination of who a company is; an officer decides it."""

    class Status(models.TextChoices):
        """How far the examination is."""

        SUBMITTED = "submitted", _("With the trade register")
        REVIEW = "review", _("With an officer")
        ASKED = "asked", _("Question for you")
        VERIFIED = "verified", _("Verified")
        REFUSED = "refused", _("Refused")
        SUSPENDED = "suspended", _("Suspended")
        EXPIRED = "expired", _("Expired")

    class Registry(models.TextChoices):
        """What the trade register said."""

        PENDING = "", _("Not asked yet")
        FOUND = "found", _("Found")
        NOT_FOUND = "not_found", _("Not found")
        NAME_DIFFERS = "name_differs", _("Another name")
        STRUCK_OFF = "struck_off", _("Struck off")

    reference = models.CharField(max_length=20, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="verifications")
    licence = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)
    identity_document = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    # What a verified company wants to change; its data stay as they are until an officer agrees.
    proposed = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.SUBMITTED)
    registry = models.CharField(max_length=14, choices=Registry, blank=True, default="")
    registry_name = models.CharField(max_length=200, blank=True, help_text=_("The name in the register"))
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    valid_until = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("organisation",),
                condition=Q(status__in=("submitted", "review", "asked")),
                name="verification_one_open",
                violation_error_message=_("An officer is looking at your company already."),
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=("submitted", "review", "asked"),
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                )
                | Q(
                    status__in=("verified", "refused", "suspended", "expired"),
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="verification_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("refused", "suspended"), reason__gt="")
                | ~Q(status__in=("refused", "suspended")),
                name="verification_refused_with_reason",
                violation_error_message=_("Say why, so that the company knows what to mend."),
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("submitted_by")),
                name="verification_not_decided_by_its_author",
                violation_error_message=_("Nobody verifies their own company."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has decided it."""
        return self.status in OPEN


OPEN = (Verification.Status.SUBMITTED, Verification.Status.REVIEW, Verification.Status.ASKED)


class VerificationEntry(models.Model):
    """One line of a case's history; written once."""

    class Kind(models.TextChoices):
        """What happened."""

        SUBMITTED = "submitted", _("Sent")
        REGISTRY = "registry", _("The trade register answered")
        ASKED = "asked", _("An officer asked")
        ANSWERED = "answered", _("The company answered")
        VERIFIED = "verified", _("Verified")
        REFUSED = "refused", _("Refused")
        SUSPENDED = "suspended", _("Suspended")
        REINSTATED = "reinstated", _("Suspension lifted")
        EXPIRED = "expired", _("Expired")

    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(max_length=2000, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)
    author = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, help_text=_("Empty for the portal")
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.verification_id} {self.kind}"
