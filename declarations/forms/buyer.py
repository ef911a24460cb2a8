"""What the named buyer says about the use of their name."""

from django import forms
from django.utils.translation import gettext_lazy as _

from declarations.forms import fields
from declarations.models import BuyerNotice


class BuyerForm(forms.Form):
    """One of two answers; the note helps customs, and the seller never reads it."""

    use_required_attribute = False
    answer = forms.ChoiceField(
        choices=[one for one in BuyerNotice.Answer.choices if one[0]],
        error_messages={
            "required": _("Choose one of the two answers."),
            "invalid_choice": _("Choose one of the two answers."),
        },
    )
    note = fields.text(BuyerNotice, "note", required=False, is_long=True)

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        note = self.fields["note"]
        note.label = _("What is wrong? (only customs reads it)")
        note.help_text = _("For example: I know this seller but ordered nothing. No passwords or numbers.")
