"""How charges are paid, and what the law of the country of import asks of the seller."""

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from declarations.forms import fields
from declarations.forms.section import SectionForm
from declarations.models import Declaration
from tariffs.jurisdictions import currency_of, pack_jurisdiction
from tariffs.packs import find_pack

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Registration:
    """The seller's tax registration that the law of a jurisdiction asks for, and how to write its number."""

    scheme: str
    label: "_StrPromise"
    help: "_StrPromise"
    bad: "_StrPromise"
    rule: str


_AT_SALE = _("If you took the VAT at sale. Without it VAT is due at the border.")
_GST_AT_SALE = _("Of the seller or marketplace that took the GST at sale.")
# By jurisdiction; the form of a number stands in its regulation pack.
_REGISTRATIONS = {
    "EU": Registration(
        "ioss",
        _("IOSS number"),
        _AT_SALE,
        _("An IOSS number is IM and ten digits, like IM5280001234. Without one leave it empty."),
        "EU-08",
    ),
    "GB": Registration(
        "gb_vat",
        _("VAT number of the United Kingdom"),
        _("Of the seller or marketplace that took the VAT at sale."),
        _("A VAT number is GB and 9 or 12 digits, like GB123456789. Without one leave it empty."),
        "GB-15",
    ),
    "AU": Registration(
        "au_gst",
        _("GST registration of Australia (ABN or ARN)"),
        _GST_AT_SALE,
        _("An ABN has 11 digits and an ARN 12. Without one leave it empty."),
        "AU-04",
    ),
    "SG": Registration(
        "sg_ovr",
        _("GST registration of Singapore"),
        _GST_AT_SALE,
        _("A GST registration has 8 to 12 letters, digits and hyphens. Without one leave it empty."),
        "SG-02",
    ),
    "BR": Registration(
        "br_remessa_conforme",
        _("Certificate of the Remessa Conforme programme"),
        _("Its number, if the platform that sold the goods takes part in the programme."),
        _("Write the number with letters, digits and hyphens. Without one leave it empty."),
        "",
    ),
}


class TaxForm(SectionForm):
    """Means of payment, tax registration, and what the buyer bought earlier this year."""

    section = "tax"

    payment_method = fields.choice(Declaration, "payment_method", is_radio=True)
    registration_number = fields.text(Declaration, "registration_number", required=False)
    buyer_annual_used = fields.number(Declaration, "buyer_annual_used", required=False)

    def __init__(self, *args: Any, country: str, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        jurisdiction = pack_jurisdiction(country)
        self._registration = _REGISTRATIONS.get(jurisdiction)
        self._pattern = _pattern(self._registration, country=country, on=on)
        if self._registration is None:
            del self.fields["registration_number"]
        else:
            field = self.fields["registration_number"]
            field.label, field.help_text = self._registration.label, self._registration.help
        if jurisdiction != "CN":
            del self.fields["buyer_annual_used"]
        else:
            self.fields["buyer_annual_used"].help_text = _(
                "In %(currency)s, without this order. The law sets a yearly limit for each buyer."
            ) % {"currency": currency_of(country)}

    @classmethod
    def is_begun(cls, draft: Declaration) -> bool:
        """Tell whether a means of payment is chosen."""
        return bool(draft.payment_method or draft.registration_number)

    def clean_registration_number(self) -> str:
        """Return the number in capitals; refuse one that the law cannot use."""
        number = str(self.cleaned_data["registration_number"]).upper().replace(" ", "")
        if number and self._registration and not re.fullmatch(self._pattern, number):
            raise ValidationError(str(self._registration.bad), code=self._registration.rule)
        return number

    def write(self, draft: Declaration) -> None:
        """Store the good fields; a number means that the scheme is used."""
        if self._registration and "registration_number" in self.cleaned_data:
            has_number = bool(self.cleaned_data["registration_number"])
            draft.registration_scheme = self._registration.scheme if has_number else ""
        super().write(draft)

    def _changed(self, good: list[str]) -> list[str]:
        return [*good, "registration_scheme"]


def _pattern(registration: Registration | None, *, country: str, on: date) -> str:
    pack = find_pack(country, on=on)
    known = pack.edition(on).registrations if pack else {}
    return known.get(registration.scheme if registration else "", "[A-Z0-9-]{1,20}")
