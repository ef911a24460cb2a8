"""The declared data as a list of questions and answers, with links to change them while it is a draft."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django_countries import countries

from declarations.buyers import asks_for_number
from declarations.identity_numbers import masked
from declarations.labels import quantity_name
from declarations.models import GoodsItem
from declarations.sections import TITLES
from declarations.statement import Statement
from declarations.views.tasks import section_url
from swindow.accounts.models import Act
from swindow.components import Row, Text
from swindow.dates import day


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The answers of one section."""

    key: str
    title: Text
    rows: Sequence[Row]


def answer_groups(statement: Statement, *, may: Container[str] = ()) -> list[AnswerGroup]:
    """Return every answer by section; with links for whoever may change them in a draft."""
    rows = {
        "parties": _parties(statement),
        "transport": _transport(statement),
        "tax": _tax(statement),
    }
    return [AnswerGroup(key, TITLES[key], _linked(statement, key, pairs, may)) for key, pairs in rows.items()]


def quantity_of(item: GoodsItem) -> str:
    """Return the quantity with its unit."""
    return quantity_name(item.quantity, item.unit)


def line_note(item: GoodsItem) -> str:
    """Return the masses of a line as one text, with what is stated of its goods only."""
    words = {
        "net": f"{item.net_mass_kg.normalize():f}",
        "gross": f"{item.gross_mass_kg.normalize():f}",
    }
    return " · ".join([_("net %(net)s kg, gross %(gross)s kg") % words, *particulars_of(item)])


def particulars_of(item: GoodsItem) -> list[str]:
    """Return what is stated of these goods only, each as a few words."""
    found = []
    if item.preference:
        found.append(_("preference %(code)s") % {"code": item.preference})
    if item.supplementary_quantity is not None:
        unit = item.get_supplementary_unit_display()
        found.append(f"{item.supplementary_quantity.normalize():f} {unit}")
    if item.abv_percent is not None:
        found.append(_("%(abv)s %% vol") % {"abv": f"{item.abv_percent.normalize():f}"})
    return found


def _linked(
    statement: Statement, key: str, pairs: Sequence[tuple[str, str, str]], may: Container[str]
) -> list[Row]:
    declaration = statement.declaration
    if not declaration.is_draft or Act.PREPARE not in may:
        return [Row(label, value) for label, value, _name in pairs]
    url = section_url(key, declaration.reference)
    return [Row(label, value, f"{url}#id_{name}") for label, value, name in pairs]


def _parties(statement: Statement) -> list[tuple[str, str, str]]:
    declaration = statement.declaration
    ordered = day(declaration.ordered_on)
    return [
        (_("Buyer"), declaration.consignee_name, "consignee_name"),
        (_("Buyer's address"), declaration.consignee_address, "consignee_address"),
        *_buyers_number(statement),
        (_("Buyer's e-mail address"), declaration.consignee_email, "consignee_email"),
        (_("The buyer is"), str(declaration.get_consignee_type_display()), "consignee_type_0"),
        (_("Sender"), declaration.consignor_name, "consignor_name"),
        (_("Sender's address"), declaration.consignor_address, "consignor_address"),
        (_("Order number"), declaration.order_number, "order_number"),
        (_("Date of the order"), ordered, "ordered_on"),
        (_("Freight"), _money(declaration.freight_amount, declaration.currency), "freight_amount"),
        (_("Insurance"), _money(declaration.insurance_amount, declaration.currency), "insurance_amount"),
    ]


def _buyers_number(statement: Statement) -> list[tuple[str, str, str]]:
    if not asks_for_number(statement.declaration):
        return []
    return [(_("Buyer's identity number"), masked(statement.consignee_id_hint), "consignee_id")]


def _transport(statement: Statement) -> list[tuple[str, str, str]]:
    consignment = statement.consignment
    arrival = day(consignment.arrival_on)
    mass = f"{consignment.gross_mass_kg.normalize():f} kg" if consignment.gross_mass_kg else ""
    document = str(consignment.get_document_kind_display() or _("Transport document"))
    return [
        (_("How the goods travel"), str(consignment.get_transport_mode_display()), "transport_mode_0"),
        (document, consignment.document_number, "document_number"),
        (_("Sent from"), str(countries.name(str(consignment.ship_from))), "ship_from"),
        (_("Place of arrival"), consignment.place_of_arrival, "place_of_arrival"),
        (_("Expected arrival"), arrival, "arrival_on"),
        (_("Packages"), str(consignment.package_count or ""), "package_count"),
        (_("Gross mass"), mass, "gross_mass_kg"),
    ]


def _tax(statement: Statement) -> list[tuple[str, str, str]]:
    declaration = statement.declaration
    rows = [(_("How you pay"), str(declaration.get_payment_method_display()), "payment_method_0")]
    if declaration.registration_number:
        scheme = str(declaration.get_registration_scheme_display() or _("Tax registration"))
        rows.append((scheme, declaration.registration_number, "registration_number"))
    if declaration.buyer_annual_used is not None:
        label = _("Bought earlier this year by this buyer")
        rows.append((label, f"{declaration.buyer_annual_used:f}", "buyer_annual_used"))
    return rows


def _money(amount: object, currency: str) -> str:
    return f"{amount} {currency}".strip()
