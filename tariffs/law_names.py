"""What the parts of a regulation pack are called: events, outcomes, papers, anchors, marks of goods."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from tariffs.exchange.policies import ExchangePolicy
from tariffs.names import tax_name

Names = Mapping[str, Promise]

_UNIONS: Names = {"EU": gettext_lazy("European Union"), "EAEU": gettext_lazy("Eurasian Economic Union")}
_EVENTS: Names = {
    "order": gettext_lazy("the order"),
    "export": gettext_lazy("export"),
    "arrival": gettext_lazy("arrival"),
    "acceptance": gettext_lazy("acceptance of the declaration"),
    "payment": gettext_lazy("payment"),
}
_AGENCIES: Names = {
    "customs": gettext_lazy("Customs"),
    "tax": gettext_lazy("Tax office"),
    "quarantine": gettext_lazy("Quarantine"),
    "port": gettext_lazy("Port"),
}
_OUTCOMES: Names = {
    "assessed": gettext_lazy("assessed"),
    "refused": gettext_lazy("refused"),
    "other_regime": gettext_lazy("another regime applies"),
}
_SEVERITIES: Names = {
    "refuse": gettext_lazy("The goods are refused"),
    "incomplete": gettext_lazy("Something is missing"),
    "warn": gettext_lazy("A warning is given"),
}
_ROUNDINGS: Names = {
    "value": gettext_lazy("Customs value"),
    "charge": gettext_lazy("Taxes and duties"),
    "fee": gettext_lazy("Fees"),
    "thousands": gettext_lazy("Base in thousands"),
    "hundreds": gettext_lazy("Tax in hundreds"),
    "tens": gettext_lazy("Tax in tens"),
}
_MODES: Names = {
    "half_up": gettext_lazy("half up"),
    "half_even": gettext_lazy("half to even"),
    "down": gettext_lazy("down"),
    "up": gettext_lazy("up"),
}
_MARKS: Names = {
    "listed": gettext_lazy("On the positive list"),
    "banned": gettext_lazy("Banned goods"),
    "excise_goods": gettext_lazy("Excise goods"),
    "relief_excluded": gettext_lazy("Excluded from the relief"),
    "general_clearance": gettext_lazy("Goods for general clearance"),
    "not_by_post": gettext_lazy("Not by post"),
    "not_simplified": gettext_lazy("Not by the simplified import"),
    "not_personal": gettext_lazy("Not for personal import"),
    "dutiable": gettext_lazy("Dutiable goods"),
    "personal_duty": gettext_lazy("Customs duty on personal imports"),
    "personal_igst": gettext_lazy("Integrated GST on personal imports"),
    "documentary": gettext_lazy("Papers to be produced"),
    "prohibited": gettext_lazy("Prohibited goods"),
    "heading": gettext_lazy("Names of goods"),
}
_ANCHORS: Names = {
    "third_wednesday_of_previous_month": gettext_lazy("the third Wednesday of the month before"),
    "penultimate_wednesday_of_previous_month": gettext_lazy("the last Wednesday but one of the month before"),
    "penultimate_thursday_of_previous_month": gettext_lazy("the last Thursday but one of the month before"),
    "same_day": gettext_lazy("the day itself"),
    "day_before": gettext_lazy("the day before"),
    "first_business_day_of_quarter": gettext_lazy("the first business day of the quarter"),
    "week_before": gettext_lazy("the Friday of the week before"),
    "mean_of_week_before": gettext_lazy("the mean of the week before"),
    "mean_of_week_two_weeks_before": gettext_lazy("the mean of the week two weeks before"),
    "fortnight": gettext_lazy("the first or third Thursday of the month, for the fortnight after it"),
}
_HOLIDAYS: Names = {
    "last_published": gettext_lazy("On a holiday the last rate before it counts."),
    "next_published": gettext_lazy("On a holiday the next rate after it counts."),
    "next_wednesday": gettext_lazy("If that is a holiday, the Wednesday after it counts."),
}


def jurisdiction_name(code: str) -> str:
    """Return the name of a country or of a union of countries."""
    return str(_UNIONS.get(code) or countries.name(code) or code)


def event_name(code: str) -> str:
    """Return what happens on the day that selects a rule or a rate."""
    return _named(code, _EVENTS)


def agency_name(code: str) -> str:
    """Return an agency's name."""
    return _named(code, _AGENCIES)


def outcome_name(code: str) -> str:
    """Return what becomes of a consignment."""
    return _named(code, _OUTCOMES)


def severity_name(code: str) -> str:
    """Return what a check does when it finds something."""
    return _named(code, _SEVERITIES)


def rounding_name(code: str) -> str:
    """Return what is rounded."""
    return _named(code, _ROUNDINGS)


def mode_name(code: str) -> str:
    """Return which way it is rounded."""
    return _named(code, _MODES)


def row_name(kind: str) -> str:
    """Return what rows of a table are about: a mark of goods, or the tax that they are rates of."""
    return str(_MARKS.get(kind) or tax_name(kind))


def policy_sentence(policy: ExchangePolicy) -> str:
    """Return in words which day's rate counts, and what a holiday does to it."""
    day = _("Amounts are converted at the rate of %(day)s.") % {"day": _ANCHORS[policy.anchor]}
    if policy.anchor in ("same_day", "day_before") or "mean" in policy.anchor:
        return day
    return f"{day} {_HOLIDAYS[policy.holiday]}"


def anchor_name(code: str) -> str:
    """Return the day whose rate counts."""
    return _named(code, _ANCHORS)


def _named(code: str, names: Names) -> str:
    return str(names.get(code) or code.replace("_", " "))
