"""The living style guide: every component with invented content, only for demonstrations and development."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from swindow import components as c
from swindow.problems import Problem

_NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


class SampleForm(forms.Form):
    """One field of each kind."""

    description = forms.CharField(
        label="Description of the goods",
        help_text="What it is, what it is made of, what it is for. For example: cotton T-shirts, knitted.",
    )
    origin = forms.ChoiceField(
        label="Country of origin", choices=[("", "Choose"), ("CN", "China"), ("FR", "France")]
    )
    net_mass = forms.DecimalField(label="Net mass")
    price = forms.DecimalField(label="Unit price", required=False)
    mode = forms.ChoiceField(
        label="How the goods travel",
        choices=[("air", "Air"), ("sea", "Sea"), ("road", "Road")],
        widget=forms.RadioSelect,
    )
    controls = forms.MultipleChoiceField(
        label="These goods contain",
        choices=[("food", "Food or drink"), ("plant", "Plants or seeds"), ("battery", "Batteries")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label="Note to customs", widget=forms.Textarea, required=False)
    is_true = forms.BooleanField(label="What I state is true and complete")

    def clean_net_mass(self) -> Decimal:
        """Refuse a mass that shows a field's error."""
        mass: Decimal = self.cleaned_data["net_mass"]
        if mass > 1:
            raise forms.ValidationError("Net mass is above the gross mass of 1.00 kg.", code="CN-12")
        return mass


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component; 404 in production."""
    _only_for_demonstrations()
    return render(request, "styleguide/trader.html", _trader())


@require_safe
def styleguide_officer(request: HttpRequest) -> HttpResponse:
    """Show the officers' frame; 404 in production."""
    _only_for_demonstrations()
    return render(request, "styleguide/officer.html", _officer())


def _only_for_demonstrations() -> None:
    if not (settings.DEBUG or settings.DEMO):
        raise Http404


def _trader() -> dict[str, object]:
    return {
        "crumbs": [c.Crumb("Declarations", "#"), c.Crumb("Drafts")],
        "now": _NOW,
        "deadline": _NOW + timedelta(hours=31),
        "form": SampleForm({"description": "Cotton T-shirts", "net_mass": "1.4", "mode": "air"}),
        "fresh": SampleForm(auto_id="fresh_%s"),
        "problems": [
            Problem("files", "EU-04", "The invoice is missing.", "Add it under supporting documents.")
        ],
        "task_list": _tasks(),
        "tax": _tax(),
        "steps": _steps(),
        "files": _files(),
        "rows": _rows(),
        "tabs": [c.Tab("All", "#", is_current=True, count=14), c.Tab("Questions", "#", count=2, is_bad=True)],
    }


def _tasks() -> c.TaskList:
    importer = c.Task("ok", "Importer and representative", "Lindqvist Home B.V., by Harbour Brokers", "#")
    goods = c.Task("ok", "Goods lines", "3 lines, 14 cartons, 412.6 kg", "#")
    papers = c.Task(
        "warn", "Supporting documents", "Line 3 claims a lower rate but has no proof of origin", "#"
    )
    quarantine = c.Task("na", "Inspection and quarantine", "These goods need no veterinary check")
    payment = c.Task("todo", "Payment", "Choose card, bank transfer or your deferment account", "#")
    submit = c.Task("lock", "Check your answers and submit", "Finish documents and payment first")
    return c.TaskList(
        [
            c.TaskGroup("Your import", [importer]),
            c.TaskGroup("Goods", [goods, papers, quarantine]),
            c.TaskGroup("Pay and submit", [payment, submit]),
        ]
    )


def _tax() -> c.TaxPanel:
    vat, duty, fee = Decimal("3559.71"), Decimal("908.19"), Decimal("12.50")
    return c.TaxPanel(
        title="Estimated to pay",
        total=vat + duty + fee,
        currency="EUR",
        badge="Live",
        alternative="CN¥35,135.74 at 7.8421, 22 November 2026",
        shares=[c.Share("VAT", vat), c.Share("Customs duty", duty), c.Share("Fee", fee)],
        lines=[
            c.SumLine("Goods value", Decimal("15135.00")),
            c.SumLine("Freight and insurance", Decimal("907.80"), "Spread over lines by value"),
            c.SumLine("Customs value", Decimal("16042.80"), kind="sub"),
            c.SumLine("Duty, line 1", duty, "12.0 % third-country rate"),
            c.SumLine("VAT", vat, "21 % of 16,950.99"),
            c.SumLine("Processing fee", fee),
            c.SumLine("Total, EUR", vat + duty + fee, kind="total"),
        ],
        saving="The preference saves €66.54 duty. It stays only with proof of origin.",
        foot="An estimate. The final amount is set when customs accepts the declaration.",
        explanation=["EU-07: VAT is taken of the customs value and the duty together."],
    )


def _steps() -> list[c.Step]:
    return [
        c.Step("Lodged", detail="All facts complete", at=_NOW - timedelta(hours=3)),
        c.Step("Customs asks a question", "warn", "Invoice shows 1,250 pieces", at=_NOW - timedelta(hours=1)),
        c.Step("Quarantine looks at the certificate", "now", when="now"),
        c.Step("Release and papers", "next", "Signed PDF here and by mail", when="on arrival"),
    ]


def _files() -> list[c.FileEntry]:
    return [
        c.FileEntry("commercial-invoice-1187.pdf", "Commercial invoice, 184 kB, all lines", "#", "checked"),
        c.FileEntry("label.jpg", "Label, 96 kB, line 2", "#", "waiting"),
        c.FileEntry("certificate.pdf", "Protected by a password: save it without one", "", "refused", "#"),
    ]


def _rows() -> list[c.Row]:
    return [
        c.Row("Importer", "Lindqvist Home B.V., Rotterdam", "#"),
        c.Row("Air waybill", "074-1120 3345", "#"),
        c.Row("Arrival", "", "#"),
    ]


def _officer() -> dict[str, object]:
    entry = c.QueueEntry
    return {
        "now": _NOW,
        "entries": [
            entry(
                "SW-26-004817",
                "#",
                "red",
                "Brightway Trading",
                "Textiles",
                _NOW + timedelta(minutes=72),
                "You",
                True,
            ),
            entry("SW-26-004790", "#", "red", "Kappa Parts SRL", "Machine parts", _NOW + timedelta(hours=5)),
            entry("SW-26-004833", "#", "amber", "Meridian Toys Ltd", "Toys", _NOW - timedelta(minutes=8)),
            entry("SW-26-004846", "#", "green", "Lumen Lighting", "LED lamps", _NOW + timedelta(days=2)),
        ],
        "limit": c.TimeLimit(timedelta(minutes=72), timedelta(hours=4)),
        "risk": c.RiskScore(
            78,
            [
                c.Risk(32, "Unit price 41 % below the median", "212 imports in 90 days"),
                c.Risk(24, "First preference claim by this seller", "Rule R-207"),
            ],
        ),
        "tabs": [
            c.Tab("Compare", "#", is_current=True, count=1, is_bad=True),
            c.Tab("History", "#", count=14),
        ],
        "options": [
            c.DecisionOption("accept", "Release", "circle-check", "A", "ok"),
            c.DecisionOption("ask", "Ask the seller", "message-question", "Q", "info", is_chosen=True),
            c.DecisionOption("inspect", "Hold for inspection", "package", "H", "warn"),
            c.DecisionOption("refuse", "Refuse", "ban", "R", "bad"),
        ],
    }
