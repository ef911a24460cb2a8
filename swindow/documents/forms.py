"""The two questions of the public page: by number and code, or by the file itself."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from swindow.documents.rules import CODE_PATTERN, is_document_number


class NumberForm(forms.Form):
    """Number and code as printed on the paper."""

    number = forms.CharField(
        label=_("Document number"), max_length=24, help_text=_("For example CP-26-00000012-7")
    )
    code = forms.RegexField(
        CODE_PATTERN,
        label=_("Verification code"),
        help_text=_("22 characters, printed beside the square code"),
        error_messages={"invalid": _("The code has 22 letters, digits, hyphens or underscores.")},
    )

    def clean_number(self) -> str:
        """Return the number in capitals; a mistyped digit is found by its check digit."""
        number = str(self.cleaned_data["number"]).upper()
        if not is_document_number(number):
            raise forms.ValidationError(_("This is not a document number. Compare it with the paper."))
        return number


class FileForm(forms.Form):
    """The PDF itself."""

    file = forms.FileField(
        label=_("The PDF file"),
        help_text=_("Up to 10 MB. We compare it and keep nothing."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean_file(self) -> Any:
        """Refuse a file that cannot be one of our papers by its size."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(_("This file is larger than 10 MB, so we did not issue it."))
        return file
