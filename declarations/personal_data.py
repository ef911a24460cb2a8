"""What declarations know of a person, for the catalogue of `swindow.personal_data`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from declarations.buyers import place_of_number
from declarations.models import (
    BuyerNotice,
    Declaration,
    Hold,
    InformationRequest,
    Product,
    Status,
    SupportingDocument,
)
from logistics.models import Consignment
from swindow.accounts.models import Membership, Role
from swindow.documents.models import StoredFile
from swindow.events.outbox import NewEvent, record
from swindow.personal_data import Keeping, Outcome, Provider
from swindow.problems import Problem
from swindow.vault.models import SubjectKey
from swindow.vault.secrets import forget_subject

Row = Mapping[str, Any]
_BATCH = 500
_OVER = (Status.RELEASED, Status.REJECTED, Status.INVALIDATED)


def _drafts(person: int) -> Iterator[Row]:
    for draft in _drafts_of(person).select_related("declarant").order_by("pk"):
        yield {
            "reference": draft.reference,
            "your_reference": draft.lrn,
            "company": draft.declarant.name,
            "country": str(draft.jurisdiction),
            "saved_at": draft.saved_at,
        }


def _drafts_of(person: int) -> QuerySet[Declaration]:
    return Declaration.objects.filter(created_by=person, status=Status.DRAFT)


def _erase_drafts(person: int, at: datetime, keeping: Keeping) -> Outcome:
    """Remove the drafts in which nobody else can go on working."""
    colleagues = Membership.objects.filter(organisation=OuterRef("declarant")).exclude(user=person)
    drafts = _drafts_of(person)
    erased = _remove(drafts.filter(~Exists(colleagues)), by=f"user:{person}", at=at)
    return Outcome(erased=erased, kept=drafts.count())


def _expire_drafts(at: datetime, keeping: Keeping) -> int:
    old = Declaration.objects.filter(status=Status.DRAFT, saved_at__lt=keeping.cutoff(at))
    return _remove(old, by="portal", at=at)


def _remove(drafts: QuerySet[Declaration], *, by: str, at: datetime) -> int:
    """Remove drafts with their parts; the objects of their files go with the next sweep of files."""
    removed = 0
    locked = drafts.select_for_update(of=("self",)).order_by("pk")
    while batch := list(locked.values_list("pk", "consignment_id")[:_BATCH]):
        keys = [key for key, _consignment in batch]
        files = list(
            SupportingDocument.objects.filter(declaration__in=keys).values_list("file_id", flat=True)
        )
        _forget_buyers(keys, at=at)
        Declaration.objects.filter(pk__in=keys).delete()
        Consignment.objects.filter(pk__in=[consignment for _key, consignment in batch]).delete()
        _drop_files(files)
        record([NewEvent("declaration", key, "declaration.draft_removed", by) for key in keys], at=at)
        removed += len(keys)
    return removed


def _drop_files(files: Sequence[int]) -> None:
    """Drop the files that no other declaration or product shows."""
    elsewhere = (
        Exists(SupportingDocument.objects.filter(file=OuterRef("pk"))),
        Exists(Product.objects.filter(picture=OuterRef("pk"))),
    )
    StoredFile.objects.filter(pk__in=files).exclude(elsewhere[0] | elsewhere[1]).delete()


def _declarations(person: int) -> Iterator[Row]:
    for one in _lodged_by(person).select_related("declarant").order_by("pk"):
        yield {
            "what": "declaration",
            "reference": one.reference,
            "mrn": one.mrn,
            "company": one.declarant.name,
            "status": one.status,
            "accepted_at": one.accepted_at,
        }
    for request in _answers_of(person).select_related("declaration").order_by("pk"):
        yield {
            "what": "answer to an authority",
            "reference": request.declaration.reference,
            "answer": request.answer,
            "at": request.answered_at,
        }


def _lodged_by(person: int) -> QuerySet[Declaration]:
    return Declaration.objects.filter(created_by=person).exclude(status=Status.DRAFT)


def _answers_of(person: int) -> QuerySet[InformationRequest]:
    return InformationRequest.objects.filter(answered_by=person)


def _keep_declarations(person: int, at: datetime, keeping: Keeping) -> Outcome:
    lodged = _lodged_by(person).values_list("jurisdiction", "released_at", "accepted_at")
    ends = [
        keeping.until(released_at or accepted_at or at, country=str(country))
        for country, released_at, accepted_at in lodged.iterator()
    ]
    answers = _answers_of(person).count()
    if answers:
        ends.append(keeping.until(at))
    return Outcome(kept=lodged.count() + answers, until=max((end for end in ends if end), default=None))


def _expire_buyers(at: datetime, keeping: Keeping) -> int:
    """Forget the private buyers of declarations whose records need not be kept any more."""
    countries = Declaration.objects.order_by().values_list("jurisdiction", flat=True).distinct()
    return sum(_expire_buyers_in(str(country), at=at, keeping=keeping) for country in countries)


def _expire_buyers_in(country: str, *, at: datetime, keeping: Keeping) -> int:
    forgotten = 0
    cutoff = keeping.cutoff(at, country=country)
    over = _over_since(cutoff).filter(jurisdiction=country).select_for_update(of=("self",)).order_by("pk")
    while keys := list(over.values_list("pk", flat=True)[:_BATCH]):
        Declaration.objects.filter(pk__in=keys).update(
            consignee_name="", consignee_address="", consignee_email=""
        )
        BuyerNotice.objects.filter(declaration__in=keys).update(note="")
        _forget_buyers(keys, at=at)
        record([NewEvent("declaration", key, "declaration.buyer_forgotten", "portal") for key in keys], at=at)
        forgotten += len(keys)
    return forgotten


def _over_since(cutoff: datetime | None) -> QuerySet[Declaration]:
    """Return the declarations that ended before a moment, name a private buyer, and that nothing holds."""
    ended = Q(released_at__lt=cutoff) | Q(rejected_at__lt=cutoff) | Q(invalidated_at__lt=cutoff)
    held = Hold.objects.filter(declaration=OuterRef("pk"), lifted_at=None)
    disputed = BuyerNotice.objects.filter(declaration=OuterRef("pk"), answer=BuyerNotice.Answer.DISPUTED)
    named = ~Q(consignee_name="", consignee_address="", consignee_email="")
    over = Declaration.objects.filter(ended, named, status__in=_OVER, consignee_type="private")
    # A refused declaration keeps its holds open for ever: they hold goods that never come in.
    return over.filter(Q(status=Status.REJECTED) | ~Exists(held)).exclude(
        Exists(disputed.filter(Q(answered_at__gte=cutoff) | Q(declaration__status=Status.ACCEPTED)))
    )


def _forget_buyers(declarations: Sequence[int], *, at: datetime) -> None:
    places = [place_of_number(key) for key in declarations]
    known = SubjectKey.objects.filter(subject__in=places, destroyed_at=None)
    for subject in list(known.values_list("subject", flat=True)):
        forget_subject(subject, at=at)


def _objections(person: int) -> list[Problem]:
    """The last owner answers for what is under way."""
    others = Membership.objects.filter(organisation=OuterRef("organisation"), role=Role.OWNER).exclude(
        pk=OuterRef("pk")
    )
    alone = Membership.objects.filter(~Exists(others), user=person, role=Role.OWNER)
    companies = alone.filter(organisation__declarations__status=Status.ACCEPTED)
    return [_last_owner(name) for name in companies.values_list("organisation__name", flat=True).distinct()]


def _last_owner(company: str) -> Problem:
    return Problem(
        "",
        "PR-05",
        _("You are the last owner of %(company)s, whose declarations are with the authorities.")
        % {"company": company},
        _("Make a colleague an owner, or wait until they are decided."),
    )


DRAFTS = Provider(
    (
        "declarations.DraftAnswer",
        "declarations.SupportingDocument",
        "documents.StoredFile",
    ),
    _drafts,
    _erase_drafts,
    _expire_drafts,
)
DECLARATIONS = Provider(
    ("declarations.Declaration", "declarations.InformationRequest", "declarations.BuyerNotice"),
    _declarations,
    _keep_declarations,
    _expire_buyers,
    _objections,
)
