"""Products and files."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from declarations.models import Product
from declarations.models.particulars import PREFERENCE, PREFERENCE_FORM
from swindow.api.fields import CountryCode, CurrencyCode, Number, OneOf, StrictSerializer, Text
from tariffs.names import SUPPLEMENTARY_UNITS

CODE = r"^[0-9]{6,10}$"
CONTENT_UNITS = Product._meta.get_field("net_content_unit").choices or []


class CommodityCode(serializers.RegexField):
    """A commodity code of 6 to 10 digits."""

    default_error_messages = {"invalid": _("A commodity code has 6 to 10 digits, as text.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(CODE, max_length=10, **options)

    def to_internal_value(self, data: Any) -> str:
        """Refuse numbers: a code may begin with 0."""
        if not isinstance(data, str):
            self.fail("invalid")
        code: str = super().to_internal_value(data)
        return code


class Preference(serializers.RegexField):
    """The code of a claimed preference, such as 300 or USMCA."""

    default_error_messages = {"invalid": PREFERENCE.message}

    def __init__(self, **options: Any) -> None:
        super().__init__(PREFERENCE_FORM, max_length=10, **options)

    def to_internal_value(self, data: Any) -> str:
        """Refuse numbers: a code is a text."""
        if not isinstance(data, str):
            self.fail("invalid")
        preference: str = super().to_internal_value(data)
        return preference


class ProductIn(StrictSerializer):
    """A catalogue entry to register."""

    seller = Text(
        max_length=20, required=False, default="", help_text="Reference; needed when you act for several"
    )
    sku = Text(max_length=40)
    description = Text(max_length=200)
    commodity_code = CommodityCode()
    origin = CountryCode()
    unit_price = Number(max_digits=15, decimal_places=2, is_zero_allowed=False)
    currency = CurrencyCode()
    net_mass_kg = Number(max_digits=9, decimal_places=3, is_zero_allowed=False, help_text="Of one piece")
    net_content_value = Number(
        max_digits=9, decimal_places=3, is_zero_allowed=False, required=False, allow_null=True, default=None
    )
    net_content_unit = OneOf(CONTENT_UNITS, required=False, allow_blank=True, default="")
    preference = Preference(required=False, allow_blank=True, default="")
    supplementary_quantity = Number(
        max_digits=12,
        decimal_places=3,
        is_zero_allowed=False,
        required=False,
        allow_null=True,
        default=None,
        help_text="Of one piece",
    )
    supplementary_unit = OneOf(SUPPLEMENTARY_UNITS, required=False, allow_blank=True, default="")
    abv_percent = Number(
        max_digits=5,
        decimal_places=2,
        max_value=100,
        required=False,
        allow_null=True,
        default=None,
        help_text="Alcohol, per cent by volume",
    )
    picture = Text(max_length=16, required=False, default="", help_text="Reference of an uploaded file")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check what two fields say together."""
        check_net_content(attrs)
        check_supplementary(attrs)
        return attrs


class ProductOut(serializers.Serializer[Product]):
    """A catalogue entry as it stands."""

    reference = serializers.CharField()
    seller = serializers.CharField(source="seller.reference")
    sku = serializers.CharField()
    description = serializers.CharField()
    commodity_code = serializers.CharField()
    origin = serializers.CharField()
    unit_price = serializers.DecimalField(max_digits=15, decimal_places=2)
    currency = serializers.CharField()
    net_mass_kg = serializers.DecimalField(max_digits=12, decimal_places=3)
    net_content_value = serializers.DecimalField(max_digits=12, decimal_places=3, allow_null=True)
    net_content_unit = serializers.CharField()
    preference = serializers.CharField()
    supplementary_quantity = serializers.DecimalField(max_digits=12, decimal_places=3, allow_null=True)
    supplementary_unit = serializers.CharField()
    abv_percent = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    picture = serializers.CharField(source="picture.reference", default="")


class ProductPage(serializers.Serializer[Any]):
    """A page of the catalogue."""

    results = ProductOut(many=True)
    next = serializers.CharField(allow_null=True)


class FileIn(StrictSerializer):
    """A file to keep, sent as multipart/form-data."""

    file = serializers.FileField(max_length=255, allow_empty_file=True)
    seller = Text(max_length=20, required=False, default="")


class FileOut(serializers.Serializer[Any]):
    """A file as it is kept: cleaned, so size and hash may differ from what was sent."""

    reference = serializers.CharField()
    name = serializers.CharField(source="original_name")
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    state = serializers.CharField(help_text="clean, or quarantined until the virus check is done")


def check_net_content(attrs: dict[str, Any]) -> None:
    """Refuse a net content without unit, or a unit without content."""
    value, unit = attrs.get("net_content_value"), attrs.get("net_content_unit")
    if (value is None) != (not unit):
        missing = "net_content_unit" if value is not None else "net_content_value"
        raise serializers.ValidationError({missing: _("Give the net content with its unit, or neither.")})


def check_supplementary(attrs: dict[str, Any]) -> None:
    """Refuse a supplementary quantity without unit, or a unit without quantity."""
    quantity, unit = attrs.get("supplementary_quantity"), attrs.get("supplementary_unit")
    if (quantity is None) != (not unit):
        missing = "supplementary_unit" if quantity is not None else "supplementary_quantity"
        text = _("Give the supplementary quantity with its unit, or neither.")
        raise serializers.ValidationError({missing: text})
