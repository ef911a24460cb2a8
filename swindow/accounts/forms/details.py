"""What a company changes by itself: contacts and codes; and its bank account, which an officer looks at."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from swindow.accounts.forms.company import ACCEPTED, check_account_of, telephone
from swindow.accounts.lifecycle import Contacts
from swindow.accounts.models import CustomsCode
from swindow.accounts.rules import CODE_SCHEMES, bank_account_text, check_customs_code, read_customs_code
from swindow.documents.errors import UploadRefused
from swindow.form_fields import PlainText
from swindow.problems import Problem

_NOTES: Mapping[str, Any] = {
    CustomsCode.Scheme.EORI: _("A country's two letters and up to 15 characters, for example NL004495445."),
    CustomsCode.Scheme.GB_EORI: _("GB and 12 digits, for example GB980780684000."),
    CustomsCode.Scheme.CN_CUSTOMS: _("10 characters, for example 4403960123."),
    CustomsCode.Scheme.US_IMPORTER: _(
        "The employer's number with its suffix, 91-114444200, or the number that CBP assigned, 260101-12345. "
        "Never a social security number."
    ),
    CustomsCode.Scheme.IOSS: _(
        "IM and 10 digits. A number that begins with IN is the intermediary's own, not yours."
    ),
    CustomsCode.Scheme.GB_VAT: _("9 or 12 digits, for example GB980780684."),
    CustomsCode.Scheme.AU_GST: _("Your ABN of 11 digits, or the ARN of 12 digits."),
    CustomsCode.Scheme.SG_OVR: _("For example M90312345A, or your UEN."),
}


class _Refusing(forms.Form):
    """A form that shows problems beside their fields."""

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Show each problem beside its field, with its rule's number; above the form what has none."""
        for problem in problems:
            field = problem.path if problem.path in self.fields else None
            self.add_error(field, forms.ValidationError(problem.sentence, code=problem.code))


class ContactsForm(forms.Form):
    """Whom customs reach."""

    contact_person = PlainText(label=_("Contact for customs matters"), required=False, max_length=120)
    contact_phone = PlainText(
        label=_("Telephone"),
        required=False,
        max_length=30,
        validators=[telephone],
        help_text=_("With the country code, for example +86 755 8888 0000."),
    )
    contact_email = forms.EmailField(
        label=_("E-mail address for customs matters"), required=False, max_length=254
    )

    @property
    def contacts(self) -> Contacts:
        """Return what was given."""
        data = self.cleaned_data
        return Contacts(data["contact_person"], data["contact_phone"], data["contact_email"])


class CustomsCodesForm(_Refusing):
    """One field a scheme: a company has one number of each, and an empty field takes it away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for scheme in CODE_SCHEMES:
            self.fields[scheme] = PlainText(
                label=CustomsCode.Scheme(scheme).label,
                required=False,
                max_length=40,
                help_text=_NOTES[scheme],
            )

    def clean(self) -> dict[str, Any]:
        """Check every number by its scheme, all at once."""
        given = {name: number for name, number in self.cleaned_data.items() if number}
        for scheme, number in given.items():
            self.refuse(check_customs_code(number, scheme=scheme))
        return {scheme: read_customs_code(number, scheme=scheme) for scheme, number in given.items()}

    @property
    def codes(self) -> dict[str, str]:
        """Return the numbers that were given, each in its one spelling."""
        return dict(self.cleaned_data)


class BankAccountForm(_Refusing):
    """The account for refunds; a company without an earlier case shows its papers with it."""

    bank_account = PlainText(
        label=_("Bank account for refunds"),
        max_length=50,
        help_text=_("IBAN, or the account number where banks have none."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the account that refunds are paid to.")},
    )
    bank_bic = PlainText(
        label=_("SWIFT code (BIC)"),
        required=False,
        max_length=20,
        help_text=_("Needed where the account has no IBAN."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Check the account."""
        check_account_of(self)
        return self.cleaned_data

    @property
    def account(self) -> str:
        """Return the account as it is sealed."""
        return bank_account_text(self.cleaned_data["bank_account"], bic=self.cleaned_data["bank_bic"])


class AnswerForm(forms.Form):
    """The company's answer to an officer."""

    answer = PlainText(
        label=_("Your answer"),
        max_length=2000,
        is_long=True,
        error_messages={"required": _("Write your answer.")},
    )
    answer_file = forms.FileField(
        label=_("A paper that shows it"),
        required=False,
        help_text=_("PDF, JPEG or PNG, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def refuse_paper(self, refusal: UploadRefused) -> None:
        """Show beside the file why it was refused."""
        self.add_error("answer_file", forms.ValidationError(str(refusal), code=refusal.code))
