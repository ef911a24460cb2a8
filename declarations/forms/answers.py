"""What a seller sends after lodging: an answer, a payment, and before it the submission itself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from declarations.forms.fields import PlainText
from declarations.forms.section import KeptForm
from declarations.models.declaration import PaymentMethod


class AnswerForm(KeptForm):
    """The answer to an authority's question."""

    answer = PlainText(label=_("Your answer"), max_length=2000, is_long=True)


class PayForm(forms.Form):
    """How the charges are paid now."""

    use_required_attribute = False
    method = forms.ChoiceField(
        label=_("How you pay"),
        choices=[(PaymentMethod.CARD, _("Card")), (PaymentMethod.BANK, _("Bank transfer"))],
        widget=forms.RadioSelect,
    )


class SubmitForm(KeptForm):
    """The declarant's word, and the state of the draft that was read before giving it."""

    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)
    is_true = forms.BooleanField(
        label=_("What I state is true and complete."),
        error_messages={"required": _("Confirm that what you state is true and complete.")},
    )
