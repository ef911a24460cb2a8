"""The commodity code of goods: typed as digits, or chosen from the codes suggested for words."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from declarations.forms.section import KeptForm
from tariffs.commodities import clean_code

CODE = RegexValidator(r"^[0-9]{6,10}$", _("A commodity code has 6 to 10 digits."), code="PR-02")
LONGEST_WORDS = 200
_DIGITS = re.compile(r"[0-9]{1,10}", re.ASCII)


def is_whole_code(text: str) -> bool:
    """Tell whether the text is a commodity code as people write it, with points and spaces."""
    code = clean_code(text)
    return bool(_DIGITS.fullmatch(code)) and len(code) >= 6


class CodeForm(KeptForm):
    """A form with a commodity code; a code chosen from a list counts where the words are still the same."""

    commodity_code = forms.CharField(
        label=_("Commodity code"),
        max_length=LONGEST_WORDS,
        help_text=_("6 to 10 digits, or words to find them by."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, codes_url: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if self.is_bound:
            self._take_choice()
        if codes_url:
            # What htmx reads; without a script the field is an ordinary one beside a button.
            self.fields["commodity_code"].widget.attrs |= {
                "hx-get": codes_url,
                "hx-include": "#id_description",
                "hx-sync": "this:replace",
                "hx-target": "#codes",
                "hx-trigger": "input changed delay:200ms",
            }

    def clean_commodity_code(self) -> str:
        """Return the digits alone."""
        code = clean_code(str(self.cleaned_data["commodity_code"]))
        if not _DIGITS.fullmatch(code):
            message = _("Choose one of the codes that are suggested for these words, or type 6 to 10 digits.")
            raise ValidationError(message, code="PR-02")
        CODE(code)
        return code

    def _take_choice(self) -> None:
        chosen = str(self.data.get("chosen_code", ""))
        typed, asked = (str(self.data.get(name, "")).strip() for name in ("commodity_code", "suggested_for"))
        # Whoever typed something else after the list was made means what was typed.
        if is_whole_code(chosen) and typed == asked:
            self.replace_value("commodity_code", chosen)
