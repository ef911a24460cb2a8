"""Risk rules and the comparison of what is declared with what the papers state; pure."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop

from declarations.models import SupportingDocument
from declarations.statement import Statement
from inspection.models import Lane, RiskProfile

AMBER_FROM, RED_FROM = 40, 70


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that met after the score was computed: its number, its sentence and its points."""

    rule: str
    sentence: str
    points: int


# what the named buyer says is no matter of a profile's points; an officer looks.
OBJECTION = Finding("R-204", gettext_noop("The named buyer says that this is not their order"), RED_FROM)


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure on a paper that disagrees with the declaration."""

    field: str
    document: str
    declared: Decimal
    stated: Decimal
    unit: str

    @property
    def share(self) -> Decimal:
        """Return how far the paper is off, as a share of what is declared."""
        return abs(self.stated - self.declared) / self.declared if self.declared else Decimal(1)


@dataclass(frozen=True, slots=True)
class History:
    """What is known of the declarant from before."""

    declarations: int
    refused: int
    disputed: int = 0


@dataclass(frozen=True, slots=True)
class RiskCase:
    """What a risk rule sees."""

    statement: Statement
    differences: tuple[Difference, ...]
    customs_value: Decimal
    history: History
    seed: str


@dataclass(frozen=True, slots=True)
class RiskResult:
    """The score of 0 to 100, its lane, and the rules that met."""

    score: int
    lane: Lane
    hits: tuple[RiskProfile, ...]


def differences_of(statement: Statement) -> tuple[Difference, ...]:
    """Compare goods total and gross mass with every paper that states them."""
    goods_total = sum((item.item_price for item in statement.goods_items), Decimal(0))
    mass = statement.consignment.gross_mass_kg or Decimal(0)
    currency = statement.declaration.currency
    found: list[Difference] = []
    for paper in statement.documents:
        found += _difference(gettext_noop("Goods total"), paper, goods_total, paper.stated_amount, currency)
        found += _difference(gettext_noop("Gross mass"), paper, mass, paper.stated_gross_mass_kg, "kg")
    return tuple(found)


def assess_risk(case: RiskCase, *, profiles: Mapping[str, RiskProfile]) -> RiskResult:
    """Add up the points of the enabled rules that meet; 40 is amber, 70 is red."""
    hits = tuple(
        profiles[number]
        for number, meets in RISK_RULES.items()
        if number in profiles and meets(case, profiles[number].threshold)
    )
    score = min(100, sum(hit.points for hit in hits))
    lane = Lane.RED if score >= RED_FROM else Lane.AMBER if score >= AMBER_FROM else Lane.GREEN
    return RiskResult(score, lane, hits)


def papers_disagree(case: RiskCase, threshold: Decimal) -> bool:
    """R-031: a paper states another total or mass than the declaration."""
    return any(difference.share > threshold for difference in case.differences)


def value_is_high(case: RiskCase, threshold: Decimal) -> bool:
    """R-110: the customs value is above the threshold, in the currency of the country of import."""
    return case.customs_value > threshold


def seller_is_new(case: RiskCase, threshold: Decimal) -> bool:
    """R-201: the seller has lodged fewer declarations than the threshold before."""
    return case.history.declarations < threshold


def seller_was_refused(case: RiskCase, threshold: Decimal) -> bool:
    """R-202: more of the seller's declarations were refused than the threshold."""
    return case.history.refused > threshold


def buyers_objected(case: RiskCase, threshold: Decimal) -> bool:
    """R-203: more buyers named by the seller said that they ordered nothing than the threshold."""
    return case.history.disputed > threshold


def density_is_odd(case: RiskCase, threshold: Decimal) -> bool:
    """R-120: packing weighs more than the threshold times the goods themselves."""
    net = sum((item.net_mass_kg for item in case.statement.goods_items), Decimal(0))
    gross = case.statement.consignment.gross_mass_kg or Decimal(0)
    return net > 0 and gross / net > threshold


def chance_selects(case: RiskCase, threshold: Decimal) -> bool:
    """R-900: a share of all declarations is looked at by chance; the seed makes it repeatable."""
    return chance(case.seed, case.statement.declaration.mrn) < threshold


RISK_RULES: dict[str, Callable[[RiskCase, Decimal], bool]] = {
    "R-031": papers_disagree,
    "R-110": value_is_high,
    "R-120": density_is_odd,
    "R-201": seller_is_new,
    "R-202": seller_was_refused,
    "R-203": buyers_objected,
    "R-900": chance_selects,
}


def chance(seed: str, *parts: object) -> Decimal:
    """Return a number from 0 to below 1 that only the seed and the parts decide."""
    text = ":".join(map(str, (seed, *parts)))
    return Decimal(int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])) / Decimal(2**48)


def _difference(
    field: str, paper: SupportingDocument, declared: Decimal, stated: Decimal | None, unit: str
) -> Iterator[Difference]:
    if stated is not None and stated != declared:
        yield Difference(field, paper.kind, declared, stated, unit)
