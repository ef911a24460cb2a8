"""Declarations as machines read them."""

from collections.abc import Mapping
from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from declarations.api.serializers.statements import DeclarationIn, Parties, Tax, Transport
from declarations.buyers import hint_of_number
from declarations.models import Declaration, GoodsItem, Hold, Payment, SupportingDocument


class GoodsLineOut(serializers.Serializer[GoodsItem]):
    """One line as it is stored."""

    line_no = serializers.IntegerField()
    product = serializers.CharField(source="product.reference", default="")
    description = serializers.CharField()
    commodity_code = serializers.CharField()
    origin = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3)
    unit = serializers.CharField()
    unit_price = serializers.DecimalField(max_digits=15, decimal_places=2)
    net_mass_kg = serializers.DecimalField(max_digits=12, decimal_places=3)
    gross_mass_kg = serializers.DecimalField(max_digits=12, decimal_places=3)
    net_content_value = serializers.DecimalField(max_digits=12, decimal_places=3, allow_null=True)
    net_content_unit = serializers.CharField()
    preference = serializers.CharField()
    supplementary_quantity = serializers.DecimalField(max_digits=12, decimal_places=3, allow_null=True)
    supplementary_unit = serializers.CharField()
    abv_percent = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)


class DocumentOut(serializers.Serializer[SupportingDocument]):
    """One paper as it is stored."""

    file = serializers.CharField(source="file.reference")
    file_name = serializers.CharField(source="file.original_name")
    kind = serializers.CharField()
    line_no = serializers.IntegerField(source="goods_item.line_no", default=None, allow_null=True)
    number = serializers.CharField()
    issuer = serializers.CharField()
    issued_on = serializers.DateField(allow_null=True)
    stated_amount = serializers.DecimalField(max_digits=15, decimal_places=2, allow_null=True)
    stated_gross_mass_kg = serializers.DecimalField(max_digits=12, decimal_places=3, allow_null=True)


class HoldOut(serializers.Serializer[Hold]):
    """One authority's stop."""

    authority = serializers.CharField()
    kind = serializers.CharField()
    opened_at = serializers.DateTimeField()
    lifted_at = serializers.DateTimeField(allow_null=True)
    reason_code = serializers.CharField()


class PaymentOut(serializers.Serializer[Payment]):
    """One payment of the charges."""

    reference = serializers.CharField()
    amount = serializers.DecimalField(max_digits=17, decimal_places=2)
    currency = serializers.CharField()
    method = serializers.CharField()
    status = serializers.CharField(help_text="requested, settled or failed")
    requested_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class PartiesOut(Parties):
    """Buyer, sender and order as they are stored; of the buyer's number only its last characters."""

    consignee_id = None  # type: ignore[assignment]  # REST framework takes an inherited field away by None
    consignee_id_hint = serializers.SerializerMethodField()

    def get_consignee_id_hint(self, declaration: Declaration) -> str:
        """Return the last characters; empty when no number is kept."""
        return hint_of_number(declaration)


class DeclarationRow(serializers.Serializer[Declaration]):
    """A declaration in a list."""

    reference = serializers.CharField()
    lrn = serializers.CharField()
    mrn = serializers.CharField(help_text="Empty until acceptance")
    status = serializers.CharField(help_text="draft, accepted, released, rejected or invalidated")
    jurisdiction = serializers.CharField()
    declarant = serializers.CharField(source="declarant.reference")
    saved_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)
    rejected_at = serializers.DateTimeField(allow_null=True)


class DeclarationPage(serializers.Serializer[Any]):
    """A page of declarations."""

    results = DeclarationRow(many=True)
    next = serializers.CharField(allow_null=True)


class DeclarationOut(DeclarationRow):
    """A declaration with all that it states and what keeps it."""

    representative = serializers.CharField(source="representative.reference", default="")
    reason_code = serializers.CharField(help_text="Why it was refused")
    reason = serializers.CharField()
    parties = PartiesOut(source="*")
    transport = Transport(source="consignment")
    tax = Tax(source="*")
    goods_items = GoodsLineOut(many=True)
    documents = DocumentOut(many=True)
    holds = HoldOut(many=True)
    payments = PaymentOut(many=True)


def with_parts(declarations: QuerySet[Declaration]) -> QuerySet[Declaration]:
    """Fetch all that DeclarationOut shows, in a fixed number of statements."""
    return declarations.select_related("declarant", "representative", "consignment").prefetch_related(
        Prefetch("goods_items", GoodsItem.objects.select_related("product")),
        Prefetch("documents", SupportingDocument.objects.select_related("file", "goods_item")),
        Prefetch("holds", Hold.objects.order_by("pk")),
        Prefetch("payments", Payment.objects.order_by("pk")),
    )


def show(declaration: Declaration) -> dict[str, Any]:
    """Return a declaration as the API shows it, read anew."""
    whole = with_parts(Declaration.objects.filter(pk=declaration.pk)).get()
    return dict(DeclarationOut(whole).data)


def statement_of(declaration: Declaration) -> dict[str, Any]:
    """Return what a draft states in the shape of a request, so that a PATCH can be merged into it."""
    return _known(
        DeclarationIn(), {key: value for key, value in show(declaration).items() if key != "declarant"}
    )


def _known(serializer: serializers.Serializer[Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, field in serializer.fields.items():
        if name not in shown:
            continue
        value = shown[name]
        if isinstance(field, serializers.ListSerializer):
            child = cast("serializers.Serializer[Any]", field.child)
            kept[name] = [_known(child, row) for row in value]
        elif isinstance(field, serializers.Serializer):
            kept[name] = _known(field, value)
        else:
            kept[name] = value
    return kept
