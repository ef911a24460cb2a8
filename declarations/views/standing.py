"""How declarations stand, read for many at once: four statements whatever their number."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from declarations.labels import Standing, Text
from declarations.models import (
    ClearanceDocument,
    Declaration,
    DeclarationQuerySet,
    Hold,
    InformationRequest,
    Payment,
)

FILTERS: dict[str, Text] = {
    "": _("All"),
    "draft": _("Drafts"),
    "question": _("Questions"),
    "payment": _("To pay"),
    "progress": _("In progress"),
    "released": _("Released"),
    "refused": _("Refused"),
}


def standings(declarations: Sequence[Declaration]) -> dict[int, Standing]:
    """Return how each declaration stands, by id."""
    keys = [declaration.pk for declaration in declarations]
    holds = defaultdict(list)
    for key, authority, kind in _open_holds(keys):
        holds[key].append((authority, kind))
    questions = defaultdict(list)
    for key, authority in _open_questions(keys):
        questions[key].append(authority)
    payments = dict(
        Payment.objects.filter(declaration__in=keys).order_by("pk").values_list("declaration", "status")
    )
    with_papers = set(_finished_papers(keys))
    return {
        declaration.pk: Standing(
            status=declaration.status,
            holds=holds[declaration.pk],
            questions=questions[declaration.pk],
            is_paying=payments.get(declaration.pk) == Payment.Status.REQUESTED,
            has_failed_payment=payments.get(declaration.pk) == Payment.Status.FAILED,
            is_paper_pending=declaration.pk not in with_papers,
        )
        for declaration in declarations
    }


def standing_as(declarations: DeclarationQuerySet, code: str) -> DeclarationQuerySet:
    """Return the declarations of a filter; an unknown one filters nothing."""
    if code == "draft":
        return declarations.filter(status="draft")
    if code == "released":
        return declarations.filter(status="released")
    if code == "refused":
        return declarations.filter(status__in=("rejected", "invalidated"))
    if code == "question":
        return declarations.filter(is_asked())
    if code == "payment":
        return declarations.filter(is_to_pay())
    if code == "progress":
        return declarations.filter(status="accepted")
    return declarations


def is_asked() -> Q:
    """Return the condition that an authority waits for an answer."""
    return Q(status="accepted") & Q(Exists(_unanswered()))


def is_to_pay() -> Q:
    """Return the condition that a charge is due and nobody is paying it."""
    return Q(status="accepted") & Q(Exists(_unpaid()) & ~Exists(_being_paid()))


def _unanswered() -> QuerySet[InformationRequest]:
    return InformationRequest.objects.filter(declaration=OuterRef("pk"), answered_at=None)


def _unpaid() -> QuerySet[Hold]:
    return Hold.objects.filter(declaration=OuterRef("pk"), kind=Hold.Kind.PAYMENT, lifted_at=None)


def _being_paid() -> QuerySet[Payment]:
    return Payment.objects.filter(declaration=OuterRef("pk"), status=Payment.Status.REQUESTED)


def _open_holds(keys: Sequence[int]) -> QuerySet[Hold, tuple[int, str, str]]:
    holds = Hold.objects.filter(declaration__in=keys, lifted_at=None).order_by("pk")
    return holds.values_list("declaration_id", "authority", "kind")


def _open_questions(keys: Sequence[int]) -> QuerySet[InformationRequest, tuple[int, str]]:
    requests = InformationRequest.objects.filter(declaration__in=keys, answered_at=None)
    return requests.values_list("declaration_id", "authority")


def _finished_papers(keys: Sequence[int]) -> QuerySet[ClearanceDocument, int]:
    papers = ClearanceDocument.objects.filter(Q(declaration__in=keys), issued_at__isnull=False)
    return papers.values_list("declaration_id", flat=True)
