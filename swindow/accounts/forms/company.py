"""What people tell about their company; an officer compares it with the register and with papers."""

import re
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from swindow.accounts.lifecycle import Change, Secrets
from swindow.accounts.lifecycle.companies import number_taken
from swindow.accounts.lifecycle.duplicates import find_likeness
from swindow.accounts.models import Organisation, Verification
from swindow.accounts.rules import (
    bank_account_text,
    check_bank_account,
    check_registration_number,
    check_representative_id,
    compact_number,
)
from swindow.documents.errors import UploadRefused
from swindow.form_fields import PlainText
from swindow.problems import Problem

ACCEPTED = "application/pdf,image/jpeg,image/png,.pdf,.jpg,.jpeg,.png"
PAPERS = ("licence", "identity_document")
_KINDS = [
    (Organisation.Kind.SELLER, _("Seller: we sell goods across a border, in our own shop or on a platform")),
    (
        Organisation.Kind.PLATFORM,
        _("E-commerce platform: others sell through us and we declare for them"),
    ),
    (Organisation.Kind.AGENT, _("Customs agent: we prepare and lodge declarations for sellers")),
    (Organisation.Kind.CARRIER, _("Logistics company: we carry parcels and may declare them for sellers")),
    (Organisation.Kind.PAYMENT, _("Payment company: we pay charges for sellers; we declare nothing")),
]
telephone = RegexValidator(
    r"^\+?[0-9][0-9 ()/-]{4,27}[0-9]$",
    _("Give the number with its country code, for example +31 10 123 4567."),
)


