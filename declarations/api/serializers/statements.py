"""What a declarant states: the same shape in a request and in an answer, sections named as on the pages."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from declarations.api.serializers.products import (
    CONTENT_UNITS,
    CommodityCode,
    Preference,
    check_net_content,
    check_supplementary,
)
from declarations.labels import UNITS
from declarations.models import Declaration, SupportingDocument
from declarations.models.declaration import PaymentMethod
from logistics.models import Mode
from swindow.api.fields import (
    CountryCode,
    CurrencyCode,
    Day,
    EmailAddress,
    Number,
    OneOf,
    StrictSerializer,
    Text,
    WholeNumber,
)
from tariffs.names import SUPPLEMENTARY_UNITS

_BUYERS = Declaration._meta.get_field("consignee_type").choices or []
_SCHEMES = Declaration._meta.get_field("registration_scheme").choices or []


def _text(length: int, **options: Any) -> Text:
    return Text(max_length=length, required=False, allow_blank=True, default="", **options)


def _number(digits: int, places: int, **options: Any) -> Number:
    options = {"required": False, "allow_null": True, "default": None} | options
    return Number(max_digits=digits, decimal_places=places, **options)


class Parties(StrictSerializer):
    """Buyer, sender, and the order between them."""

    consignee_type = OneOf(_BUYERS, required=False, default="private")
    consignee_name = _text(120)
    consignee_address = _text(300, is_multiline=True)
    consignee_email = EmailAddress(
        required=False,
        allow_blank=True,
        default="",
        help_text="The buyer is told that the declaration names them, and can object",
    )
    consignee_id = Text(
        max_length=40,
        required=False,
        allow_blank=True,
        write_only=True,
        help_text="Identity number of a private buyer where the country of import asks for it (CN); kept "
        "sealed and never answered. Left out of a PATCH it stays, left out of a PUT it is forgotten",
    )
    consignor_name = _text(120)
    consignor_address = _text(300, is_multiline=True)
    order_number = _text(40)
    ordered_on = Day(required=False, allow_null=True, default=None)
    currency = CurrencyCode(required=False, allow_blank=True, default="")
    freight_amount = _number(15, 2, allow_null=False, default=Decimal(0))
    insurance_amount = _number(15, 2, allow_null=False, default=Decimal(0))


class Transport(StrictSerializer):
    """How the goods travel; the kind of transport document follows from the mode."""

    transport_mode = OneOf(Mode.choices, required=False, allow_blank=True, default="")
    document_number = _text(35)
    means_of_transport = _text(35)
    ship_from = CountryCode(required=False, allow_blank=True, default="")
    place_of_arrival = _text(80)
    arrival_on = Day(required=False, allow_null=True, default=None)
    package_count = WholeNumber(min_value=1, max_value=99_999, required=False, allow_null=True, default=None)
    gross_mass_kg = _number(9, 3, is_zero_allowed=False)


class Tax(StrictSerializer):
    """Tax registration, the buyer's year, and how charges are paid."""

    payment_method = OneOf(PaymentMethod.choices, required=False, allow_blank=True, default="")
    registration_scheme = OneOf(_SCHEMES, required=False, allow_blank=True, default="")
    registration_number = _text(20)
    buyer_annual_used = _number(15, 2)


class GoodsLine(StrictSerializer):
    """One line; what is left out is copied from the product."""

    line_no = WholeNumber(
        required=False, help_text="May be left out: lines are numbered from 1 in their order"
    )
    product = _text(20, help_text="Reference of a product")
    description = Text(max_length=200, required=False)
    commodity_code = CommodityCode(required=False)
    origin = CountryCode(required=False)
    quantity = Number(max_digits=12, decimal_places=3, is_zero_allowed=False)
    unit = OneOf(list(UNITS.items()), required=False, default="piece")
    unit_price = _number(15, 2)
    net_mass_kg = _number(12, 3, is_zero_allowed=False, help_text="Of the whole line")
    gross_mass_kg = Number(
        max_digits=12, decimal_places=3, is_zero_allowed=False, help_text="Of the whole line"
    )
    net_content_value = _number(9, 3, is_zero_allowed=False)
    net_content_unit = OneOf(CONTENT_UNITS, required=False, allow_blank=True, default="")
    preference = Preference(required=False, allow_blank=True, default="")
    supplementary_quantity = _number(12, 3, is_zero_allowed=False, help_text="Of the whole line")
    supplementary_unit = OneOf(SUPPLEMENTARY_UNITS, required=False, allow_blank=True, default="")
    abv_percent = _number(5, 2, max_value=100, help_text="Alcohol, per cent by volume")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check what two fields say together."""
        check_net_content(attrs)
        check_supplementary(attrs)
        net = attrs["net_mass_kg"]
        if net is not None and attrs["gross_mass_kg"] < net:
            message = _("The gross mass cannot be below the net mass.")
            raise serializers.ValidationError({"gross_mass_kg": message})
        return attrs


class Document(StrictSerializer):
    """A paper produced with the declaration, and the figures that it states."""

    file = Text(max_length=16, help_text="Reference of an uploaded file")
    kind = OneOf(SupportingDocument.Kind.choices)
    line_no = WholeNumber(
        min_value=1, required=False, allow_null=True, default=None, help_text="Left out: it covers all lines"
    )
    number = _text(60)
    issuer = _text(120)
    issued_on = Day(required=False, allow_null=True, default=None)
    stated_amount = _number(15, 2, help_text="Total of the goods stated in it")
    stated_gross_mass_kg = _number(12, 3, is_zero_allowed=False)


class DeclarationIn(StrictSerializer):
    """A whole draft. With PUT and PATCH `declarant` cannot change and is left out."""

    declarant = _text(20, help_text="Reference of the seller; needed when you act for several")
    lrn = Text(max_length=35, help_text="Your own number for this declaration; each one once")
    jurisdiction = CountryCode(help_text="Country of import")
    parties = Parties(required=False)
    transport = Transport(required=False)
    tax = Tax(required=False)
    goods_items = GoodsLine(many=True, required=False)
    documents = Document(many=True, required=False)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Read a section that was left out as an empty one."""
        if isinstance(data, Mapping):
            empty: dict[str, Any] = {
                "parties": {},
                "transport": {},
                "tax": {},
                "goods_items": [],
                "documents": [],
            }
            data = {**empty, **data}
        return super().to_internal_value(data)

    def validate_goods_items(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """DE 1/6: at most 999 lines, numbered in their order."""
        if len(lines) > 999:
            raise serializers.ValidationError(_("A declaration has at most 999 lines."))
        if any(line.get("line_no", place) != place for place, line in enumerate(lines, start=1)):
            raise serializers.ValidationError(_("Lines are numbered from 1 in their order."))
        return lines

    def validate_documents(self, documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Bound what one request may name."""
        if len(documents) > 2_000:
            raise serializers.ValidationError(_("A declaration has at most 2,000 documents."))
        return documents
