"""What officers send about a draft of the law: its beginning, its end, a file, what to show of it."""

import unicodedata
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from swindow.form_fields import Day, PlainText
from tariffs.drafting.edits import Edit, FileRestored, FileWritten

# Characters; the largest pack has 1.1 million in one file, and 12 MB is what the portal takes at once.
_LONGEST_FILE = 3_000_000


class Text(forms.CharField):
    """A file's text: lines end with a line feed, and nothing in it is invisible but tabs."""

    widget = forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "wrap": "off"})

    def to_python(self, value: Any) -> str:
        """Return the text with one kind of line end."""
        return unicodedata.normalize("NFC", str(value or "")).replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        """Refuse control characters, and name the first one's line."""
        super().validate(value)
        for place, character in enumerate(value):
            if unicodedata.category(character) in ("Cc", "Cs", "Cf") and character not in "\n\t":
                line = value.count("\n", 0, place) + 1
                message = _("Line %(line)d contains an invisible character. Type it again.")
                raise ValidationError(message, code="invisible", params={"line": line})


class StartDraftForm(forms.Form):
    """For which jurisdiction, and why."""

    jurisdiction = forms.ChoiceField(
        label=_("Jurisdiction"), error_messages={"required": _("Choose a jurisdiction.")}
    )
    note = PlainText(
        label=_("Why"),
        max_length=500,
        help_text=_("The change of the law in a sentence; whoever publishes it reads this."),
        error_messages={"required": _("Write why the law changes.")},
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["jurisdiction"])
        field.choices = [("", _("Choose")), *choices]


class NoteForm(forms.Form):
    """Why a draft is sent back or withdrawn."""

    note = PlainText(
        label=_("Why"), max_length=500, error_messages={"required": _("Write why, in a sentence.")}
    )


class PreviewForm(forms.Form):
    """On which day stored cases are thought to happen; without one, when they did."""

    on = Day(label=_("As if it happened on"), required=False)


class RateSearchForm(forms.Form):
    """Which rows of rates.csv to list; what cannot be understood finds nothing."""

    q = forms.CharField(label=_("Code, or kind of row"), max_length=40, required=False)
    line = forms.IntegerField(required=False, min_value=1, max_value=10_000_000)


class EditForm(forms.Form):
    """A change of a draft, and the SHA-256 of what its author was shown."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    @property
    def seen_text(self) -> str:
        """Return what was shown; anything else does not agree with the draft and is refused by it."""
        return str(self.cleaned_data.get("seen") or "")


class FileForm(EditForm):
    """A whole file."""

    text = Text(
        label=_("Text"),
        max_length=_LONGEST_FILE,
        strip=False,
        error_messages={"required": _("The file is empty. Write it, or put it back as it is published.")},
    )
    act = forms.ChoiceField(choices=[("save", ""), ("restore", "")], required=False)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields["text"].label = name
        self.fields["text"].required = self.data.get("act") != "restore"

    def edit(self) -> Edit:
        """Return the change."""
        if self.cleaned_data["act"] == "restore":
            return FileRestored(self.name)
        return FileWritten(self.name, self.cleaned_data["text"])
