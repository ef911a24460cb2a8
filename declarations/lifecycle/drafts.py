"""Drafts: made, edited, and never losing what was typed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from declarations.buyers import FIELD, keep_number
from declarations.models import Declaration, DraftAnswer, GoodsItem, SupportingDocument
from logistics.models import Consignment
from swindow.accounts.models import User
from swindow.copying import next_ids
from swindow.events.outbox import NewEvent, record
from swindow.problems import Problem, Refused
from swindow.references import reference


@transaction.atomic
def create_draft(
    declaration: Declaration,
    *,
    consignment: Consignment,
    goods_items: Sequence[GoodsItem] = (),
    documents: Sequence[SupportingDocument] = (),
    by: User,
    at: datetime,
    consignee_id: str = "",
) -> Declaration:
    """Store an unsaved declaration with its parts as a draft and give it its reference.

    `consignee_id` is the buyer's identity number, checked; it is sealed and stands nowhere else.
    Raises IntegrityError (declaration_lrn_once_per_declarant) when the declarant used the LRN before.
    """
    consignment.save(force_insert=True)
    number = next_ids("declarations_declaration_id_seq", 1)[0]
    declaration.pk, declaration.reference = number, reference("SW", number, on=at.date())
    declaration.consignment, declaration.created_by, declaration.saved_at = consignment, by, at
    declaration.save(force_insert=True)
    for item in goods_items:
        item.declaration = declaration
    for document in documents:
        document.declaration = declaration
    GoodsItem.objects.bulk_create(goods_items)
    SupportingDocument.objects.bulk_create(documents)
    if consignee_id:
        keep_number(declaration, number=consignee_id, at=at)
    record([NewEvent("declaration", number, "declaration.drafted", by.actor)], at=at)
    return declaration


@contextmanager
def editing(declaration: Declaration, *, at: datetime) -> Iterator[Declaration]:
    """Lock a draft for the changes made inside; raises Refused when it is no draft any more."""
    with transaction.atomic():
        draft = (
            Declaration.objects.select_for_update(of=("self",))
            .select_related("consignment")
            .get(pk=declaration.pk)
        )
        if not draft.is_draft:
            raise Refused([_already_lodged(draft)])
        yield draft
        Declaration.objects.filter(pk=draft.pk).update(saved_at=at)


@transaction.atomic
def keep_typed(
    declaration: Declaration, *, section: str, typed: Mapping[str, Sequence[str]], at: datetime
) -> None:
    """Keep a section as it was typed, although it has problems; an empty mapping forgets it.

    The buyer's identity number is not kept as typed: a wrong one is still most of a right one.
    """
    typed = {name: values for name, values in typed.items() if name != FIELD}
    answers = DraftAnswer.objects.filter(declaration=declaration, section=section)
    if not typed:
        answers.delete()
        return
    DraftAnswer.objects.update_or_create(
        declaration=declaration, section=section, defaults={"typed": dict(typed), "saved_at": at}
    )
    Declaration.objects.filter(pk=declaration.pk).update(saved_at=at)


def _already_lodged(declaration: Declaration) -> Problem:
    return Problem(
        "declaration",
        "DE-00",
        _("Declaration %(reference)s is lodged and cannot be changed as a draft.")
        % {"reference": declaration.reference},
        _("Open it to see what happens next."),
    )
