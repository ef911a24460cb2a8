"""A catalogue entry."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarations.forms import fields
from declarations.forms.codes import CodeForm
from declarations.forms.documents import UploadForm
from declarations.forms.fields import text_of
from declarations.forms.particulars import ParticularsForm
from declarations.models import Product
from declarations.models.particulars import NAMES as PARTICULARS
from swindow.accounts.models import Organisation

_FIELDS = (
    "sku",
    "description",
    "commodity_code",
    "origin",
    "unit_price",
    "currency",
    "net_mass_kg",
    "net_content_value",
    "net_content_unit",
    *PARTICULARS,
)


class ProductForm(CodeForm, ParticularsForm, UploadForm):
    """What a line will copy, with a picture or the label."""

    # Problems are told from top to bottom of the page.
    field_order = ("seller", "description", "sku", "commodity_code", "origin", "net_mass_kg", "unit_price")

    seller = forms.ChoiceField(label=_("Seller"), required=False)
    sku = fields.text(Product, "sku")
    description = fields.text(Product, "description")
    origin = fields.country(Product, "origin")
    unit_price = fields.number(Product, "unit_price", above_zero=True)
    currency = fields.currency(Product, "currency")
    net_mass_kg = fields.number(Product, "net_mass_kg", above_zero=True, below=1_000_000)
    net_content_value = fields.number(
        Product, "net_content_value", required=False, above_zero=True, below=1_000_000
    )
    net_content_unit = fields.choice(Product, "net_content_unit", required=False)

    def __init__(self, *args: Any, sellers: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].label = _("Picture or label")
        self.fields["supplementary_quantity"].label = _("Supplementary quantity of one")
        choices = [(seller.reference, seller.name) for seller in sellers]
        self.fields["seller"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            del self.fields["seller"]

    def clean(self) -> dict[str, Any]:
        """Check what two fields say together."""
        data = super().clean() or self.cleaned_data
        self.check_net_content()
        self.check_supplementary()
        return data

    def write(self, product: Product) -> Product:
        """Put the answers into a product."""
        for name in _FIELDS:
            setattr(product, name, self.cleaned_data[name])
        return product


def product_answers(product: Product) -> dict[str, str]:
    """Return a stored product as a person would type it."""
    return {name: text_of(getattr(product, name)) for name in _FIELDS}
