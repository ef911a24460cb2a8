"""The seller's catalogue."""

from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from declarations.models.bounds import AMOUNT_LIMIT, between
from declarations.models.particulars import Particulars, particulars_in_range
from swindow.accounts.models import Organisation, User
from swindow.documents.models import StoredFile


class ProductQuerySet(models.QuerySet["Product"]):
    """Which products somebody may see."""

    def for_actor(self, user: User | AnonymousUser) -> "ProductQuerySet":
        """Return the products of the sellers that the user acts for."""
        return self.filter(seller__in=Organisation.objects.acted_for_by(user))


class Product(Particulars):
    """A catalogue entry; a goods item copies it, so that a later change alters no declaration."""

    reference = models.CharField(max_length=20, unique=True, editable=False)
    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="products")
    sku = models.CharField(_("your article number"), max_length=40)
    description = models.CharField(
        _("description"),
        max_length=200,
        help_text=_("What it is, what it is made of, what it is for. Not a brand name alone."),
    )
    commodity_code = models.CharField(
        _("commodity code"),
        max_length=10,
        validators=[RegexValidator(r"^\d{6,10}$", _("A commodity code has 6 to 10 digits."), code="PR-02")],
        help_text=_("6 to 10 digits, for example 610910."),
    )
    origin = CountryField(
        _("country of origin"), help_text=_("Where it was made, not where it is sent from.")
    )
    unit_price = models.DecimalField(
        _("unit price"), max_digits=15, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    currency = models.CharField(_("currency"), max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")])
    net_mass_kg = models.DecimalField(
        _("net mass of one, kg"),
        max_digits=12,
        decimal_places=3,
        validators=[MinValueValidator(Decimal("0.001"))],
    )
    net_content_value = models.DecimalField(
        _("net content of one"),
        max_digits=12,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("Needed for cosmetics and food, for example 30 ml."),
    )
    net_content_unit = models.CharField(
        _("unit of the net content"),
        max_length=6,
        blank=True,
        choices=[("ml", _("ml")), ("g", _("g")), ("sheet", _("sheets"))],
    )
    picture = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("seller", "sku"),
                name="product_sku_once_per_seller",
                violation_error_message=_("You have a product with this article number already."),
            ),
            between(
                "unit_price",
                lower=Decimal(0),
                upper=AMOUNT_LIMIT,
                is_lower_allowed=False,
                name="product_unit_price_in_range",
                message=_("Give a price above 0."),
            ),
            between(
                "net_mass_kg",
                lower=Decimal(0),
                upper=Decimal(1_000_000),
                is_lower_allowed=False,
                name="product_net_mass_in_range",
                message=_("Give a net mass above 0 and below 1,000,000 kg."),
            ),
            between(
                "net_content_value",
                lower=Decimal(0),
                upper=Decimal(1_000_000),
                is_lower_allowed=False,
                name="product_net_content_in_range",
                message=_("Give a net content above 0 and below 1,000,000."),
            ),
            *particulars_in_range("product"),
        )
        indexes = (models.Index(fields=("seller", "-id"), name="product_page"),)

    def __str__(self) -> str:
        return self.description

    def supplementary_of(self, quantity: Decimal) -> Decimal | None:
        """Return the supplementary quantity of so many; None when the product has none."""
        if self.supplementary_quantity is None:
            return None
        return (self.supplementary_quantity * quantity).quantize(Decimal("0.001"))
