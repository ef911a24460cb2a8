"""What a machine's key is for."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TokenForm(forms.Form):
    """What a new API token is for."""

    label = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("So that you know later which one to revoke, for example “Order system, Shenzhen”."),
    )
