"""The field that finds a rule by its number."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RuleNumberForm(forms.Form):
    """A rule's number as an error or a charge names it."""

    number = forms.CharField(
        label=_("Number of a rule"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "CN-03"}),
    )

    def clean_number(self) -> str:
        """Return the number in capital letters, without spaces."""
        return "".join(str(self.cleaned_data["number"]).upper().split())
