"""What the named buyer is told of a declaration: the same facts in the mail and on its page, no more."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from declarations.labels import quantity_name
from declarations.models import BuyerNotice
from declarations.statement import Statement, read_statements

# More would not help anybody to recognise an order.
LINES_TOLD = 10


@dataclass(frozen=True, slots=True)
class NamedUse:
    """One use of a buyer's name: who declared what, when and where to. Neither address nor number."""

    reference: str
    seller: str
    order_number: str
    goods: tuple[tuple[str, str], ...]
    lines_left_out: int
    value: Decimal
    currency: str
    country: str
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class NamedBuyer:
    """What the page behind a code shows."""

    notice: BuyerNotice
    use: NamedUse


def use_of(statement: Statement) -> NamedUse:
    """Return what the buyer is told, in the language that is active."""
    declaration, items = statement.declaration, statement.goods_items
    return NamedUse(
        reference=declaration.reference,
        seller=declaration.declarant.name,
        order_number=declaration.order_number,
        goods=tuple(
            (item.description, quantity_name(item.quantity, item.unit)) for item in items[:LINES_TOLD]
        ),
        lines_left_out=max(0, len(items) - LINES_TOLD),
        value=sum((item.item_price for item in items), Decimal(0)),
        currency=declaration.currency,
        country=str(declaration.jurisdiction),
        accepted_at=declaration.accepted_at,
    )


def digest_of(code: str) -> str:
    """Return what is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def buyer_behind(code: str) -> NamedBuyer | None:
    """Return the notice that a code opens, with its facts; None for any other text."""
    notice = BuyerNotice.objects.filter(digest=digest_of(code)).first()
    if notice is None:
        return None
    statement = read_statements([notice.declaration_id])[notice.declaration_id]
    return NamedBuyer(notice, use_of(statement))
