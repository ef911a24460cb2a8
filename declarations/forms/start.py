"""The beginning of a declaration."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarations.forms import fields
from declarations.forms.section import KeptForm
from declarations.models import Declaration
from swindow.accounts.models import Organisation
from tariffs.jurisdictions import jurisdictions


class StartForm(KeptForm):
    """Country of import, own reference, and whose declaration it is."""

    declarant = forms.ChoiceField(label=_("You declare for"))
    jurisdiction = forms.ChoiceField(
        label=_("Country of import"), help_text=_("Where the goods enter. It decides which law applies.")
    )
    lrn = fields.text(Declaration, "lrn")

    def __init__(self, *args: Any, sellers: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        countries = [(country.code, country.name) for country in jurisdictions()]
        self.fields["jurisdiction"].choices = [("", _("Choose")), *countries]  # type: ignore[attr-defined]
        names = [(seller.reference, seller.name) for seller in sellers]
        self.fields["declarant"].choices = names  # type: ignore[attr-defined]
        if len(names) == 1:
            del self.fields["declarant"]
