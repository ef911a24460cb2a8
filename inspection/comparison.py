"""What is declared, beside what each paper states: every figure that can be compared; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from declarations.models import SupportingDocument
from declarations.statement import Statement
from swindow.dates import day

Kind = SupportingDocument.Kind
# A certificate older than this at arrival is not accepted.
CERTIFICATE_LIFE = timedelta(days=365)
_CERTIFICATES = (Kind.HEALTH_CERTIFICATE, Kind.PHYTOSANITARY_CERTIFICATE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact, as declared and as found on a paper; `note` says how far they are apart."""

    label: str
    paper: SupportingDocument
    declared: str
    found: str
    is_same: bool
    note: str = ""

    @property
    def source(self) -> str:
        """Return which paper it was found on."""
        number = self.paper.number
        return f"{self.paper.get_kind_display()} {number}".strip()


def comparisons_of(statement: Statement) -> list[Comparison]:
    """Compare a statement with all its papers; what differs comes first."""
    found = [one for paper in statement.documents for one in _of_paper(statement, paper)]
    return sorted(found, key=lambda one: one.is_same)


def _of_paper(statement: Statement, paper: SupportingDocument) -> Iterator[Comparison]:
    yield from _amount(statement, paper)
    yield from _mass(statement, paper)
    yield from _order(statement, paper)
    yield from _transport_document(statement, paper)
    yield from _certificate(statement, paper)


def _amount(statement: Statement, paper: SupportingDocument) -> Iterator[Comparison]:
    stated = paper.stated_amount
    if stated is None:
        return
    currency = statement.declaration.currency
    declared = sum((item.item_price for item in statement.goods_items), Decimal(0))
    note = "" if stated == declared else f"{stated - declared:+,.2f} {currency}"
    yield Comparison(
        _("Goods total"),
        paper,
        f"{declared:,.2f} {currency}",
        f"{stated:,.2f} {currency}",
        stated == declared,
        note,
    )


def _mass(statement: Statement, paper: SupportingDocument) -> Iterator[Comparison]:
    stated, declared = paper.stated_gross_mass_kg, statement.consignment.gross_mass_kg
    if stated is None or declared is None:
        return
    note = "" if stated == declared else f"{stated - declared:+,f} kg"
    yield Comparison(_("Gross mass"), paper, _kg(declared), _kg(stated), stated == declared, note)


def _order(statement: Statement, paper: SupportingDocument) -> Iterator[Comparison]:
    if paper.kind != Kind.ORDER:
        return
    declaration = statement.declaration
    if paper.number:
        yield _texts(_("Order number"), paper, declaration.order_number, paper.number)
    if paper.issued_on and declaration.ordered_on:
        yield Comparison(
            _("Date of the order"),
            paper,
            day(declaration.ordered_on),
            day(paper.issued_on),
            paper.issued_on == declaration.ordered_on,
        )


def _transport_document(statement: Statement, paper: SupportingDocument) -> Iterator[Comparison]:
    if paper.kind == Kind.TRANSPORT_DOCUMENT and paper.number:
        yield _texts(_("Transport document"), paper, statement.consignment.document_number, paper.number)


def _certificate(statement: Statement, paper: SupportingDocument) -> Iterator[Comparison]:
    if paper.kind not in _CERTIFICATES:
        return
    arrival = statement.consignment.arrival_on
    if not paper.issued_on or not arrival:
        yield Comparison(_("Date of the certificate"), paper, _("needed"), _("not given"), False)
        return
    is_valid = arrival - CERTIFICATE_LIFE <= paper.issued_on <= arrival
    note = "" if is_valid else _("Must be issued in the year before the arrival.")
    declared = _("arrival %(day)s") % {"day": day(arrival)}
    found = _("issued %(day)s") % {"day": day(paper.issued_on)}
    yield Comparison(_("Date of the certificate"), paper, declared, found, is_valid, note)


def _texts(label: str, paper: SupportingDocument, declared: str, found: str) -> Comparison:
    return Comparison(label, paper, declared, found, _bare(declared) == _bare(found))


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text)).upper()


def _kg(mass: Decimal) -> str:
    return f"{mass.normalize():,f} kg"
