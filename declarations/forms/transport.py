"""How the goods travel; each mode has its own transport document."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from declarations.forms import fields
from declarations.forms.section import SectionForm
from declarations.models import Declaration
from logistics.models import Consignment, Mode
from logistics.rules import KINDS_OF_MODE

_NUMBERS: dict[str, tuple[Any, Any]] = {
    Mode.AIR: (_("Air waybill number"), _("Eleven digits, for example 074-1120 3345.")),
    Mode.SEA: (_("Container number"), _("Four letters and seven digits, for example CSQU3054383.")),
    Mode.ROAD: (_("Vehicle plate"), _("As on the consignment note, for example 粤B 12345 or 34-TKN-8.")),
    Mode.POST: (_("Postal item number"), _("From the label of the parcel, for example RB123456785NL.")),
}
_MEANS: dict[str, tuple[Any, Any]] = {
    Mode.AIR: (_("Flight"), _("For example KL 898.")),
    Mode.SEA: (_("Vessel and voyage"), _("For example Ever Given 0821W.")),
}
_PLACES: dict[str, tuple[Any, Any]] = {
    Mode.AIR: (_("Airport of arrival"), _("For example Schiphol or Ningbo.")),
    Mode.SEA: (_("Port of arrival"), _("For example Rotterdam or Ningbo.")),
    Mode.ROAD: (_("Border crossing"), _("For example Huanggang.")),
    Mode.POST: (_("Sorting office"), _("The city where the parcel comes in.")),
}


class TransportForm(SectionForm):
    """Mode, transport document, arrival, packages and mass; fields follow the mode."""

    section = "transport"

    transport_mode = fields.choice(Consignment, "transport_mode", is_radio=True)
    document_number = fields.text(Consignment, "document_number")
    means_of_transport = fields.text(Consignment, "means_of_transport", required=False)
    ship_from = fields.country(Consignment, "ship_from")
    place_of_arrival = fields.text(Consignment, "place_of_arrival", required=False)
    arrival_on = fields.day(Consignment, "arrival_on")
    package_count = fields.StrictInteger(label=_("Number of packages"), min_value=1, max_value=99_999)
    gross_mass_kg = fields.number(Consignment, "gross_mass_kg", above_zero=True, below=1_000_000)

    def __init__(self, *args: Any, mode_url: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if mode_url:
            # Without a script the fields follow once the section is saved.
            self.fields["transport_mode"].widget.attrs.update(
                {"hx-get": mode_url, "hx-target": "#transport-fields", "hx-select": "#transport-fields"}
                | {"hx-swap": "outerHTML", "hx-include": "closest form"}
                | {"hx-params": "not csrfmiddlewaretoken"}
            )
        self._follow(str(self.data.get("transport_mode", "")))

    @staticmethod
    def part(draft: Declaration) -> models.Model:
        """Return the consignment."""
        return draft.consignment

    def _follow(self, mode: str) -> None:
        if mode not in Mode.values:
            return
        for name, words in (("document_number", _NUMBERS), ("place_of_arrival", _PLACES)):
            self.fields[name].label, self.fields[name].help_text = words[mode]
        if mode in _MEANS:
            field = self.fields["means_of_transport"]
            field.label, field.help_text = _MEANS[mode]
        else:
            # A plate or a postal number names the vehicle already.
            del self.fields["means_of_transport"]

    def write(self, draft: Declaration) -> None:
        """Store the good fields; the kind of document follows the mode."""
        mode = self.cleaned_data.get("transport_mode")
        if mode:
            draft.consignment.document_kind = KINDS_OF_MODE[Mode(mode)]
        number = self.cleaned_data.get("document_number")
        if number:
            self.cleaned_data["document_number"] = str(number).upper()
        super().write(draft)

    def _changed(self, good: list[str]) -> list[str]:
        return [*good, "document_kind"]
