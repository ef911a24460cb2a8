"""What the landed-cost calculator asks: the consignment, and each line of its goods."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from swindow.form_fields import Day, LongSelect, PlainText, StrictDecimal, country_choices, currency_choices
from tariffs.commodities import clean_code, is_commodity_code
from tariffs.duties.errors import DutyError
from tariffs.duties.parsing import parse_duty
from tariffs.jurisdictions import jurisdictions
from tariffs.names import SUPPLEMENTARY_UNITS, regime_name
from tariffs.packs import current_packs
from tariffs.papers import PAPERS, paper_name

_MODES = (
    ("air", _("Air")),
    ("sea", _("Sea")),
    ("road", _("Road")),
    ("rail", _("Rail")),
    ("post", _("Post")),
    ("courier", _("Courier")),
)
_SCHEMES = (
    ("ioss", _("IOSS (European Union)")),
    ("gb_vat", _("VAT (United Kingdom)")),
    ("au_gst", _("GST (Australia)")),
    ("sg_ovr", _("Overseas vendor registration (Singapore)")),
    ("br_remessa_conforme", _("Remessa Conforme (Brazil)")),
)
_UNITS = (("ml", _("ml")), ("l", _("litres")), ("g", _("g")), ("kg", _("kg")), ("sheet", _("sheets")))
_CHOOSE = ("", _("Choose"))
_PAPER = re.compile(r"[a-z][a-z0-9_]{1,40}")
_ELSE_IMPORT = _("Else the day of import.")
_NOT_CODE = _("A commodity code has 6 to 10 digits.")


def _amount(label: Any, **options: Any) -> StrictDecimal:
    options = {"required": False, "max_digits": 17, "decimal_places": 4, "min_value": 0} | options
    return StrictDecimal(label=label, **options)


def _choice(
    label: Any, choices: Iterable[tuple[str, Any]], *, required: bool = False, **options: Any
) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[_CHOOSE, *choices], required=required, **options)


class QuestionForm(forms.Form):
    """A form of the calculator: what is rarely asked for stands folded until it holds something."""

    use_required_attribute = False
    folded: ClassVar[tuple[str, ...]] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether something stands in a folded field, or is wrong there."""
        return any(self.errors.get(name) or self[name].value() for name in self.folded)

    @property
    def shown_folded(self) -> list[forms.BoundField]:
        """Return the folded fields in their order."""
        return [self[name] for name in self.folded]

    def add_problem(self, name: str, message: str, *, code: str) -> None:
        """Show a problem of the law beside the field, or above the form where it has no field."""
        target = name if name in self.fields else None
        if target is None or not self.has_error(target):
            self.add_error(target, ValidationError(message, code=code))


