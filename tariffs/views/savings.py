"""What another rate would save: each is really assessed, so the tax on the duty is counted too."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tariffs.addresses import rule_url
from tariffs.assessment import assess
from tariffs.facts import CannotAssess, ConsignmentFacts, GoodsFacts
from tariffs.forms.asked import Typed
from tariffs.names import tax_name
from tariffs.papers import paper_names
from tariffs.results import Alternative, AssessmentResult

_MOST = 8


@dataclass(frozen=True, slots=True)
class Saving:
    """Another rate that the law knows for a line: what it saves, what it lacks, and where to try it.

    Amounts in the currency of the country of import; None where it cannot be tried, as with a quota.
    """

    line_no: int
    label: str
    duty: str
    preference: str
    duty_saved: Decimal | None
    saved: Decimal | None
    missing: tuple[str, ...]
    rule: str
    rule_url: str
    url: str


def savings_of(facts: ConsignmentFacts, result: AssessmentResult, *, typed: Typed) -> tuple[Saving, ...]:
    """Return the rates that would cost less, the largest saving first, then those that cannot be tried."""
    offered = [
        (place, rate) for place, line in enumerate(result.goods) for rate in line.alternatives if rate.missing
    ]
    found = [
        saving
        for place, rate in offered[:_MOST]
        for saving in _saving(facts, result, rate=rate, place=place, typed=typed)
    ]
    return tuple(sorted(found, key=lambda saving: -(saving.saved or 0)))


def _saving(
    facts: ConsignmentFacts, result: AssessmentResult, *, rate: Alternative, place: int, typed: Typed
) -> Iterator[Saving]:
    other = None if "quota" in rate.missing else _tried(facts, rate=rate, place=place)
    saved = None if other is None else result.totals.payable - other.totals.payable
    if saved is not None and saved <= 0:
        return
    yield Saving(
        line_no=place + 1,
        label=tax_name(rate.type),
        duty=rate.duty,
        preference=rate.preference,
        duty_saved=None if other is None else result.totals.duty - other.totals.duty,
        saved=saved,
        missing=tuple(_missing(rate)),
        rule=rate.rule,
        rule_url=rule_url(rate.rule, jurisdiction=result.jurisdiction) if rate.rule else "",
        url=_address(facts.goods[place], rate=rate, place=place, typed=typed) if saved else "",
    )


def _tried(facts: ConsignmentFacts, *, rate: Alternative, place: int) -> AssessmentResult | None:
    item = facts.goods[place]
    claiming = replace(
        item, preference=rate.preference, documents=item.documents.union(_proof(item, rate=rate))
    )
    goods = (*facts.goods[:place], claiming, *facts.goods[place + 1 :])
    try:
        other = assess(replace(facts, goods=goods), language=get_language() or "en")
    except CannotAssess:
        return None
    return other if other.outcome == "assessed" else None


def _proof(item: GoodsFacts, *, rate: Alternative) -> tuple[str, ...]:
    has_one = not item.documents.isdisjoint(rate.proof)
    return () if has_one else rate.proof[:1]


def _missing(rate: Alternative) -> Iterator[str]:
    if "claim" in rate.missing:
        yield _("Claim the preference %(name)s.") % {"name": rate.preference}
    if "proof" in rate.missing:
        yield _("Have the proof: %(papers)s.") % {"papers": paper_names(rate.proof)}
    if "quota" in rate.missing:
        yield _("The tariff quota must have something left; customs tells its balance.")


def _address(item: GoodsFacts, *, rate: Alternative, place: int, typed: Typed) -> str:
    papers = sorted(item.documents.union(_proof(item, rate=rate)))
    claiming = typed.with_line_fields(place + 1, preference=[rate.preference], documents=papers)
    return f"{reverse('tariffs:calculator')}?{claiming.query()}"
