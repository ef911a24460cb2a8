"""How charges are paid, and what the law of the country of import asks of the seller."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from declarations.forms import fields
from declarations.forms.section import SectionForm
from declarations.models import Declaration
from tariffs.jurisdictions import currency_of, pack_jurisdiction

# What only the law of one jurisdiction asks for.
_ASKED = {"registration_number": "EU", "buyer_annual_used": "CN"}


class TaxForm(SectionForm):
    """Means of payment, tax registration, and what the buyer bought earlier this year."""

    section = "tax"

    payment_method = fields.choice(Declaration, "payment_method", is_radio=True)
    registration_number = fields.text(Declaration, "registration_number", required=False)
    buyer_annual_used = fields.number(Declaration, "buyer_annual_used", required=False)

    def __init__(self, *args: Any, country: str, **options: Any) -> None:
        super().__init__(*args, **options)
        jurisdiction = pack_jurisdiction(country)
        for name, only in _ASKED.items():
            if jurisdiction != only:
                del self.fields[name]
        self._explain(currency_of(country))

    @classmethod
    def is_begun(cls, draft: Declaration) -> bool:
        """Tell whether a means of payment is chosen."""
        return bool(draft.payment_method or draft.registration_number)

    def clean_registration_number(self) -> str:
        """Return the IOSS number in capitals; refuse another form."""
        number = str(self.cleaned_data["registration_number"]).upper().replace(" ", "")
        if number and not (len(number) == 12 and number.startswith("IM") and number[2:].isdigit()):
            raise ValidationError(
                _("An IOSS number is IM and ten digits, like IM5280001234. Without one leave it empty."),
                code="EU-08",
            )
        return number

    def write(self, draft: Declaration) -> None:
        """Store the good fields; a number means that the scheme is used."""
        if "registration_number" in self.cleaned_data:
            draft.registration_scheme = "ioss" if self.cleaned_data["registration_number"] else ""
        super().write(draft)

    def _changed(self, good: list[str]) -> list[str]:
        return [*good, "registration_scheme"]

    def _explain(self, currency: str) -> None:
        if "registration_number" in self.fields:
            field = self.fields["registration_number"]
            field.label = _("IOSS number")
            field.help_text = _("If you took the VAT at sale. Without it VAT is due at the border.")
        if "buyer_annual_used" in self.fields:
            self.fields["buyer_annual_used"].help_text = _(
                "In %(currency)s, without this order. The law sets a yearly limit for each buyer."
            ) % {"currency": currency}
