"""An officer's word on a company."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class VerdictForm(forms.Form):
    """An officer's word on a company."""

    verdict = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("verify", _("Verify the company")), ("refuse", _("Refuse"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether to verify or to refuse.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("Needed to refuse. The company reads it, so say what to mend."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where the company is refused."""
        data = super().clean() or {}
        if data.get("verdict") == "refuse" and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why, so that the company knows what to mend."))
        return data
