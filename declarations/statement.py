"""A declaration with all its parts in memory, and the facts that the law sees of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, cast

from declarations.buyers import hints_of
from declarations.models import Declaration, GoodsItem, SupportingDocument
from logistics.models import Consignment
from tariffs.facts import ConsignmentFacts, Dates, GoodsFacts, Money


@dataclass(frozen=True, slots=True)
class Statement:
    """What the declarant states: read once, then judged without another query."""

    declaration: Declaration
    consignment: Consignment
    goods_items: tuple[GoodsItem, ...]
    documents: tuple[SupportingDocument, ...]
    # The last characters of the buyer's identity number; the number itself is never in a statement.
    consignee_id_hint: str = ""

    def documents_of(self, item: GoodsItem) -> frozenset[str]:
        """Return the kinds of document that cover a line; one without a line covers all."""
        return frozenset(
            document.kind for document in self.documents if document.goods_item_id in (None, item.pk)
        )


def read_statements(declaration_ids: Collection[int]) -> dict[int, Statement]:
    """Read declarations with their parts: three statements whatever their number, four to
    countries that ask for the buyer's identity number.
    """
    declarations = Declaration.objects.filter(pk__in=declaration_ids).select_related(
        "declarant", "consignment", "created_by"
    )
    by_id = {declaration.pk: declaration for declaration in declarations}
    goods: dict[int, list[GoodsItem]] = {number: [] for number in by_id}
    for item in GoodsItem.objects.filter(declaration__in=by_id).order_by("line_no"):
        goods[item.declaration_id].append(item)
    papers: dict[int, list[SupportingDocument]] = {number: [] for number in by_id}
    for document in SupportingDocument.objects.filter(declaration__in=by_id).order_by("pk"):
        papers[document.declaration_id].append(document)
    hints = hints_of(by_id.values())
    return {
        number: Statement(
            declaration,
            declaration.consignment,
            tuple(goods[number]),
            tuple(papers[number]),
            hints.get(number, ""),
        )
        for number, declaration in by_id.items()
    }


def facts_of(statement: Statement, *, on: date) -> ConsignmentFacts:
    """Return the frozen facts for the assessment; `on` is the day of acceptance."""
    declaration, consignment = statement.declaration, statement.consignment
    return ConsignmentFacts(
        jurisdiction=str(declaration.jurisdiction),
        dates=Dates(order=declaration.ordered_on, arrival=consignment.arrival_on, acceptance=on),
        goods=tuple(_goods_facts(statement, item) for item in statement.goods_items),
        currency=declaration.currency,
        consignee_type=cast(Literal["private", "business"], declaration.consignee_type),
        ship_from=str(consignment.ship_from),
        transport_mode=consignment.transport_mode,
        registration_scheme=declaration.registration_scheme or None,
        registration_number=declaration.registration_number or None,
        freight=Money(declaration.freight_amount, declaration.currency),
        insurance=Money(declaration.insurance_amount, declaration.currency),
        buyer_annual_used=declaration.buyer_annual_used or Decimal(0),
    )


def _goods_facts(statement: Statement, item: GoodsItem) -> GoodsFacts:
    return GoodsFacts(
        line_no=item.line_no,
        commodity_code=item.commodity_code,
        description=item.description,
        origin=str(item.origin),
        quantity=item.quantity,
        item_price=Money(item.item_price, statement.declaration.currency),
        unit=item.unit,
        net_mass_kg=item.net_mass_kg,
        gross_mass_kg=item.gross_mass_kg,
        net_content_value=item.net_content_value,
        net_content_unit=item.net_content_unit,
        documents=statement.documents_of(item),
        preference=item.preference,
        abv_percent=item.abv_percent,
        supplementary_units=_supplementary(item),
    )


def _supplementary(item: GoodsItem) -> tuple[tuple[str, Decimal], ...]:
    if item.supplementary_quantity is None:
        return ()
    return ((item.supplementary_unit, item.supplementary_quantity),)
