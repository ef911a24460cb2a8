"""Facts become names that formulas read: amounts in local currency, shares, values, parameters, variables."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from tariffs.charging import Run
from tariffs.editions import Edition
from tariffs.exchange import Exchanger
from tariffs.facts import CannotAssess, ConsignmentFacts, LegalProblem
from tariffs.packs import Pack
from tariffs.rating import RateUnclear
from tariffs.results import ChargeResult, ExchangeRateUsed
from tariffs.scopes import (
    LineScope,
    consignment_scope,
    is_registered,
    line_scopes,
    put_values,
    selected_date,
    take_tax_out,
)

_ZERO = Decimal(0)


def prepare(
    facts: ConsignmentFacts, *, pack: Pack, language: str, pinned: tuple[ExchangeRateUsed, ...]
) -> Run:
    """Return the run with everything that is stated, before any value; raises CannotAssess."""
    rate_date = day_of(facts, pack=pack, purpose="rate")
    has_own = "tax_rate" in pack.date_selectors
    tax_date = day_of(facts, pack=pack, purpose="tax_rate") if has_own else rate_date
    edition = pack.edition(day_of(facts, pack=pack, purpose="rule"))
    exchanger = Exchanger(facts, pack=pack, on=lambda: day_of(facts, pack=pack, purpose="fx"), pinned=pinned)
    table = pack.table(facts.jurisdiction, on=rate_date, tax_on=tax_date)
    rows = [table[item.commodity_code] for item in facts.goods]
    lines = line_scopes(facts, rows=rows, convert=exchanger, own=edition.line_names)
    if facts.prices_include_tax:
        take_tax_out(lines, included=_included_taxes(edition, lines=lines))
    scope = consignment_scope(facts, lines=lines, convert=exchanger, own=edition.names)
    scope.update(edition.parameters)
    scope["has_registration"] = is_registered(facts, edition.registrations)
    scope["rate_date"] = rate_date
    scope["lines"] = lines
    for line in lines:
        line.update(edition.layer_names)
    sentences = pack.sentences(language)
    charges: list[list[ChargeResult]] = [[] for _line in lines]
    return Run(facts, pack, edition, scope, rate_date, exchanger, language, sentences, charges)


def complete(run: Run) -> None:
    """Give the run its values and the pack's own names; raises KeyError for a parameter without value."""
    scope, edition = run.scope, run.edition
    put_values(run.facts, scope=scope, value_of=edition.value_of, rounding=run.pack.roundings["value"])
    edition.put_consignment_variables(scope)
    for line in scope["lines"]:
        edition.put_line_variables(scope, line)


def _included_taxes(edition: Edition, *, lines: Sequence[LineScope]) -> list[Decimal]:
    included = []
    problems = []
    for place, line in enumerate(lines):
        try:
            included.append(_included_tax(edition, line=line))
        except RateUnclear:
            problems.append(_tax_inside_unknown(place))
    if problems:
        raise CannotAssess(problems)
    return included


def _included_tax(edition: Edition, *, line: LineScope) -> Decimal:
    if edition.included_in is None:
        raise RateUnclear
    share: Decimal = edition.included_in(edition.parameters, line)
    return share


def _tax_inside_unknown(place: int) -> LegalProblem:
    return LegalProblem(
        path=f"goods_items.{place}.item_price",
        code="tax_inside_unknown",
        message=_("The tax inside the price cannot be taken out: it is not one percentage."),
        fix=_("State prices without tax."),
    )


def day_of(facts: ConsignmentFacts, *, pack: Pack, purpose: str) -> date:
    """Return the date that selects rule, rate or exchange rate; raises CannotAssess when it is missing."""
    events = pack.date_selectors[purpose]
    day = selected_date(facts, events)
    if day is None:
        problem = LegalProblem(
            path=f"dates.{events[0]}",
            code="date_missing",
            message=_("The date of %(event)s is missing; the law is chosen by it.") % {"event": events[0]},
            fix=_("Give dates.%(event)s.") % {"event": events[0]},
        )
        raise CannotAssess([problem])
    return day
