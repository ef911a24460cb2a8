"""The goods of a declaration and the documents produced with it."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from declarations.models.bounds import amount_in_range, between
from declarations.models.declaration import Declaration
from declarations.models.particulars import Particulars, particulars_in_range
from declarations.models.product import Product
from swindow.documents.models import StoredFile


class GoodsItem(Particulars):
    """One line of the declaration; a copy of the product as it was."""

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="goods_items")
    line_no = models.PositiveSmallIntegerField()
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="goods_items", null=True, blank=True
    )
    description = models.CharField(_("description"), max_length=200)
    commodity_code = models.CharField(_("commodity code"), max_length=10)
    origin = CountryField(_("country of origin"))
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=8, default="piece")
    unit_price = models.DecimalField(_("price of one"), max_digits=15, decimal_places=2)
    net_mass_kg = models.DecimalField(_("net mass of the line, kg"), max_digits=12, decimal_places=3)
    gross_mass_kg = models.DecimalField(_("gross mass of the line, kg"), max_digits=12, decimal_places=3)
    net_content_value = models.DecimalField(
        _("net content of one"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    net_content_unit = models.CharField(_("unit of the net content"), max_length=6, blank=True)

    class Meta:
        ordering = ("line_no",)
        constraints = (
            models.UniqueConstraint(fields=("declaration", "line_no"), name="goods_item_line_once"),
            between(
                "quantity",
                lower=Decimal(0),
                upper=Decimal(1_000_000_000),
                is_lower_allowed=False,
                name="goods_item_quantity_in_range",
                message=_("Give a quantity above 0."),
            ),
            amount_in_range(
                "unit_price", name="goods_item_unit_price_in_range", message=_("Give 0 or more.")
            ),
            between(
                "net_mass_kg",
                lower=Decimal(0),
                upper=Decimal(1_000_000_000),
                is_lower_allowed=False,
                name="goods_item_net_mass_in_range",
                message=_("Give a net mass above 0."),
            ),
            between(
                "gross_mass_kg",
                lower=Decimal(0),
                upper=Decimal(1_000_000_000),
                is_lower_allowed=False,
                name="goods_item_gross_mass_in_range",
                message=_("Give a gross mass above 0."),
            ),
            models.CheckConstraint(
                condition=Q(gross_mass_kg__gte=F("net_mass_kg")),
                name="goods_item_gross_covers_net",
                violation_error_message=_("The gross mass cannot be below the net mass."),
            ),
            between(
                "net_content_value",
                lower=Decimal(0),
                upper=Decimal(1_000_000),
                is_lower_allowed=False,
                name="goods_item_net_content_in_range",
                message=_("Give a net content above 0."),
            ),
            *particulars_in_range("goods_item"),
        )

    def __str__(self) -> str:
        return f"{self.line_no}. {self.description}"

    @property
    def item_price(self) -> Decimal:
        """Return the price of the whole line (DE 4/14), in the declaration's currency."""
        return self.quantity * self.unit_price


class SupportingDocument(models.Model):
    """A paper produced with the declaration, and the figures that its issuer stated in it."""

    class Kind(models.TextChoices):
        """What the paper is."""

        INVOICE = "invoice", _("Invoice")
        PACKING_LIST = "packing_list", _("Packing list")
        ORDER = "order", _("Order")
        PAYMENT_RECORD = "payment_record", _("Payment record")
        TRANSPORT_DOCUMENT = "transport_document", _("Transport document")
        HEALTH_CERTIFICATE = "health_certificate", _("Health certificate")
        PHYTOSANITARY_CERTIFICATE = "phytosanitary_certificate", _("Phytosanitary certificate")
        LABEL = "label", _("Label")
        CERTIFICATE_OF_ORIGIN = "certificate_of_origin", _("Certificate of origin")
        STATEMENT_ON_ORIGIN = "statement_on_origin", _("Statement on origin")
        EUR1_CERTIFICATE = "eur1_certificate", _("EUR.1 movement certificate")
        ATR_CERTIFICATE = "atr_certificate", _("A.TR movement certificate")
        OTHER = "other", _("Other")

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="documents")
    goods_item = models.ForeignKey(
        GoodsItem, on_delete=models.SET_NULL, related_name="documents", null=True, blank=True
    )
    kind = models.CharField(_("kind of document"), max_length=26, choices=Kind)
    number = models.CharField(_("number on the document"), max_length=60, blank=True)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    stated_amount = models.DecimalField(
        _("goods total stated in it"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    stated_gross_mass_kg = models.DecimalField(
        _("gross mass stated in it, kg"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (
            amount_in_range(
                "stated_amount", name="supporting_document_amount_in_range", message=_("Give 0 or more.")
            ),
            between(
                "stated_gross_mass_kg",
                lower=Decimal(0),
                upper=Decimal(1_000_000_000),
                is_lower_allowed=False,
                name="supporting_document_gross_mass_in_range",
                message=_("Give a gross mass above 0."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()
