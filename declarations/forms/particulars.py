"""What is asked of some goods only: a claimed preference, a supplementary quantity, alcohol."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from declarations.forms import fields
from declarations.forms.section import KeptForm
from declarations.models import GoodsItem
from declarations.models.particulars import NAMES, PREFERENCE


class ParticularsForm(KeptForm):
    """Fields that stand folded until they hold something or something is wrong with them."""

    preference = fields.text(GoodsItem, "preference", required=False)
    supplementary_quantity = fields.number(
        GoodsItem, "supplementary_quantity", required=False, above_zero=True, below=1_000_000_000
    )
    supplementary_unit = fields.choice(GoodsItem, "supplementary_unit", required=False)
    abv_percent = fields.number(GoodsItem, "abv_percent", required=False, up_to=100)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["preference"].help_text = _(
            "Its code, when you hold the proof of origin for it: 300 in the European Union, USMCA in the "
            "United States."
        )
        self.fields["supplementary_quantity"].help_text = _("Where the duty counts pieces, litres or pairs.")
        self.fields["abv_percent"].help_text = _("Drinks with alcohol, perfumes.")

    @property
    def is_open(self) -> bool:
        """Tell whether a folded field holds something, or is wrong."""
        return any(self.errors.get(name) or self[name].value() for name in NAMES)

    def clean_preference(self) -> str:
        """Return the code in capitals."""
        preference = str(self.cleaned_data["preference"]).upper().strip()
        if preference:
            PREFERENCE(preference)
        return preference

    def check_pair(self, value: str, unit: str, *, message: Any) -> None:
        """Refuse a value without its unit, and a unit without its value."""
        data = self.cleaned_data
        if bool(data.get(value)) != bool(data.get(unit)):
            missing = unit if data.get(value) else value
            if missing not in self.errors:
                self.add_error(missing, message)

    def check_supplementary(self) -> None:
        """Refuse a supplementary quantity without its unit, or the other way round."""
        message = _("Give the supplementary quantity with its unit, or neither.")
        self.check_pair("supplementary_quantity", "supplementary_unit", message=message)

    def check_net_content(self) -> None:
        """Refuse a net content without its unit, or the other way round."""
        message = _("Give the net content with its unit, or neither.")
        self.check_pair("net_content_value", "net_content_unit", message=message)
