"""The movement of goods: a consignment under one transport contract."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField


class Mode(models.TextChoices):
    """How the goods cross the border."""

    AIR = "air", _("Air")
    SEA = "sea", _("Sea")
    ROAD = "road", _("Land")
    POST = "post", _("Post")


class DocumentKind(models.TextChoices):
    """The transport document; each mode has its own."""

    AIR_WAYBILL = "air_waybill", _("Air waybill")
    CONTAINER = "container", _("Container number")
    VEHICLE_PLATE = "vehicle_plate", _("Vehicle plate")
    POSTAL_ITEM = "postal_item", _("Postal item number")


class Consignment(models.Model):
    """Goods under one transport contract; empty fields are a draft's, lodging asks for them."""

    transport_mode = models.CharField(_("transport"), max_length=4, choices=Mode, blank=True)
    document_kind = models.CharField(_("transport document"), max_length=14, choices=DocumentKind, blank=True)
    document_number = models.CharField(_("transport document number"), max_length=35, blank=True)
    means_of_transport = models.CharField(
        _("flight, vessel or vehicle"), max_length=35, blank=True, help_text=_("For example KL 898.")
    )
    ship_from = CountryField(_("sent from"), blank=True)
    place_of_arrival = models.CharField(_("place of arrival"), max_length=80, blank=True)
    arrival_on = models.DateField(_("expected arrival"), null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, editable=False)
    package_count = models.PositiveIntegerField(_("packages"), null=True, blank=True)
    gross_mass_kg = models.DecimalField(
        _("gross mass, kg"), max_digits=12, decimal_places=3, null=True, blank=True
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(package_count__isnull=True) | Q(package_count__gte=1, package_count__lte=99999),
                name="consignment_package_count_in_range",
                violation_error_message=_("Give a number of packages from 1 to 99,999."),
            ),
            models.CheckConstraint(
                condition=Q(gross_mass_kg__isnull=True) | Q(gross_mass_kg__gt=0, gross_mass_kg__lt=1_000_000),
                name="consignment_gross_mass_in_range",
                violation_error_message=_("Give a gross mass above 0 and below 1,000,000 kg."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_document_kind_display()} {self.document_number}".strip()
