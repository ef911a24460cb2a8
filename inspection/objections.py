"""The named buyer on the officers' page: what they said, and their identity number, looked at on purpose."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from declarations.buyers import FIELD, asks_for_number, place_of_number, reveal_number, uses_of_number
from declarations.identity_numbers import masked
from declarations.lifecycle.buyers import objected
from declarations.models import BuyerNotice
from declarations.statement import Statement
from inspection.lifecycle import is_own, own_declaration
from inspection.models import Authority, Review
from swindow.accounts.models import User
from swindow.problems import Refused
from swindow.vault.looks import note


@dataclass(frozen=True, slots=True)
class BuyersNumber:
    """The end of the number, and with how many declarations of the last 30 days it came."""

    masked: str
    uses: int


def is_objected(review: Review) -> bool:
    """Tell whether the goods are held because the named buyer objects; a matter of customs alone."""
    return review.authority == Authority.CUSTOMS and bool(objected([review.declaration_id]))


def notice_about(review: Review) -> BuyerNotice | None:
    """Return what the named buyer was told and said; for customs alone."""
    if review.authority != Authority.CUSTOMS:
        return None
    return BuyerNotice.objects.filter(declaration=review.declaration_id).first()


def is_disputed(notice: BuyerNotice | None) -> bool:
    """Tell whether the named buyer said that this is not their order."""
    return notice is not None and notice.answer == BuyerNotice.Answer.DISPUTED


def number_of(review: Review, statement: Statement, *, at: datetime) -> BuyersNumber | None:
    """Return the buyer's number as customs sees it without a look; None where none is asked for."""
    if review.authority != Authority.CUSTOMS or not asks_for_number(statement.declaration):
        return None
    hint = statement.consignee_id_hint
    uses = uses_of_number(statement.declaration, at=at) if hint else 0
    return BuyersNumber(masked(hint), uses)


@transaction.atomic
def seen_number(review: Review, *, officer: User, at: datetime) -> str:
    """Write down that the officer looks, then return the number in clear; "" when none is kept.

    Raises Refused (IN-01) for whoever belongs to the company that declares.
    """
    if is_own(review, officer=officer):
        raise Refused([own_declaration()])
    note(
        place_of_number(review.declaration_id),
        viewer=officer.pk,
        capacity=f"agency:{review.authority}",
        what=FIELD,
        reference=review.declaration.reference,
        at=at,
    )
    return reveal_number(review.declaration)