class CompanyForm(forms.ModelForm):
    """Company data and the papers that show them; `earlier` is the last case, whose papers may stay."""

    name = PlainText(
        label=_("Company name"),
        max_length=200,
        help_text=_("As in the trade register."),
        error_messages={"required": _("Give the company's name as in the trade register.")},
    )
    address = PlainText(
        label=_("Address"),
        max_length=300,
        is_long=True,
        error_messages={"required": _("Give the address as in the trade register.")},
    )
    contact_name = PlainText(
        label=_("Legal representative"),
        max_length=120,
        help_text=_("The person who may sign for the company, as in the trade register."),
        error_messages={"required": _("Give the name of the legal representative.")},
    )
    representative_id = PlainText(
        label=_("Identity number of the legal representative"),
        required=False,
        max_length=40,
        help_text=_("China: the 18 characters of the identity card. It is kept sealed."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact_person = PlainText(label=_("Contact for customs matters"), required=False, max_length=120)
    licence = forms.FileField(
        label=_("Business licence or register extract"),
        help_text=_("PDF, JPEG or PNG, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Choose the file of your business licence or register extract.")},
    )
    identity_document = forms.FileField(
        label=_("Identity document of the legal representative"),
        help_text=_("Identity card or passport. Only officers who verify companies see it."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Choose the file of the identity document.")},
    )
    is_other_company = forms.BooleanField(
        label=_("Ours is another company with the same name"),
        required=False,
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
            "contact_person",
            "contact_phone",
            "contact_email",
        )
        labels = {"kind": _("What your company does")}
        help_texts = {
            "registration_number": _(
                "European Union: EORI or VAT number. China: unified social credit code. United States: EIN. "
                "Australia: ABN. Singapore: UEN. Elsewhere: the number in your trade register."
            ),
            "contact_phone": _("With the country code, for example +86 755 8888 0000."),
        }
        error_messages = {
            "kind": {"required": _("Choose what your company does.")},
            "country": {"required": _("Choose the country of the trade register.")},
            "registration_number": {"required": _("Copy the number from your trade register.")},
        }
        widgets = {"kind": forms.RadioSelect}

    def __init__(
        self, *args: Any, earlier: Verification | None = None, id_hint: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.earlier, self.id_hint = earlier, id_hint
        self.has_namesake = False
        if "kind" in self.fields:
            # Nobody registers an authority here.
            cast(forms.ChoiceField, self.fields["kind"]).choices = _KINDS
        if "contact_phone" in self.fields:
            self.fields["contact_phone"].validators.append(telephone)
        self._keep_papers()
        if id_hint:
            kept = _("We keep the one that ends in %(hint)s. Type another one only to change it.")
            self.fields["representative_id"].help_text = kept % {"hint": id_hint}

    def clean_address(self) -> str:
        """Return the address on one line, as papers print it."""
        return re.sub(r"\s*[\r\n]+\s*", ", ", str(self.cleaned_data["address"]).strip())

    def clean(self) -> dict[str, Any]:
        """Check the numbers by the country beside them, and whether the company is here already.

        ModelForm's own clean would ask for uniqueness again, in words that help nobody.
        """
        data = self.cleaned_data
        number, country = data.get("registration_number"), str(data.get("country") or "")
        if number and country:
            data["registration_number"] = compact_number(number)
            self.refuse(check_registration_number(number, country=country))
        if country:
            self._check_representative(country)
        if not {"name", "country", "registration_number"} & self.errors.keys():
            self._find_doubles()
        return data

    def refuse(self, problems: Any) -> None:
        """Show each problem beside its field, with its rule's number; above the form what has none."""
        for problem in problems:
            field = problem.path if problem.path in self.fields else None
            self.add_error(field, forms.ValidationError(problem.sentence, code=problem.code))

    def refuse_paper(self, field: str, refusal: UploadRefused) -> None:
        """Show beside the file why it was refused."""
        self.add_error(field, forms.ValidationError(str(refusal), code=refusal.code))

    @property
    def secrets(self) -> Secrets:
        """Return what is to be sealed."""
        number = compact_number(self.cleaned_data.get("representative_id") or "")
        account = self.cleaned_data.get("bank_account") or ""
        bank = self.cleaned_data.get("bank_bic") or ""
        return Secrets(bank_account_text(account, bic=bank) if account else "", number)

    def _keep_papers(self) -> None:
        for name in PAPERS:
            file = getattr(self.earlier, name, None)
            if file is not None:
                kept = _("We have %(name)s. Choose another file only to replace it.")
                self.fields[name].required = False
                self.fields[name].help_text = format_html("{}", kept % {"name": file.original_name})

    def _check_representative(self, country: str) -> None:
        number = self.cleaned_data.get("representative_id")
        if number:
            self.refuse(check_representative_id(number, country=country))
        elif country == "CN" and not self.id_hint and "representative_id" not in self.errors:
            text = _("Give the identity number of the legal representative, as on the identity card.")
            self.add_error("representative_id", forms.ValidationError(text, code="AC-07"))

    def _find_doubles(self) -> None:
        data = self.cleaned_data
        likeness = find_likeness(
            name=data["name"],
            number=data["registration_number"],
            country=str(data["country"]),
            besides=self.instance.pk,
        )
        if likeness.has_number:
            self.refuse_number()
        elif likeness.has_name:
            self.has_namesake = True
            if not data.get("is_other_company"):
                self.refuse([_namesake()])

    def refuse_number(self) -> None:
        """Say that another company has this number; which one is not told."""
        self.refuse([number_taken("registration_number")])


class RegistrationForm(CompanyForm):
    """The first time: with the bank account, which is changed later on a page of its own."""

    bank_account = PlainText(
        label=_("Bank account for refunds"),
        required=False,
        max_length=50,
        help_text=_("IBAN, or the account number where banks have none. It is kept sealed."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    bank_bic = PlainText(
        label=_("SWIFT code (BIC)"),
        required=False,
        max_length=20,
        help_text=_("Needed where the account has no IBAN."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Check the account as well."""
        data = super().clean()
        check_account_of(self)
        return data


class ChangeForm(CompanyForm):
    """What a verified company wants changed; contacts are changed on a page of their own."""

    licence_help = _("A new one is needed when anything above has changed.")
    identity_help = _("A new one is needed when the legal representative has changed.")

    contact_person = None  # type: ignore[assignment]

    class Meta(CompanyForm.Meta):
        fields = ("name", "country", "registration_number", "address", "contact_name")  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["licence"].help_text = self.licence_help
        self.fields["identity_document"].help_text = self.identity_help

    def clean(self) -> dict[str, Any]:
        """Ask for the paper that shows what is new."""
        data = super().clean()
        changed = set(self.changed_data)
        if changed & set(self._meta.fields or ()) and not data.get("licence"):
            self._ask_for("licence")
        if changed & {"contact_name", "representative_id"} and not data.get("identity_document"):
            self._ask_for("identity_document")
        return data

    @property
    def change(self) -> Change:
        """Return what is asked for."""
        facts = {name: str(self.cleaned_data[name]) for name in self._meta.fields or ()}
        return Change(facts, self.secrets)

    def _ask_for(self, paper: str) -> None:
        if paper not in self.errors:
            self.add_error(paper, _("Choose the paper that shows what has changed."))


def check_account_of(form: Any) -> None:
    """Check the bank account of a form that asks for one."""
    data = form.cleaned_data
    account, bank = data.get("bank_account") or "", data.get("bank_bic") or ""
    if (account or bank) and not {"bank_account", "bank_bic"} & form.errors.keys():
        form.refuse(check_bank_account(account, bic=bank))


def _namesake() -> Problem:
    return Problem(
        "name",
        "AC-09",
        str(_("A company with this name is registered already in this country.")),
        str(_("If it is yours, ask a colleague to invite you. If not, tick the box below.")),
    )
