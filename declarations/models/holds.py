"""What keeps goods from being released, and the questions behind it."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from declarations.models.declaration import Declaration
from swindow.accounts.models import User


class Hold(models.Model):
    """One authority's stop; it is lifted, never deleted."""

    class Kind(models.TextChoices):
        """What must still happen."""

        RISK = "risk", _("Customs examination")
        ASSESSMENT = "assessment", _("Tax examination")
        PAYMENT = "payment", _("Payment")
        SPS = "sps", _("Health and quarantine examination")
        ARRIVAL = "arrival", _("Arrival of the goods")
        IDENTITY = "identity", _("The buyer's objection")

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="holds")
    authority = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=Kind)
    opened_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True)
    reason_code = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("declaration", "authority", "kind"),
                condition=Q(lifted_at__isnull=True),
                name="hold_one_open_per_authority_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by="")
                | Q(lifted_at__isnull=False, lifted_by__gt=""),
                name="hold_lifted_by_somebody",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="lifted_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__lifted_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.authority}: {self.get_kind_display()}"


class InformationRequest(models.Model):
    """A question of an authority; the answer lets it go on."""

    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="information_requests"
    )
    authority = models.CharField(max_length=12)
    reason_code = models.CharField(max_length=12)
    question = models.TextField(_("question"), max_length=2000)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("declaration", "authority"),
                condition=Q(answered_at__isnull=True),
                name="information_request_one_open_per_authority",
                violation_error_message=_("This authority has an open question already."),
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="", answered_by__isnull=True)
                | Q(answered_at__isnull=False, answer__gt="", answered_by__isnull=False),
                name="information_request_answered_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.authority}: {self.question[:40]}"
