"""One goods line, typed or copied from a product."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from declarations.forms import fields
from declarations.forms.codes import CodeForm
from declarations.forms.fields import text_of
from declarations.forms.particulars import ParticularsForm
from declarations.labels import UNITS
from declarations.models import GoodsItem, Product
from declarations.models.particulars import NAMES as PARTICULARS

COPIED = ("description", "commodity_code", "origin", "unit_price", "net_content_value", "net_content_unit")
_OWN = ("quantity", "unit", "net_mass_kg", "gross_mass_kg", *PARTICULARS)


class LineForm(CodeForm, ParticularsForm):
    """A goods line; what every line has must be there before it becomes one."""

    # Problems are told from top to bottom of the page.
    field_order = ("product", "description", "commodity_code", "origin", "unit_price", "quantity", "unit")

    product = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    description = fields.text(GoodsItem, "description")
    origin = fields.country(GoodsItem, "origin")
    quantity = fields.number(GoodsItem, "quantity", above_zero=True)
    unit = forms.ChoiceField(label=_("Unit"), choices=list(UNITS.items()), initial="piece")
    unit_price = fields.number(GoodsItem, "unit_price")
    net_mass_kg = fields.number(GoodsItem, "net_mass_kg", above_zero=True)
    gross_mass_kg = fields.number(GoodsItem, "gross_mass_kg", above_zero=True)
    net_content_value = fields.number(
        GoodsItem, "net_content_value", required=False, above_zero=True, below=1_000_000
    )
    net_content_unit = fields.choice(Product, "net_content_unit", required=False)

    def __init__(self, *args: Any, currency: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["description"]
        field.help_text = _("What it is, what it is made of, what it is for. Not a brand name alone.")
        self.fields["origin"].help_text = _("Where it was made, not where it is sent from.")
        self.fields["net_mass_kg"].help_text = _("All pieces together, without packing.")
        self.fields["gross_mass_kg"].help_text = _("All pieces together, with packing.")
        self.fields["net_content_value"].help_text = _("Cosmetics, drinks and food: as on the package.")
        if currency:
            label = _("Price of one, %(currency)s") % {"currency": currency}
            self.fields["unit_price"].label = label

    def clean(self) -> dict[str, Any]:
        """Check what two fields say together."""
        data = super().clean() or self.cleaned_data
        net, gross = data.get("net_mass_kg"), data.get("gross_mass_kg")
        if net is not None and gross is not None and gross < net:
            message = _("The gross mass cannot be below the net mass of %(net)s kg.")
            self._refuse("gross_mass_kg", message, net=text_of(net))
        self.check_net_content()
        self.check_supplementary()
        return data

    def write(self, item: GoodsItem, *, product: Product | None) -> GoodsItem:
        """Put the answers into a line."""
        for name in (*COPIED, *_OWN):
            setattr(item, name, self.cleaned_data[name])
        item.product = product or item.product
        return item

    def _refuse(self, name: str, message: Any, **params: str) -> None:
        self.add_error(name, ValidationError(message, params=params or None))


class FromProductForm(forms.Form):
    """Which product, and how many of it."""

    use_required_attribute = False
    product = forms.ChoiceField(label=_("Product"))
    quantity = fields.StrictDecimal(
        label=_("Quantity"), max_digits=12, decimal_places=3, min_value=Decimal("0.001"), initial=1
    )

    def __init__(self, *args: Any, products: list[Product], **options: Any) -> None:
        super().__init__(*args, **options)
        names = [(product.reference, f"{product.sku}, {product.description}") for product in products]
        self.fields["product"].choices = [("", _("Choose")), *names]  # type: ignore[attr-defined]


def line_data(item: GoodsItem) -> dict[str, str]:
    """Return a stored line as a person would type it."""
    names = (*COPIED, *_OWN)
    return {name: text_of(getattr(item, name)) for name in names}


def product_data(product: Product, *, quantity: Decimal) -> dict[str, str]:
    """Return a new line copied from a product; the packing is not known yet."""
    copied = {name: text_of(getattr(product, name)) for name in COPIED}
    net = (product.net_mass_kg * quantity).quantize(Decimal("0.001"))
    return copied | {
        "product": product.reference,
        "quantity": text_of(quantity),
        "unit": "piece",
        "net_mass_kg": text_of(net),
        "preference": product.preference,
        "abv_percent": text_of(product.abv_percent),
        "supplementary_quantity": text_of(product.supplementary_of(quantity)),
        "supplementary_unit": product.supplementary_unit,
    }
