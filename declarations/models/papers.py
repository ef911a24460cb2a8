"""The clearance papers of a declaration."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from declarations.models.declaration import Declaration
from swindow.documents.models import IssuedDocument


class ClearanceDocument(models.Model):
    """A paper that the agent downloads; issued means frozen, a correction is a new one."""

    class Kind(models.TextChoices):
        """What the paper says."""

        PERMISSION = "permission", _("Clearance permission")
        TAX_BILL = "tax_bill", _("Tax bill")

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="clearance_documents")
    kind = models.CharField(max_length=12, choices=Kind)
    document = models.OneToOneField(IssuedDocument, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True, help_text=_("When the signed file was ready"))
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("declaration", "kind"),
                condition=Q(superseded_at__isnull=True),
                name="clearance_document_one_live",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document}"
