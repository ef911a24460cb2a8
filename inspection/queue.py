"""The officers' work queue: one page of an authority's reviews, the most pressing first, at any depth."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from declarations.models import Declaration, GoodsItem
from inspection.models import Lane, Review
from swindow.accounts.models import User
from swindow.acting import as_portal

PAGE = 25
# Counting further costs more than the number is worth: a person reads "1,000+".
COUNT_UP_TO = 1000
_MOST_MATCHES = 100


@dataclass(frozen=True, slots=True)
class QueueWish:
    """Which part of the queue to show; `after` is the reference of the last declaration seen."""

    authority: str
    lane: str = ""
    is_mine: bool = False
    search: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of reviews; `next_after` leads on, empty at the end."""

    reviews: Sequence[Review]
    next_after: str


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many open reviews there are; every number stops at COUNT_UP_TO + 1."""

    red: int
    amber: int
    green: int
    mine: int


def read_queue(wish: QueueWish, *, officer: User, size: int = PAGE) -> QueuePage:
    """Read one page in a fixed number of statements; a search also finds what is decided."""
    all_reviews = Review.objects.for_actor(officer).filter(authority=wish.authority)
    reviews: QuerySet[Review]
    if wish.search:
        reviews = all_reviews.filter(declaration__in=_matching(wish.search))
    else:
        reviews = _wished(all_reviews.open(), wish, officer)
    start = all_reviews.filter(declaration__reference=wish.after).values_list("score", "pk")
    if wish.after and (last := start.first()):
        reviews = reviews.filter(Q(score__lt=last[0]) | Q(score=last[0], pk__gt=last[1]))
    page = list(_with_parts(reviews)[: size + 1])
    return QueuePage(page[:size], page[size - 1].declaration.reference if len(page) > size else "")


def count_queue(authority: str, *, officer: User) -> QueueCounts:
    """Count the open reviews of an authority by lane, and the officer's own."""
    reviews = Review.objects.for_actor(officer).open().filter(authority=authority)
    lanes = {lane: reviews.filter(lane=lane)[: COUNT_UP_TO + 1].count() for lane in Lane.values}
    return QueueCounts(**lanes, mine=reviews.filter(officer=officer)[: COUNT_UP_TO + 1].count())


def _wished(reviews: "QuerySet[Review]", wish: QueueWish, officer: User) -> "QuerySet[Review]":
    if wish.lane:
        reviews = reviews.filter(lane=wish.lane)
    return reviews.filter(officer=officer) if wish.is_mine else reviews


@as_portal()
def _matching(search: str) -> list[int]:
    """Return the declarations whose reference or MRN begins with the text; the caller keeps the officer's.

    LIKE cannot use an index under row-level security, and would read every declaration.
    """
    text = search.replace(" ", "").upper()
    by_reference = Declaration.objects.filter(reference__startswith=text)
    by_mrn = Declaration.objects.exclude(mrn="").filter(mrn__startswith=text)
    return [
        key for found in (by_reference, by_mrn) for key in found.values_list("pk", flat=True)[:_MOST_MATCHES]
    ]


def _with_parts(reviews: "QuerySet[Review]") -> "QuerySet[Review]":
    first_line = GoodsItem.objects.filter(declaration=OuterRef("declaration")).order_by("line_no")
    return (
        reviews.select_related("declaration__declarant", "declaration__consignment", "officer")
        .annotate(goods=Subquery(first_line.values("description")[:1]))
        .defer("findings")
        .order_by("-score", "pk")
    )
