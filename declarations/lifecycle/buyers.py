"""The named buyer is told of the use of their identity, and confirms or disputes it (promise S10)."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from declarations.lifecycle.holds import lock
from declarations.models import BuyerNotice, Declaration, Hold, Status
from declarations.notices import digest_of
from swindow.events.outbox import NewEvent, record
from swindow.problems import Problem, Refused

# Who speaks for the buyer in the audit chain: whoever opened the page with the code of the mail.
BUYER = "buyer"
_CODE_BYTES = 16
Answer = BuyerNotice.Answer


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to send now; the code opens its page and stands nowhere else than in the mail."""

    declaration_id: int
    address: str
    code: str


@transaction.atomic
def make_notices(declaration_ids: Collection[int], *, at: datetime) -> list[NewNotice]:
    """Give each private buyer with an address who was not told yet a notice with a fresh code.

    Again for the same ones replaces the codes, because nobody has those of a mail that did not leave.
    """
    addresses = _addresses(declaration_ids)
    if not addresses:
        return []
    lock(addresses)
    told = BuyerNotice.objects.filter(declaration__in=addresses, sent_at__isnull=False)
    for key in told.values_list("declaration_id", flat=True):
        del addresses[key]
    made = [NewNotice(key, addresses[key], secrets.token_urlsafe(_CODE_BYTES)) for key in sorted(addresses)]
    BuyerNotice.objects.bulk_create(
        [
            BuyerNotice(declaration_id=one.declaration_id, digest=digest_of(one.code), made_at=at)
            for one in made
        ],
        update_conflicts=True,
        unique_fields=["declaration"],
        update_fields=["digest"],
    )
    return made


@transaction.atomic
def mark_told(declaration_ids: Collection[int], *, at: datetime) -> None:
    """Note that the mails of these declarations left; announced once."""
    lock(declaration_ids)
    notices = BuyerNotice.objects.filter(declaration__in=declaration_ids, sent_at=None)
    keys = sorted(notices.values_list("declaration_id", flat=True))
    notices.update(sent_at=at)
    record([NewEvent("declaration", key, "buyer.told", "portal") for key in keys], at=at)


def mark_seen(notice: BuyerNotice, *, at: datetime) -> None:
    """Note when the buyer's page was opened first."""
    BuyerNotice.objects.filter(pk=notice.pk, seen_at=None).update(seen_at=at)


@transaction.atomic
def confirm(notice: BuyerNotice, *, at: datetime) -> BuyerNotice:
    """Take the buyer's word that it is their order; once. Raises Refused (DE-35) after an objection."""
    lock([notice.declaration_id])
    notice = BuyerNotice.objects.select_for_update().get(pk=notice.pk)
    if notice.answer == Answer.DISPUTED:
        raise Refused([_disputed_before()])
    if not notice.answer:
        _answer(notice, Answer.CONFIRMED, at=at)
        record([NewEvent("declaration", notice.declaration_id, "buyer.confirmed", BUYER)], at=at)
    return notice


@transaction.atomic
def dispute(notice: BuyerNotice, *, note: str, at: datetime) -> BuyerNotice:
    """Take the buyer's word that they ordered nothing, also after a confirmation; once.

    An accepted declaration is held for customs in the same transaction, under its lock: either it was
    released before, or it is not released while the hold is open.
    """
    statuses = lock([notice.declaration_id])
    notice = BuyerNotice.objects.select_for_update().get(pk=notice.pk)
    if notice.answer == Answer.DISPUTED:
        return notice
    notice.note = note
    _answer(notice, Answer.DISPUTED, at=at)
    facts = {}
    if statuses[notice.declaration_id] == Status.ACCEPTED:
        facts = {"authority": "customs", "kind": Hold.Kind.IDENTITY.value}
        Hold.objects.create(declaration_id=notice.declaration_id, opened_at=at, **facts)
    record([NewEvent("declaration", notice.declaration_id, "buyer.disputed", BUYER, facts)], at=at)
    return notice


def objected(declaration_ids: Collection[int]) -> set[int]:
    """Return which of the declarations are held because their buyer objects."""
    holds = Hold.objects.filter(declaration__in=declaration_ids, kind=Hold.Kind.IDENTITY, lifted_at=None)
    return set(holds.values_list("declaration_id", flat=True))


def _addresses(declaration_ids: Collection[int]) -> dict[int, str]:
    # Every private buyer, whatever the value: whose name is used is told of it.
    lodged = Declaration.objects.filter(pk__in=declaration_ids, consignee_type="private")
    lodged = lodged.exclude(status=Status.DRAFT).exclude(consignee_email="")
    return dict(lodged.values_list("pk", "consignee_email"))


def _answer(notice: BuyerNotice, answer: "BuyerNotice.Answer", *, at: datetime) -> None:
    notice.answer, notice.answered_at = answer, at
    notice.save(update_fields=["answer", "answered_at", "note"])


def _disputed_before() -> Problem:
    return Problem(
        "answer",
        "DE-35",
        _("You said before that this is not your order, and customs has your word."),
        _("If that was a mistake, tell the customs office the reference on this page."),
    )
