"""The clearance papers: what they say is frozen in their snapshot when the number is given."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils import translation

from declarations.formulas import formulas_of
from declarations.models import Assessment, Charge, ClearanceDocument, GoodsItem
from declarations.statement import Statement, read_statements
from swindow.documents.issuing import produce
from swindow.documents.lifecycle import DocumentToIssue

_NUMBER_LETTERS = {
    ClearanceDocument.Kind.PERMISSION: "CP",
    ClearanceDocument.Kind.TAX_BILL: "TB",
}
_TEMPLATES = {
    ClearanceDocument.Kind.PERMISSION: "declarations/documents/permission.html",
    ClearanceDocument.Kind.TAX_BILL: "declarations/documents/tax_bill.html",
}


def papers_for(declaration_ids: Collection[int]) -> list[tuple[int, str, DocumentToIssue]]:
    """Return the papers that each declaration gets, with their contents."""
    statements = read_statements(declaration_ids)
    assessments = _latest_assessments(declaration_ids)
    return [
        (key, kind, _request(kind, statement, assessments[key]))
        for key, statement in statements.items()
        for kind in ClearanceDocument.Kind
    ]


def produce_paper(paper: ClearanceDocument, *, at: datetime) -> None:
    """Lay out, sign and store one paper from its snapshot."""
    snapshot = paper.document.snapshot
    produce(
        paper.document,
        template=_TEMPLATES[ClearanceDocument.Kind(paper.kind)],
        context={"paper": snapshot},
        at=at,
        lines=len(snapshot["goods_items"]),
        phrases=[snapshot["mrn"], snapshot["total"]],
    )


def _request(kind: ClearanceDocument.Kind, statement: Statement, assessment: Assessment) -> DocumentToIssue:
    declaration = statement.declaration
    language = declaration.created_by.preferred_language
    with translation.override(language):
        title = str(kind.label)
    return DocumentToIssue(
        kind=_NUMBER_LETTERS[kind],
        title=title,
        subject=declaration.reference,
        snapshot=_snapshot(statement, assessment),
        language=language,
    )


def _snapshot(statement: Statement, assessment: Assessment) -> dict[str, Any]:
    declaration, consignment = statement.declaration, statement.consignment
    formulas = formulas_of(assessment.snapshot["result"])
    return {
        "reference": declaration.reference,
        "lrn": declaration.lrn,
        "mrn": declaration.mrn,
        "jurisdiction": str(declaration.jurisdiction),
        "regime": assessment.regime,
        "pack_version": assessment.pack_version,
        "declarant": declaration.declarant.name,
        "consignee": {"name": declaration.consignee_name, "address": declaration.consignee_address},
        "consignor": {"name": declaration.consignor_name, "address": declaration.consignor_address},
        "transport": {
            "mode": consignment.transport_mode,
            "document_number": consignment.document_number,
            "means": consignment.means_of_transport,
            "arrival_on": f"{consignment.arrival_on:%Y-%m-%d}",
            "packages": consignment.package_count,
            "gross_mass_kg": _plain(consignment.gross_mass_kg),
        },
        "accepted_at": f"{declaration.accepted_at:%Y-%m-%d %H:%M}",
        "released_at": f"{declaration.released_at:%Y-%m-%d %H:%M}",
        "currency": assessment.currency,
        "invoice_currency": declaration.currency,
        "customs_value": str(assessment.customs_value_amount),
        "goods_items": [
            {
                "line_no": item.line_no,
                "description": item.description,
                "commodity_code": item.commodity_code,
                "origin": str(item.origin),
                "quantity": _plain(item.quantity),
                "net_mass_kg": _plain(item.net_mass_kg),
                "item_price": f"{item.item_price:.2f}",
                **_particulars(item),
            }
            for item in statement.goods_items
        ],
        "charges": [_charge(charge, formulas) for charge in assessment.charges.all()],
        "total": str(assessment.payable_amount),
    }


def _particulars(item: GoodsItem) -> dict[str, str]:
    """What few goods have stands only in their papers."""
    stated = {
        "preference": item.preference,
        "supplementary_quantity": _plain(item.supplementary_quantity),
        "supplementary_unit": item.supplementary_unit,
        "abv_percent": _plain(item.abv_percent),
    }
    return {name: value for name, value in stated.items() if value}


def _charge(charge: Charge, formulas: Mapping[tuple[int | None, str], str]) -> dict[str, Any]:
    line_no = charge.goods_item.line_no if charge.goods_item else None
    return {
        "line_no": line_no,
        "tax_type": charge.tax_type,
        "base": f"{charge.base_amount:.2f}",
        "rate": charge.rate,
        "amount": str(charge.amount),
        "rule": charge.rule,
        "expression": charge.expression,
        "formula": formulas.get((line_no, charge.tax_type), ""),
        "collector": charge.collector,
    }


def _latest_assessments(declaration_ids: Collection[int]) -> dict[int, Assessment]:
    assessments = (
        Assessment.objects.filter(declaration__in=declaration_ids)
        .order_by("declaration_id", "version")
        .prefetch_related("charges__goods_item")
    )
    return {assessment.declaration_id: assessment for assessment in assessments}


def _plain(number: Any) -> str:
    return f"{number.normalize():f}" if number is not None else ""
