"""What the law asks of some goods only: a claimed preference, a second quantity, alcohol."""

from decimal import Decimal

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from declarations.models.bounds import between
from tariffs.names import SUPPLEMENTARY_UNITS

PREFERENCE_FORM = r"^[A-Z0-9-]{1,10}$"
PREFERENCE = RegexValidator(
    PREFERENCE_FORM,
    _("A preference is a code of up to 10 letters and digits, for example 300 or USMCA."),
    code="preference",
)
NAMES = ("preference", "supplementary_quantity", "supplementary_unit", "abv_percent")


class Particulars(models.Model):
    """Columns of a product and of the goods line that copies it; everything may be left out.

    The supplementary quantity is that of the whole line, and of one in a product.
    """

    preference = models.CharField(_("preference claimed"), max_length=10, blank=True, validators=[PREFERENCE])
    supplementary_quantity = models.DecimalField(
        _("supplementary quantity"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    supplementary_unit = models.CharField(
        _("unit of the supplementary quantity"), max_length=16, blank=True, choices=SUPPLEMENTARY_UNITS
    )
    abv_percent = models.DecimalField(
        _("alcohol, % by volume"), max_digits=5, decimal_places=2, null=True, blank=True
    )

    class Meta:
        abstract = True


def particulars_in_range(table: str) -> tuple[CheckConstraint, ...]:
    """Return the constraints on the columns of `table`; PostgreSQL names them once in a database."""
    return (
        between(
            "supplementary_quantity",
            lower=Decimal(0),
            upper=Decimal(1_000_000_000),
            is_lower_allowed=False,
            name=f"{table}_supplementary_in_range",
            message=_("Give a supplementary quantity above 0."),
        ),
        CheckConstraint(
            condition=Q(supplementary_quantity__isnull=True, supplementary_unit="")
            | Q(supplementary_quantity__isnull=False, supplementary_unit__gt=""),
            name=f"{table}_supplementary_with_unit",
            violation_error_message=_("Give the supplementary quantity with its unit, or neither."),
        ),
        between(
            "abv_percent",
            lower=Decimal(0),
            upper=Decimal("100.01"),
            name=f"{table}_abv_in_range",
            message=_("Alcohol is between 0 and 100 % by volume."),
        ),
    )
