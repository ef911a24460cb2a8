"""The sections of a draft, and where in them a problem belongs; pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from swindow.problems import Problem

TITLES: dict[str, Promise] = {
    "parties": _("Parties and order"),
    "transport": _("Transport and arrival"),
    "goods": _("Goods lines"),
    "documents": _("Supporting documents"),
    "inspection": _("Inspection and quarantine"),
    "tax": _("Tax and payment"),
    "check": _("Check your answers and submit"),
}
# Paths of the law and of the company that do not begin with a section's name.
_ELSEWHERE = {
    "dates.order": ("parties", "ordered_on"),
    "dates.arrival": ("transport", "arrival_on"),
    "freight.amount": ("parties", "freight_amount"),
    "insurance.amount": ("parties", "insurance_amount"),
    "currency": ("parties", "currency"),
    "buyer.annual_used": ("tax", "buyer_annual_used"),
    "seller_registration": ("tax", "registration_number"),
    "seller_registration.number": ("tax", "registration_number"),
    "seller_registration.scheme": ("tax", "registration_number"),
    "consignee_type": ("parties", "consignee_type"),
    "documents": ("documents", ""),
    "goods_items": ("goods", ""),
    "regime": ("tax", ""),
}
_GOODS_FIELDS = {
    "net_content": "net_content_value",
    "item_price": "unit_price",
    "supplementary_units": "supplementary_quantity",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Section, field and line of a problem; the line is 0 and the field empty where there is none."""

    section: str
    field: str = ""
    line_no: int = 0


def place_of(problem: Problem) -> Place:
    """Return where a problem is mended; what belongs nowhere else belongs to the check."""
    if problem.path in _ELSEWHERE:
        return Place(*_ELSEWHERE[problem.path])
    head, _dot, rest = problem.path.partition(".")
    if head == "goods_items":
        return _goods_place(rest)
    return Place(head, rest) if head in TITLES else Place("check")


def _goods_place(rest: str) -> Place:
    number, _dot, field = rest.partition(".")
    line_no = int(number) if number.isdigit() else 0
    if field == "documents":
        return Place("inspection", "", line_no)
    return Place("goods", _GOODS_FIELDS.get(field, field), line_no)
