"""Who sends, who buys, and the order behind the import."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from declarations.buyers import FIELD, keep_number
from declarations.forms import fields
from declarations.forms.section import SectionForm
from declarations.identity_numbers import (
    IdentityNumber,
    check_identity_number,
    identity_number_of,
    masked,
)
from declarations.models import Declaration

_LONGEST_NUMBER = 40


class UnseenInput(forms.TextInput):
    """A field that never shows again what was typed into it; a browser keeps it neither."""

    def __init__(self) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", "data-unkept": ""})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Leave the value out."""
        return super().get_context(name, None, attrs)


class PartiesForm(SectionForm):
    """Buyer, sender, order and what freight and insurance cost.

    `country` decides whether the buyer's identity number is asked for; `hint` is the end of the one kept.
    """

    section = "parties"

    consignee_type = fields.choice(Declaration, "consignee_type", is_radio=True)
    consignee_name = fields.text(Declaration, "consignee_name")
    consignee_address = fields.text(Declaration, "consignee_address")
    consignee_email = fields.email(Declaration, "consignee_email")
    consignor_name = fields.text(Declaration, "consignor_name")
    consignor_address = fields.text(Declaration, "consignor_address")
    order_number = fields.text(Declaration, "order_number")
    ordered_on = fields.day(Declaration, "ordered_on")
    currency = fields.currency(Declaration, "currency")
    freight_amount = fields.number(Declaration, "freight_amount", required=False)
    insurance_amount = fields.number(Declaration, "insurance_amount", required=False)

    def __init__(self, *args: Any, country: str, hint: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self._country = country
        asked = identity_number_of(country)
        if asked:
            # Not among base_fields: no address, stored value or kept answer ever fills it.
            self.fields[FIELD] = _number_field(asked, hint=hint)

    @classmethod
    def is_begun(cls, draft: Declaration) -> bool:
        """Tell whether the buyer or the order is named; the rest has a value from the start."""
        return bool(draft.consignee_name or draft.order_number or draft.consignee_address)

    def clean_consignee_id(self) -> str:
        """Refuse a number that cannot be one; nothing typed is also good: it leaves the one kept."""
        number = str(self.cleaned_data[FIELD])
        if number:
            for problem in check_identity_number(number, country=self._country):
                raise ValidationError(problem.sentence, code=problem.code)
        return number

    def unstored(self) -> dict[str, list[str]]:
        """Return the fields that have errors, as typed, but never the identity number."""
        return {name: typed for name, typed in super().unstored().items() if name != FIELD}

    def seal(self, draft: Declaration, *, at: datetime) -> None:
        """Seal a number that was typed; a draft that asks for none forgets the one before."""
        keep_number(draft, number=self.cleaned_data.get(FIELD) or None, at=at)

    def _written(self) -> list[str]:
        return [name for name in super()._written() if name != FIELD]


def _number_field(asked: IdentityNumber, *, hint: str) -> forms.CharField:
    kept = _("Kept sealed: %(masked)s. Type a number only to replace it.") % {"masked": masked(hint)}
    return forms.CharField(
        label=capfirst(_("buyer's identity number")),
        # A draft may have gaps: nothing is refused for it, but the label does not say "optional".
        required=asked.is_needed,
        max_length=_LONGEST_NUMBER,
        help_text=kept if hint else str(asked.help),
        widget=UnseenInput(),
        error_messages={"max_length": _("This is too long for an identity number. Type it again.")},
    )
