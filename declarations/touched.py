"""Whom a change of the law touches: products and drafts by their commodity codes, and what was assessed.

For officers who prepare a change: references, codes and the seller's name, nothing that a seller keeps.
A change touches everybody, so these read past row-level security.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from declarations.models import Assessment, Declaration, GoodsItem, Product, Status
from swindow.acting import as_portal
from tariffs.drafting.preview import StoredCase
from tariffs.drafting.touching import Touch

# Counting further costs more than the number is worth: a person reads "1,000+".
COUNT_UP_TO = 1_000
# Where a country is rare among the last assessments, looking further would read all of them.
_LOOK_BACK = 20_000
_SHORTEST, _LONGEST = 6, 10
_Row = TypeVar("_Row", Product, GoodsItem)


@dataclass(frozen=True, slots=True)
class TouchedThing:
    """A product or a draft: its reference, whose it is, and the codes that are touched."""

    reference: str
    seller: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TouchedPart:
    """The newest of what is touched, and how many there are up to COUNT_UP_TO + 1."""

    things: Sequence[TouchedThing]
    count: int


@as_portal()
def touched_products(touches: Sequence[Touch], *, most: int) -> TouchedPart:
    """Return products with a touched code; a product has no country, so that of import is left open."""
    if not touches:
        return TouchedPart((), 0)
    products = _with_codes(Product.objects.all()).filter(_any(_codes(group) for group in _grouped(touches)))
    newest = products.select_related("seller").order_by("-pk")[:most]
    things = [TouchedThing(one.reference, one.seller.name, (one.commodity_code,)) for one in newest]
    return TouchedPart(things, products[: COUNT_UP_TO + 1].count())


@as_portal()
def touched_drafts(touches: Sequence[Touch], *, most: int) -> TouchedPart:
    """Return drafts of declarations with a touched line to a touched country."""
    if not touches:
        return TouchedPart((), 0)
    lines = _with_codes(GoodsItem.objects.all()).filter(
        _any(Q(declaration__jurisdiction__in=group.countries) & _codes(group) for group in _grouped(touches))
    )
    drafts = Declaration.objects.filter(Exists(lines.filter(declaration=OuterRef("pk"))), status=Status.DRAFT)
    newest = list(drafts.select_related("declarant").order_by("-pk")[:most])
    codes = defaultdict(list)
    rows = lines.filter(declaration__in=[one.pk for one in newest]).order_by("line_no")
    for key, code in rows.values_list("declaration_id", "commodity_code"):
        codes[key].append(code)
    things = [
        TouchedThing(one.reference, one.declarant.name, tuple(dict.fromkeys(codes[one.pk]))) for one in newest
    ]
    return TouchedPart(things, drafts[: COUNT_UP_TO + 1].count())


@as_portal()
def stored_cases(countries: Collection[str], *, most: int) -> list[StoredCase]:
    """Return the last assessments of declarations to these countries, the newest first."""
    recent = Assessment.objects.order_by("-pk").values("pk")[:_LOOK_BACK]
    rows = Assessment.objects.filter(pk__in=recent, declaration__jurisdiction__in=countries).order_by("-pk")
    found = rows.values_list("declaration__reference", "snapshot")[:most]
    return [StoredCase(reference, snapshot) for reference, snapshot in found]


@dataclass(frozen=True, slots=True)
class _Group:
    """Prefixes that are touched for the same countries and origins."""

    countries: frozenset[str]
    origins: frozenset[str]
    prefixes: tuple[str, ...]


def _grouped(touches: Sequence[Touch]) -> list[_Group]:
    found: dict[tuple[frozenset[str], frozenset[str]], list[str]] = defaultdict(list)
    for touch in touches:
        found[touch.countries, touch.origins].append(touch.hs_prefix)
    return [_Group(*key, tuple(dict.fromkeys(prefixes))) for key, prefixes in found.items()]


def _with_codes(rows: QuerySet[_Row]) -> QuerySet[_Row]:
    lengths = range(1, _LONGEST + 1)
    return rows.alias(**{f"code_{length}": Left("commodity_code", length) for length in lengths})


def _codes(group: _Group) -> Q:
    """Return the test of a row: its code begins with a prefix, or is the beginning of one."""
    by_length: dict[int, set[str]] = defaultdict(set)
    for prefix in group.prefixes:
        by_length[len(prefix)].add(prefix)
    found = Q(pk__isnull=False) if 0 in by_length else Q(pk__in=[])
    for length, prefixes in sorted(by_length.items()):
        if length:
            found |= Q(**{f"code_{length}__in": sorted(prefixes)})
    # A seller may give six digits of the eight that the law names.
    shorter = {prefix[:length] for prefix in group.prefixes for length in range(_SHORTEST, len(prefix))}
    if shorter:
        found |= Q(commodity_code__in=sorted(shorter))
    return found & Q(origin__in=sorted(group.origins)) if group.origins else found


def _any(tests: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for test in tests:
        found |= test
    return found
