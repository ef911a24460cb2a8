"""The account that charges may be taken from."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

_account_number = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9 ./-]{2,29}$",
    _("A deferment account has 3 to 30 letters and digits. Copy it from your guarantee letter."),
)


class DefermentForm(forms.Form):
    """The account that charges may be taken from."""

    account = forms.CharField(
        label=_("Deferment account"),
        required=False,
        max_length=30,
        validators=[_account_number],
        help_text=_("Charges can then be taken from it without a payment each time. Empty removes it."),
    )
