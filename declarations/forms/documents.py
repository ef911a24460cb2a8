"""Papers: the file and the figures that its issuer stated in it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from declarations.forms import fields
from declarations.forms.section import KeptForm
from declarations.models import GoodsItem, SupportingDocument

ACCEPTED = "application/pdf,image/jpeg,image/png,.pdf,.jpg,.jpeg,.png"


class UploadForm(KeptForm):
    """A form with one file; `stored` names a file that was received before the rest was right."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("PDF, JPEG or PNG, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    stored = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def typed(self) -> dict[str, list[str]]:
        """Return every field as typed but the file, which is kept by its name in `stored`."""
        return {name: values for name, values in super().typed().items() if name != "file"}


class DocumentForm(UploadForm):
    """One paper of a draft."""

    kind = fields.choice(SupportingDocument, "kind")
    line = forms.ChoiceField(label=_("It covers"), required=False)
    number = fields.text(SupportingDocument, "number", required=False)
    issuer = fields.text(SupportingDocument, "issuer", required=False)
    issued_on = fields.day(SupportingDocument, "issued_on", required=False)
    stated_amount = fields.number(SupportingDocument, "stated_amount", required=False)
    stated_gross_mass_kg = fields.number(
        SupportingDocument, "stated_gross_mass_kg", required=False, above_zero=True
    )

    def __init__(self, *args: Any, lines: list[GoodsItem], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].required = True
        self.fields["file"].error_messages["required"] = _("Choose the file.")
        choices: list[tuple[str, Any]] = [("", _("All lines"))]
        choices += [(str(item.line_no), f"{item.line_no}. {item.description[:60]}") for item in lines]
        self.fields["line"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the file unless it was received before."""
        data = super().clean() or self.cleaned_data
        if data.get("stored") and self.has_error("file", "required"):
            del self.errors["file"]
        return data

    def document(self, *, lines: list[GoodsItem]) -> SupportingDocument:
        """Return the paper as stated, without its file."""
        data = self.cleaned_data
        return SupportingDocument(
            goods_item=next((item for item in lines if str(item.line_no) == data["line"]), None),
            **{name: data[name] for name in ("kind", "number", "issuer", "issued_on")},
            stated_amount=data["stated_amount"],
            stated_gross_mass_kg=data["stated_gross_mass_kg"],
        )
