"""What an officer says about a company; one form an act."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from swindow.accounts.rules.validity import MOST_YEARS, check_valid_until, usual_end
from swindow.form_fields import Day, PlainText


class VerifyForm(forms.Form):
    """Until when the company is verified."""

    valid_until = Day(label=_("Verified until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.now().date()
        self.fields["valid_until"].initial = usual_end(today)
        limit = _("Usually two years, at most %(years)d; the company is reminded a month before.")
        self.fields["valid_until"].help_text = limit % {"years": MOST_YEARS}

    def clean_valid_until(self) -> date:
        """Keep the day within what the law allows."""
        until: date = self.cleaned_data["valid_until"]
        for problem in check_valid_until(until, today=timezone.now().date()):
            raise forms.ValidationError(problem.sentence, code=problem.code)
        return until


class AskForm(forms.Form):
    """A question to the company."""

    text = PlainText(
        label=_("Your question"),
        max_length=2000,
        is_long=True,
        help_text=_("The company reads it in a mail and on its page, so say what to send or explain."),
        error_messages={"required": _("Write what the company has to explain.")},
    )


class ReasonForm(forms.Form):
    """Why the company is refused or suspended."""

    reason = PlainText(
        label=_("Reason"),
        max_length=500,
        is_long=True,
        help_text=_("The company reads it, so say what to mend."),
        error_messages={"required": _("Say why, so that the company knows what to mend.")},
    )


class ReinstateForm(forms.Form):
    """Why a suspension ends."""

    reason = PlainText(label=_("Reason"), required=False, max_length=500, is_long=True)
