"""A catalogue entry."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarations.forms import fields
from declarations.forms.documents import UploadForm
from declarations.forms.fields import text_of
from declarations.forms.goods import CODE
from declarations.models import Product
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
)


class ProductForm(UploadForm):
    """What a line will copy, with a picture or the label."""

    seller = forms.ChoiceField(label=_("Seller"), required=False)
    sku = fields.text(Product, "sku")
    description = fields.text(Product, "description")
    commodity_code = forms.CharField(
        label=_("Commodity code"),
        max_length=20,
        help_text=_("6 to 10 digits, for example 610910. Spaces and points do not matter."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
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
        choices = [(seller.reference, seller.name) for seller in sellers]
        self.fields["seller"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            del self.fields["seller"]

    def clean_commodity_code(self) -> str:
        """Return the digits alone."""
        code = "".join(str(self.cleaned_data["commodity_code"]).split()).replace(".", "")
        CODE(code)
        return code

    def clean(self) -> dict[str, Any]:
        """Check what two fields say together."""
        data = super().clean() or self.cleaned_data
        value, unit = data.get("net_content_value"), data.get("net_content_unit")
        if bool(value) != bool(unit):
            missing = "net_content_unit" if value else "net_content_value"
            if missing not in self.errors:
                self.add_error(missing, _("Give the net content with its unit, or neither."))
        return data

    def write(self, product: Product) -> Product:
        """Put the answers into a product."""
        for name in _FIELDS:
            setattr(product, name, self.cleaned_data[name])
        return product


def product_answers(product: Product) -> dict[str, str]:
    """Return a stored product as a person would type it."""
    return {name: text_of(getattr(product, name)) for name in _FIELDS}
