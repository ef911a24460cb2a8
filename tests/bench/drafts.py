"""Ten thousand drafts, written by COPY: what a platform's file would leave before it is lodged."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from PIL import Image

from declarations.models import Declaration, SupportingDocument
from swindow.accounts.models import User
from swindow.copying import id_sequence, insert_rows, next_ids
from swindow.documents.models import StoredFile
from swindow.documents.uploads import store_upload
from swindow.events.outbox import NewEvent, record
from swindow.references import reference
from tests import builders

GOODS = (("610910", "Knitted cotton T-shirt"), ("640411", "Running shoes"), ("950300", "Plush toy bear"))


@dataclass(frozen=True, slots=True)
class Shop:
    """A verified seller and the one file that all papers point to."""

    seller: User
    declarant_id: int
    file: StoredFile


def open_shop(*, at: datetime) -> Shop:
    """Make agencies and a seller with a file; agencies that exist already stay."""
    builders.reference_data()
    seller = builders.seller()
    company = builders.company_of(seller)
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "PNG")
    picture.seek(0)
    file = store_upload(picture, owner_id=company.pk, name="invoice.png", at=at)
    return Shop(seller, company.pk, file)


@transaction.atomic
def write_drafts(count: int, *, shop: Shop, at: datetime) -> list[int]:
    """Write drafts of low value by post to the Netherlands under IOSS; return their ids."""
    ids = next_ids(id_sequence("declarations_declaration"), count)
    consignments = next_ids(id_sequence("logistics_consignment"), count)
    consignment = builders.consignment(arrival_on=at.date())
    _copy(consignment, [{"id": key} for key in consignments])
    _copy(_declaration(shop, at=at), list(_declaration_rows(ids, consignments, at=at)))
    for line_no, (code, description) in enumerate(GOODS, start=1):
        item = builders.goods_item(line_no, code=code, description=description)
        _copy(item, [{"declaration_id": key} for key in ids])
    invoice = SupportingDocument(kind="invoice", number="INV-1", issued_on=at.date(), file=shop.file)
    _copy(invoice, [{"declaration_id": key} for key in ids])
    record([NewEvent("declaration", key, "declaration.drafted", shop.seller.actor) for key in ids], at=at)
    return ids


def _declaration(shop: Shop, *, at: datetime) -> Declaration:
    return Declaration(
        declarant_id=shop.declarant_id,
        created_by=shop.seller,
        jurisdiction="NL",
        consignee_name="Jan de Vries",
        consignee_address="Coolsingel 1, Rotterdam",
        consignor_name="Brightway Trading",
        consignor_address="1 Harbour Road, Singapore",
        order_number="BW-1",
        ordered_on=at.date(),
        currency="EUR",
        registration_scheme="ioss",
        registration_number="IM5280001234",
        payment_method="deferment",
        saved_at=at,
    )


def _declaration_rows(
    ids: Sequence[int], consignments: Sequence[int], *, at: datetime
) -> Iterator[dict[str, Any]]:
    for key, consignment in zip(ids, consignments, strict=True):
        yield {
            "id": key,
            "reference": reference("SW", key, on=at.date()),
            "lrn": f"B-{key}",
            "consignment_id": consignment,
        }


def _copy(template: models.Model, changes: Sequence[Mapping[str, Any]]) -> None:
    """Write one row a change: the template's values with the changed columns."""
    fields = [
        one for one in template._meta.concrete_fields if one.column in changes[0] or not one.primary_key
    ]
    columns = [one.column for one in fields]
    values = [one.get_db_prep_save(getattr(template, one.attname), connection) for one in fields]
    places = {column: columns.index(column) for column in changes[0]}
    rows = []
    for change in changes:
        row = values.copy()
        for column, value in change.items():
            row[places[column]] = value
        rows.append(row)
    insert_rows(template._meta.db_table, columns, rows)
