"""What is due and what was paid."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from declarations.models.bounds import amount_in_range
from declarations.models.declaration import Declaration, PaymentMethod
from declarations.models.goods import GoodsItem


class Assessment(models.Model):
    """The computed result of one version of a declaration, replayable from its snapshot."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="assessments")
    version = models.PositiveIntegerField()
    regime = models.CharField(max_length=30)
    pack_version = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    customs_value_amount = models.DecimalField(max_digits=17, decimal_places=2)
    payable_amount = models.DecimalField(max_digits=17, decimal_places=2)
    snapshot = models.JSONField(help_text=_("Facts and result; never queried, only replayed"))
    assessed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("declaration", "version"), name="assessment_once_per_version"),
            amount_in_range(
                "customs_value_amount", name="assessment_value_in_range", message=_("Out of range.")
            ),
            amount_in_range("payable_amount", name="assessment_payable_in_range", message=_("Out of range.")),
        )

    def __str__(self) -> str:
        return f"{self.payable_amount} {self.currency}"


class Charge(models.Model):
    """One tax line of an assessment, with the rule and the formula behind it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="charges")
    goods_item = models.ForeignKey(
        GoodsItem, on_delete=models.PROTECT, related_name="charges", null=True, blank=True
    )
    tax_type = models.CharField(max_length=20)
    base_amount = models.DecimalField(max_digits=17, decimal_places=4)
    rate = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=17, decimal_places=2)
    rule = models.CharField(max_length=12)
    expression = models.CharField(max_length=200)
    collector = models.CharField(max_length=10)

    class Meta:
        ordering = ("id",)
        constraints = (
            amount_in_range("amount", name="charge_amount_in_range", message=_("Out of range.")),
            amount_in_range("base_amount", name="charge_base_in_range", message=_("Out of range.")),
        )

    def __str__(self) -> str:
        return f"{self.tax_type} {self.amount}"


class Payment(models.Model):
    """One payment of a declaration's charges; the payment service answers by a signed notice."""

    class Status(models.TextChoices):
        """How far the payment is."""

        REQUESTED = "requested", _("Waiting for the payment service")
        SETTLED = "settled", _("Paid")
        FAILED = "failed", _("Failed")

    reference = models.CharField(max_length=20, unique=True, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="payments")
    amount = models.DecimalField(max_digits=17, decimal_places=2)
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=10, choices=PaymentMethod)
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED)
    requested_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)
    provider_reference = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("declaration",),
                condition=Q(status__in=("requested", "settled")),
                name="payment_one_live_per_declaration",
                violation_error_message=_("These charges are paid or being paid already."),
            ),
            models.CheckConstraint(
                condition=Q(status="settled", settled_at__isnull=False)
                | (~Q(status="settled") & Q(settled_at__isnull=True)),
                name="payment_settled_at_when_settled",
            ),
            amount_in_range("amount", name="payment_amount_in_range", message=_("Out of range.")),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.amount} {self.currency}"
