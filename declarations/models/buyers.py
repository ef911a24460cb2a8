"""The buyer whom a declaration names, and what the buyer says about it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from declarations.models.declaration import Declaration


class BuyerNotice(models.Model):
    """Tells the named buyer of the use of their identity; a disputed use holds the goods (promise S10)."""

    class Answer(models.TextChoices):
        """What the buyer said."""

        NONE = "", _("No answer yet")
        CONFIRMED = "confirmed", _("Confirmed")
        DISPUTED = "disputed", _("Disputed")

    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="buyer_notice")
    # The address of the page is a secret: only its SHA-256 is kept, so a dump opens nothing.
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text=_("Empty while no mail has left"))
    seen_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=9, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    note = models.CharField(_("what is wrong"), max_length=500, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="buyer_notice_answered_at_when_answered",
            ),
        )
        indexes = (
            # Risk rule R-203 asks how many buyers objected to a seller: few among many notices.
            models.Index(
                fields=("declaration",), name="buyer_notice_disputed", condition=Q(answer="disputed")
            ),
        )

    def __str__(self) -> str:
        return f"notice about {self.declaration_id}"
