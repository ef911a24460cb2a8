"""What a declaration must say before it may be lodged; pure, all problems at once."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from declarations.identity_numbers import PATH, identity_number_of
from declarations.models import GoodsItem, SupportingDocument
from declarations.statement import Statement
from logistics.models import Mode
from logistics.rules import KINDS_OF_MODE, check_document_number
from swindow.problems import Problem
from tariffs.classification.vagueness import names_no_goods

MOST_GOODS_ITEMS = 999


def problems_of(statement: Statement) -> list[Problem]:
    """Return every problem of the statement; an empty list means that it may be lodged."""
    return [problem for rule in RULES for problem in rule(statement)]


def declarant_is_verified(statement: Statement) -> Iterator[Problem]:
    """DE-01: only a verified seller lodges."""
    if not statement.declaration.declarant.is_verified:
        yield Problem(
            "declarant",
            "DE-01",
            _("Your company is not verified yet."),
            _("Send your company data and one identity document under Organisation."),
        )


def parties_are_named(statement: Statement) -> Iterator[Problem]:
    """DE-02: buyer and sender have a name and an address (DE 3/1, 3/9)."""
    for field, sentence in (
        ("consignee_name", _("The buyer's name is missing.")),
        ("consignee_address", _("The buyer's address is missing.")),
        ("consignor_name", _("The sender's name is missing.")),
        ("consignor_address", _("The sender's address is missing.")),
    ):
        if not getattr(statement.declaration, field).strip():
            yield Problem(f"parties.{field}", "DE-02", sentence, _("Fill it in under Parties."))


def order_is_named(statement: Statement) -> Iterator[Problem]:
    """DE-03: the order behind the import has a number, a date and a currency."""
    declaration = statement.declaration
    fix = _("Copy it from the order, under Parties and order.")
    if not declaration.order_number:
        yield Problem("parties.order_number", "DE-03", _("The order number is missing."), fix)
    if not declaration.ordered_on:
        yield Problem("parties.ordered_on", "DE-03", _("The date of the order is missing."), fix)
    if not declaration.currency:
        yield Problem("parties.currency", "DE-03", _("The currency of the invoice is missing."), fix)


def goods_are_listed(statement: Statement) -> Iterator[Problem]:
    """DE-04: a declaration has 1 to 999 goods items (DE 1/6)."""
    count = len(statement.goods_items)
    if not count:
        yield Problem("goods_items", "DE-04", _("No goods are listed."), _("Add at least one line."))
    if count > MOST_GOODS_ITEMS:
        fix = _("Split the declaration.")
        yield Problem("goods_items", "DE-04", _("A declaration has at most 999 lines."), fix)


def goods_are_described(statement: Statement) -> Iterator[Problem]:
    """DE-05: a description tells an officer what the goods are (DE 6/8)."""
    for item in statement.goods_items:
        if names_no_goods(item.description):
            yield _goods_problem(
                item,
                "description",
                "DE-05",
                _("“%(text)s” does not say what the goods are.") % {"text": item.description},
                _("Name the thing, its material and its use, for example knitted cotton T-shirt."),
            )


def masses_agree(statement: Statement) -> Iterator[Problem]:
    """DE-06: the lines together weigh no more than the consignment (DE 6/5)."""
    total = sum((item.gross_mass_kg for item in statement.goods_items), Decimal(0))
    whole = statement.consignment.gross_mass_kg
    if whole is not None and total > whole:
        yield Problem(
            "transport.gross_mass_kg",
            "DE-06",
            _("The lines weigh %(lines)s kg together, the consignment only %(whole)s kg.")
            % {"lines": _trim(total), "whole": _trim(whole)},
            _("Correct the gross mass of a line or of the consignment."),
        )


def transport_is_known(statement: Statement) -> Iterator[Problem]:
    """DE-07: mode, transport document, origin and arrival of the consignment (DE 7/4, 2/3)."""
    consignment = statement.consignment
    fix = _("Fill it in under Transport.")
    for field, sentence in (
        ("transport_mode", _("How the goods travel is missing.")),
        ("ship_from", _("The country that the goods are sent from is missing.")),
        ("arrival_on", _("The day of arrival is missing.")),
        ("package_count", _("The number of packages is missing.")),
        ("gross_mass_kg", _("The gross mass of the consignment is missing.")),
    ):
        if not getattr(consignment, field):
            yield Problem(f"transport.{field}", "DE-07", sentence, fix)
    if consignment.transport_mode:
        yield from _transport_document(statement)


def invoice_is_there(statement: Statement) -> Iterator[Problem]:
    """DE-08: an invoice or an order supports the value (DE 2/3)."""
    kinds = {document.kind for document in statement.documents}
    if not kinds & {SupportingDocument.Kind.INVOICE, SupportingDocument.Kind.ORDER}:
        fix = _("Upload the commercial invoice or the order.")
        yield Problem("documents", "DE-08", _("No invoice or order is attached."), fix)


def payment_is_chosen(statement: Statement) -> Iterator[Problem]:
    """DE-09: the declarant says how charges are paid; a deferment account must exist."""
    declaration = statement.declaration
    if not declaration.payment_method:
        fix = _("Choose it under Tax and payment.")
        yield Problem("tax.payment_method", "DE-09", _("How you pay is missing."), fix)
    elif declaration.payment_method == "deferment" and not declaration.declarant.deferment_account:
        yield Problem(
            "tax.payment_method",
            "DE-09",
            _("Your company has no deferment account."),
            _("Pay by card or bank transfer, or add the account under Organisation."),
        )


def buyer_is_identified(statement: Statement) -> Iterator[Problem]:
    """DE-33: a private buyer has an identity number where the law of import needs one."""
    declaration = statement.declaration
    asked = identity_number_of(str(declaration.jurisdiction))
    is_asked = asked is not None and asked.is_needed and declaration.consignee_type == "private"
    if is_asked and not statement.consignee_id_hint:
        yield Problem(
            PATH,
            "DE-33",
            _("The buyer's identity number is missing."),
            _("Ask the buyer for it and type it under Parties; it is kept sealed."),
        )


RULES: tuple[Callable[[Statement], Iterator[Problem]], ...] = (
    declarant_is_verified,
    parties_are_named,
    buyer_is_identified,
    order_is_named,
    goods_are_listed,
    goods_are_described,
    masses_agree,
    transport_is_known,
    invoice_is_there,
    payment_is_chosen,
)


def _transport_document(statement: Statement) -> Iterator[Problem]:
    consignment = statement.consignment
    kind = KINDS_OF_MODE[Mode(consignment.transport_mode)]
    yield from check_document_number(kind, consignment.document_number, path="transport.document_number")


def _goods_problem(item: GoodsItem, field: str, code: str, message: str, fix: str) -> Problem:
    return Problem(f"goods_items.{item.line_no}.{field}", code, message, fix)


def _trim(mass: Decimal) -> str:
    return f"{mass.normalize():f}"
