"""A draft stated anew as a whole, as machines send it."""

from collections.abc import Sequence
from datetime import datetime

from declarations.buyers import keep_number
from declarations.lifecycle.drafts import editing
from declarations.models import Declaration, GoodsItem, SupportingDocument
from logistics.models import Consignment

_STATED = (
    "lrn",
    "jurisdiction",
    "consignee_type",
    "consignee_name",
    "consignee_address",
    "consignee_email",
    "consignor_name",
    "consignor_address",
    "order_number",
    "ordered_on",
    "buyer_annual_used",
    "registration_scheme",
    "registration_number",
    "currency",
    "freight_amount",
    "insurance_amount",
    "payment_method",
)
_MOVED = (
    "transport_mode",
    "document_kind",
    "document_number",
    "means_of_transport",
    "ship_from",
    "place_of_arrival",
    "arrival_on",
    "package_count",
    "gross_mass_kg",
)


def restate(
    declaration: Declaration,
    *,
    stated: Declaration,
    consignment: Consignment,
    goods_items: Sequence[GoodsItem],
    documents: Sequence[SupportingDocument],
    at: datetime,
    consignee_id: str | None = None,
) -> Declaration:
    """Replace all that a draft states by unsaved parts; declarant and reference stay.

    `consignee_id` is the buyer's identity number, checked; "" forgets it, None leaves it while the country
    stays.
    Raises Refused when it is lodged, IntegrityError (declaration_lrn_once_per_declarant) for a used LRN.
    """
    with editing(declaration, at=at) as draft:
        country = draft.jurisdiction
        _copy(stated, draft, names=_STATED)
        # Another country's number is no number here.
        is_moved = consignee_id is None and country != draft.jurisdiction
        keep_number(draft, number="" if is_moved else consignee_id, at=at)
        _copy(consignment, draft.consignment, names=_MOVED)
        draft.documents.all().delete()
        draft.goods_items.all().delete()
        # What somebody typed on a page and could not be stored belongs to the statement before.
        draft.draft_answers.all().delete()
        for item in goods_items:
            item.declaration = draft
        for document in documents:
            document.declaration = draft
        GoodsItem.objects.bulk_create(goods_items)
        SupportingDocument.objects.bulk_create(documents)
    return draft


def _copy(
    source: Declaration | Consignment, target: Declaration | Consignment, *, names: Sequence[str]
) -> None:
    for name in names:
        setattr(target, name, getattr(source, name))
    target.save(update_fields=names)
