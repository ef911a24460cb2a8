"""What people tell about their company, and what they may change of it."""

import re
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from swindow.accounts.models import Organisation
from swindow.accounts.rules import check_registration_number, compact_number
from swindow.documents.errors import UploadRefused

_ACCEPTED = "application/pdf,image/jpeg,image/png,.pdf,.jpg,.jpeg,.png"
_KINDS = [
    (Organisation.Kind.SELLER, _("Seller or platform: we sell the goods")),
    (Organisation.Kind.AGENT, _("Customs agent: we declare for sellers")),
]
_telephone = RegexValidator(
    r"^\+?[0-9][0-9 ()/-]{4,27}[0-9]$",
    _("Give the number with its country code, for example +31 10 123 4567."),
)


class CompanyForm(forms.ModelForm):
    """Company data and the one identity document that an officer compares them with."""

    identity_document = forms.FileField(
        label=_("Identity document"),
        help_text=_(
            "Business licence or extract of the trade register, as PDF, JPEG or PNG, up to 10 MB. "
            "Only officers who verify companies see it."
        ),
        widget=forms.FileInput(attrs={"accept": _ACCEPTED}),
        error_messages={"required": _("Choose the file of your business licence or register extract.")},
    )

    class Meta:
        model = Organisation
        fields = (
            "kind",
            "name",
            "country",
            "registration_number",
            "address",
            "contact_name",
            "contact_phone",
        )
        labels = {"kind": _("What your company does")}
        help_texts = {
            "name": _("As in the trade register."),
            "registration_number": _(
                "European Union: EORI or VAT number. China: unified social credit code. United States: EIN. "
                "Australia: ABN. Singapore: UEN. Elsewhere: the number in your trade register."
            ),
            "contact_name": _("The person who may sign for the company, as in the trade register."),
            "contact_phone": _("With the country code, for example +86 755 8888 0000."),
        }
        error_messages = {
            "kind": {"required": _("Choose what your company does.")},
            "name": {"required": _("Give the company's name as in the trade register.")},
            "country": {"required": _("Choose the country of the trade register.")},
            "registration_number": {"required": _("Copy the number from your trade register.")},
            "address": {"required": _("Give the address as in the trade register.")},
            "contact_name": {"required": _("Give the name of the legal representative.")},
        }
        widgets = {"kind": forms.RadioSelect, "address": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nobody registers an authority here.
        cast(forms.ChoiceField, self.fields["kind"]).choices = _KINDS
        self.fields["contact_phone"].validators.append(_telephone)

    def clean_address(self) -> str:
        """Return the address on one line, as papers print it."""
        return re.sub(r"\s*[\r\n]+\s*", ", ", str(self.cleaned_data["address"]).strip())

    def clean(self) -> dict[str, Any]:
        """Check the registration number by the country beside it."""
        data = super().clean() or {}
        number, country = data.get("registration_number"), data.get("country")
        if number and country:
            data["registration_number"] = compact_number(number)
            for problem in check_registration_number(number, country=str(country)):
                refusal = forms.ValidationError(problem.sentence, code=problem.code)
                self.add_error("registration_number", refusal)
        return data

    def add_error(self, field: str | None, error: Any) -> None:
        """Show beside the number what Django would show above the form, because two fields are concerned."""
        errors: dict[str, Any] = getattr(error, "error_dict", {})
        if NON_FIELD_ERRORS in errors:
            errors["registration_number"] = errors.pop(NON_FIELD_ERRORS)
        super().add_error(field, error)

    def refuse_document(self, refusal: UploadRefused) -> None:
        """Show beside the document why it was refused."""
        self.add_error("identity_document", forms.ValidationError(str(refusal), code=refusal.code))

    def refuse_number(self) -> None:
        """Say that another company registered this number a moment ago."""
        self.add_error(
            "registration_number",
            _("A company with this number was registered a moment ago. Ask a colleague to invite you."),
        )
