"""The parts of a draft: goods lines and documents come and go under the declaration's lock."""

from datetime import datetime

from django.db.models import F, Max

from declarations.lifecycle.drafts import editing
from declarations.models import Declaration, GoodsItem, SupportingDocument

# Above every line number (999), so that closing a gap never meets a number in use.
_ASIDE = 10_000


def put_line(declaration: Declaration, *, item: GoodsItem, at: datetime) -> GoodsItem:
    """Store a new line behind the others, or a changed one in its place; raises Refused on a lodged one."""
    with editing(declaration, at=at) as draft:
        item.declaration = draft
        if item.pk is None:
            last = GoodsItem.objects.filter(declaration=draft).aggregate(last=Max("line_no"))["last"]
            item.line_no = (last or 0) + 1
        item.save()
    return item


def drop_line(declaration: Declaration, *, line_no: int, at: datetime) -> bool:
    """Remove a line with the papers that cover it alone, and close the gap; False when it is gone."""
    with editing(declaration, at=at) as draft:
        lines = GoodsItem.objects.filter(declaration=draft)
        # A paper without a line covers every line: a dropped line's certificate must not become one.
        SupportingDocument.objects.filter(declaration=draft, goods_item__line_no=line_no).delete()
        count, _ = lines.filter(line_no=line_no).delete()
        lines.filter(line_no__gt=line_no).update(line_no=F("line_no") + _ASIDE)
        lines.filter(line_no__gt=_ASIDE).update(line_no=F("line_no") - _ASIDE - 1)
    return bool(count)


def attach(declaration: Declaration, *, document: SupportingDocument, at: datetime) -> SupportingDocument:
    """Add a paper to a draft."""
    with editing(declaration, at=at) as draft:
        document.declaration = draft
        document.save()
    return document


def detach(declaration: Declaration, *, file_reference: str, at: datetime) -> bool:
    """Take a paper out of a draft; its file stays stored. False when it is gone."""
    with editing(declaration, at=at) as draft:
        count, _ = SupportingDocument.objects.filter(
            declaration=draft, file__reference=file_reference
        ).delete()
    return bool(count)