class ConsignmentForm(QuestionForm):
    """Where the goods go, how and when, and what stands beside their prices."""

    folded = (
        "registration_scheme",
        "registration_number",
        "carrier_fee",
        "annual_used",
        "ordered_on",
        "exported_on",
        "arrived_on",
        "exchange_rate",
        "regime",
        "prices_include_tax",
    )

    country = forms.ChoiceField(label=_("Country of import"))
    ship_from = forms.ChoiceField(
        label=_("Sent from"), choices=country_choices, widget=LongSelect, required=False
    )
    transport_mode = _choice(_("Transport"), _MODES)
    consignee_type = forms.ChoiceField(
        label=_("Buyer"),
        choices=[("private", _("A private person")), ("business", _("A business"))],
        widget=forms.RadioSelect,
    )
    currency = forms.ChoiceField(label=_("Currency of all amounts"), choices=currency_choices)
    day = Day(label=_("Day of import"))
    freight = _amount(_("Freight"))
    insurance = _amount(_("Insurance"))
    regime = forms.ChoiceField(
        label=_("Regime asked for"),
        required=False,
        help_text=_("Left empty, the law chooses."),
    )
    exchange_rate = _amount(
        _("Exchange rate"),
        decimal_places=10,
        max_digits=20,
        min_value=Decimal("0.0000000001"),
        help_text=_("One unit of yours in local currency, if the tables have none."),
    )
    carrier_fee = _amount(
        _("Carrier's fee for clearing"), help_text=_("Paid besides; no tax is charged on it.")
    )
    registration_scheme = _choice(_("The seller's tax registration"), _SCHEMES)
    registration_number = PlainText(label=_("Its number"), max_length=40, required=False)
    annual_used = _amount(
        _("Bought by the buyer this year"),
        help_text=_("In local currency, without this order. China sets a limit."),
    )
    ordered_on = Day(label=_("Day of the order"), required=False, help_text=_ELSE_IMPORT)
    exported_on = Day(label=_("Day of export"), required=False, help_text=_ELSE_IMPORT)
    arrived_on = Day(label=_("Day of arrival"), required=False, help_text=_ELSE_IMPORT)
    prices_include_tax = forms.BooleanField(
        label=_("Prices and freight already include the tax of the destination"), required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(country.code, country.name) for country in jurisdictions()]
        self.fields["country"].choices = [_CHOOSE, *known]  # type: ignore[attr-defined]
        self.fields["regime"].choices = [_CHOOSE, *_regimes()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check that a registration has its number and a number its registration."""
        data = super().clean() or self.cleaned_data
        scheme, number = data.get("registration_scheme"), data.get("registration_number")
        if scheme and not number and "registration_number" not in self.errors:
            self.add_error("registration_number", _("Give the number, or choose no registration."))
        if number and not scheme and "registration_scheme" not in self.errors:
            self.add_error("registration_scheme", _("Choose what the number belongs to."))
        return data


class LineForm(QuestionForm):
    """One goods line; price and masses are those of the whole line."""

    folded = (
        "net_mass_kg",
        "gross_mass_kg",
        "net_content_value",
        "net_content_unit",
        "retail_price",
        "abv_percent",
        "counted_value",
        "counted_unit",
        "preference",
        "duty_rate",
        "documents",
    )

    description = PlainText(label=_("What it is"), max_length=300, required=False)
    commodity_code = PlainText(
        label=_("Commodity code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Write what the goods are and find the code, or type it.")},
    )
    origin = forms.ChoiceField(label=_("Made in"), choices=country_choices, widget=LongSelect)
    quantity = _amount(_("Quantity"), required=True)
    price = _amount(_("Price of the line"), required=True)
    net_mass_kg = _amount(_("Net mass, kg"), decimal_places=6)
    gross_mass_kg = _amount(_("Gross mass, kg"), decimal_places=6)
    net_content_value = _amount(_("Net content of one"))
    net_content_unit = _choice(_("Unit of the content"), _UNITS)
    preference = PlainText(
        label=_("Preference claimed"),
        max_length=20,
        required=False,
        help_text=_("Its name or code, as a result tells it."),
    )
    documents = forms.MultipleChoiceField(
        label=_("Papers that you have"),
        choices=list(PAPERS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    retail_price = _amount(_("Retail price"))
    abv_percent = _amount(_("Alcohol by volume, %"), max_value=100)
    counted_value = _amount(_("Supplementary quantity"), help_text=_("If a duty counts something else."))
    counted_unit = _choice(_("Counted in"), SUPPLEMENTARY_UNITS)
    duty_rate = PlainText(
        label=_("Another rate of duty"),
        max_length=120,
        required=False,
        help_text=_("What if: 5.1 EUR/kg or 6.5%, as tariffs write it."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # A paper that a pack asks for need not be known here.
        others = [code for code in self._named_papers() if code not in PAPERS and _PAPER.fullmatch(code)]
        choices = [*PAPERS.items(), *((code, paper_name(code)) for code in others)]
        self.fields["documents"].choices = choices  # type: ignore[attr-defined]

    def clean_commodity_code(self) -> str:
        """Return the digits alone."""
        code = clean_code(str(self.cleaned_data["commodity_code"]))
        if not is_commodity_code(code):
            raise ValidationError(_NOT_CODE, code="commodity_code")
        return code

    def clean_duty_rate(self) -> str:
        """Refuse what is no duty expression, with the character that is not understood."""
        text = str(self.cleaned_data["duty_rate"])
        if text:
            try:
                parse_duty(text)
            except DutyError as error:
                raise ValidationError(f"{error} {error.fix}".strip(), code="duty_expression") from error
        return text

    def clean_quantity(self) -> Any:
        """Refuse a quantity of nothing."""
        quantity = self.cleaned_data["quantity"]
        if not quantity:
            raise ValidationError(_("The quantity is not above 0."), code="quantity")
        return quantity

    def _named_papers(self) -> list[str]:
        if self.is_bound:
            return list(self.data.getlist(self.add_prefix("documents")))  # type: ignore[attr-defined]
        return list(self.initial.get("documents", ()))

    def clean(self) -> dict[str, Any]:
        """Check that a content and a supplementary quantity have their units."""
        data = super().clean() or self.cleaned_data
        for value, unit in (("net_content_value", "net_content_unit"), ("counted_value", "counted_unit")):
            if bool(data.get(value)) != bool(data.get(unit)) and not {value, unit} & self.errors.keys():
                missing = unit if data.get(value) else value
                self.add_error(missing, _("Give the amount with its unit, or neither."))
        return data


def _regimes() -> Iterator[tuple[str, str]]:
    for pack in current_packs():
        name = str(countries.name(pack.jurisdiction)) or pack.jurisdiction
        yield from ((regime, f"{name}: {regime_name(regime)}") for regime in pack.regimes)


class CountriesForm(forms.Form):
    """The countries that the same goods are worked out for."""

    use_required_attribute = False
    most = 6

    to = forms.MultipleChoiceField(label=_("Countries to compare"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(country.code, country.name) for country in jurisdictions()]
        self.fields["to"].choices = known  # type: ignore[attr-defined]
        self.fields["to"].help_text = _("Up to %(most)d.") % {"most": self.most}

    def clean_to(self) -> list[str]:
        """Return the countries; refuse more than fit side by side."""
        chosen: list[str] = self.cleaned_data["to"]
        if len(chosen) > self.most:
            message = _("These are %(count)d. Choose up to %(most)d.")
            raise ValidationError(message, params={"count": len(chosen), "most": self.most})
        return chosen


class CodesForm(forms.Form):
    """The commodity codes that the same goods are worked out under."""

    use_required_attribute = False
    most = 5

    line = forms.TypedChoiceField(label=_("Goods line"), coerce=int)
    code = forms.MultipleChoiceField(
        label=_("Suggested codes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    own = PlainText(
        label=_("Another code"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(
        self,
        *args: Any,
        lines: list[tuple[int, str]],
        codes: list[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["line"].choices = lines  # type: ignore[attr-defined]
        self.fields["code"].choices = codes  # type: ignore[attr-defined]

    def clean_own(self) -> str:
        """Return the digits alone."""
        code = clean_code(str(self.cleaned_data["own"]))
        if code and not is_commodity_code(code):
            raise ValidationError(_NOT_CODE, code="commodity_code")
        return code

    def clean(self) -> dict[str, Any]:
        """Refuse more codes than fit side by side."""
        data = super().clean() or self.cleaned_data
        count = len({*data.get("code", ()), data.get("own", "")} - {""})
        if count > self.most:
            message = _("These are %(count)d. Choose up to %(most)d.")
            self.add_error("code", ValidationError(message, params={"count": count, "most": self.most}))
        return data
