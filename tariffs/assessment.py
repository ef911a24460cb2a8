"""The pure engine: facts in, an explained result out; it knows formulas and dates, but no country.

Order: refusals by checks, then the first route that holds, then the layers of its regime line by line, then
fees. Every amount keeps its rule, base, rate, inputs and raw value.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from string import Template
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from tariffs.charging import Run, applies, charges_of, fee_of
from tariffs.exchange import Exchanger
from tariffs.explaining import doubt_sentence
from tariffs.facts import CannotAssess, ConsignmentFacts, LegalProblem
from tariffs.packs import Check, Edition, Pack, Route, current_packs, pack_for
from tariffs.results import (
    AssessmentResult,
    ExchangeRateUsed,
    FeeResult,
    LineAssessment,
    RequiredDocument,
    Totals,
)
from tariffs.rules import fact_problems
from tariffs.scopes import ConsignmentScope, consignment_scope, content_order, line_scopes, selected_date
from tariffs.snapshots import read_snapshot, write_snapshot

_ZERO = Decimal(0)
DUTY_TYPES = frozenset(
    ["customs_duty", "s301", "s122", "s232", "antidumping", "countervailing", "safeguard", "additional_duty"]
)


def assess(
    facts: ConsignmentFacts,
    *,
    pack: Pack | None = None,
    language: str = "en",
    pinned_rates: tuple[ExchangeRateUsed, ...] = (),
) -> AssessmentResult:
    """Assess one consignment; amounts in the pack's currency. Raises CannotAssess with every problem."""
    with translation.override("zh-hans" if language.startswith("zh") else "en"):
        problems = fact_problems(facts)
        if problems:
            raise CannotAssess(problems)
        return _judged(_prepare(facts, pack=pack or pack_of(facts), language=language, pinned=pinned_rates))


def to_snapshot(facts: ConsignmentFacts, result: AssessmentResult) -> dict[str, Any]:
    """Return all that is needed to assess again to the same cent, as JSON values."""
    return write_snapshot(facts, result)


def replay(snapshot: Mapping[str, Any]) -> AssessmentResult:
    """Assess again from a stored snapshot, by the same pack version and exchange rates."""
    kept = read_snapshot(snapshot)
    return assess(kept.facts, pack=kept.pack, language=kept.language, pinned_rates=kept.exchange_rates)


def pack_of(facts: ConsignmentFacts) -> Pack:
    """Return the pack whose own rule date (say, that of acceptance) it covers; raises CannotAssess."""
    day = None
    for pack in current_packs():
        if facts.jurisdiction in pack.countries:
            day = _day(facts, pack=pack, purpose="rule")
            if pack.validity.covers(day):
                return pack
    return pack_for(facts.jurisdiction, on=day or date.max)


def _judged(run: Run) -> AssessmentResult:
    refusals = _checked(run, "refuse")
    if refusals:
        return _result(run, route=None, outcome="refused", problems=refusals)
    route = _route(run)
    if route.outcome != "assessed" or (run.facts.regime and run.facts.regime != route.regime):
        return _result(run, route=route, outcome="other_regime", problems=(_why(run, route),))
    incomplete = _checked(run, "incomplete")
    if incomplete:
        raise CannotAssess(incomplete)
    return _assessed(run, route)


def _prepare(
    facts: ConsignmentFacts, *, pack: Pack, language: str, pinned: tuple[ExchangeRateUsed, ...]
) -> Run:
    rate_date = _day(facts, pack=pack, purpose="rate")
    edition = pack.edition(_day(facts, pack=pack, purpose="rule"))
    exchanger = Exchanger(facts, pack=pack, on=_day(facts, pack=pack, purpose="fx"), pinned=pinned)
    country = facts.jurisdiction
    rows = [pack.rows_for(item.commodity_code, country=country, on=rate_date) for item in facts.goods]
    lines = line_scopes(facts, rows=rows, convert=exchanger, rounding=pack.roundings["value"])
    scope = consignment_scope(facts, lines=lines, convert=exchanger, registrations=edition.registrations)
    _complete(scope, edition)
    return Run(facts, pack, edition, scope, rate_date, exchanger, language)


def _complete(scope: ConsignmentScope, edition: Edition) -> None:
    scope.update(edition.parameters)
    for name, expression in edition.consignment_variables:
        scope[name] = expression.run(scope)
    for line in scope["lines"]:
        line.update(scope)
        line.update(edition.layer_names)
        for name, expression in edition.line_variables:
            line[name] = expression.run(line)


def _day(facts: ConsignmentFacts, *, pack: Pack, purpose: str) -> date:
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


def _checked(run: Run, severity: str) -> tuple[LegalProblem, ...]:
    found: list[LegalProblem] = []
    for check in run.edition.checks:
        if check.severity != severity:
            continue
        if check.scope == "consignment":
            if check.when.run(run.scope):
                found.append(_problem(run, check, scope=run.scope, path=check.path))
            continue
        for place, line in enumerate(run.scope["lines"]):
            if check.when.run(line):
                path = f"goods_items.{place}.{check.path}"
                found.append(_problem(run, check, scope=line, path=path))
    return tuple(found)


def _problem(run: Run, check: Check, *, scope: Mapping[str, Any], path: str) -> LegalProblem:
    if not check.rule.validity.verified:
        run.unverified[check.rule.id] = None
    return LegalProblem(
        path=path,
        code=check.code,
        message=Template(_text(check.messages, run.language)).safe_substitute(scope),
        fix=Template(_text(check.fixes, run.language)).safe_substitute(scope),
        rule=check.rule.id,
    )


def _text(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language[:2], texts["en"])


def _route(run: Run) -> Route:
    for route in run.edition.routes:
        if route.when.run(run.scope):
            if not route.rule.validity.verified:
                run.unverified[route.rule.id] = None
            return route
    raise CannotAssess(
        [
            LegalProblem(
                path="dates",
                code="no_route",
                message=_("No import regime of %(country)s is in force for these facts and dates.")
                % {"country": run.pack.jurisdiction},
                fix=_("Check the dates; the law after them is not known yet."),
            )
        ]
    )


def _why(run: Run, route: Route) -> LegalProblem:
    return LegalProblem(
        path="regime",
        code=route.id,
        message=route.rule.sentence(run.language),
        fix=_("Declare under %(regime)s.") % {"regime": route.regime},
        rule=route.rule.id,
    )


def _assessed(run: Run, route: Route) -> AssessmentResult:
    layers = [layer for layer in run.edition.layers if route.regime in layer.regimes]
    seen: set[tuple[Any, ...]] = set()
    rounding = run.pack.roundings["charge"]
    # What is charged once for several lines must fall on the same line wherever that stands.
    places = _places(run) if any(layer.once_per for layer in layers) else range(len(run.facts.goods))
    lines = run.scope["lines"]
    charges = {
        place: charges_of(run, lines[place], layers=layers, seen=seen, rounding=rounding) for place in places
    }
    goods = tuple(
        [
            LineAssessment(line["line_no"], line["line_value"], charges[place])
            for place, line in enumerate(lines)
        ]
    )
    fees = tuple([fee_of(run, fee) for fee in run.edition.fees if applies(fee, run=run, regime=route.regime)])
    if run.missing:
        raise CannotAssess(run.missing)
    return _result(run, route=route, outcome="assessed", goods=goods, fees=fees)


def _places(run: Run) -> list[int]:
    goods = run.facts.goods
    return sorted(range(len(goods)), key=lambda place: content_order(goods[place]))


def _result(
    run: Run,
    *,
    route: Route | None,
    outcome: Any,
    goods: tuple[LineAssessment, ...] = (),
    fees: tuple[FeeResult, ...] = (),
    problems: tuple[LegalProblem, ...] = (),
) -> AssessmentResult:
    lines = run.scope["lines"]
    goods = goods or tuple([LineAssessment(line["line_no"], line["line_value"], ()) for line in lines])
    documents, agencies = _controls(run)
    warnings = (*_checked(run, "warn"), *_doubts(run))
    return AssessmentResult(
        jurisdiction=run.facts.jurisdiction,
        regime=route.regime if route else run.facts.regime or run.pack.regimes[0],
        route=route.id if route else "refused",
        outcome=outcome,
        declaration_type=route.declaration_type if route else "",
        currency=run.pack.currency,
        customs_value=run.scope["value"],
        goods=goods,
        fees=fees,
        totals=_totals(run, goods=goods, fees=fees),
        payable_by_trader_now=_due_now(goods, fees),
        required_documents=documents,
        agencies=agencies,
        problems=problems,
        warnings=warnings,
        pack_version=run.pack.version,
        pack_sha256=run.pack.sha256,
        verified=not run.unverified,
        language=run.language,
        exchange_rate_used=tuple(run.exchanger.used.values()),
    )


def _due_now(goods: tuple[LineAssessment, ...], fees: tuple[FeeResult, ...]) -> Decimal:
    due = [charge.amount for line in goods for charge in line.charges if charge.is_due_at_clearance]
    return sum(due, _ZERO) + sum([fee.amount for fee in fees], _ZERO)


def _totals(run: Run, *, goods: tuple[LineAssessment, ...], fees: tuple[FeeResult, ...]) -> Totals:
    by_type: dict[str, Decimal] = {}
    for line in goods:
        for charge in line.charges:
            by_type[charge.type] = by_type.get(charge.type, _ZERO) + charge.amount
    taxes = sum(by_type.values(), _ZERO)
    duty = sum([amount for kind, amount in by_type.items() if kind in DUTY_TYPES], _ZERO)
    for fee in fees:
        by_type[fee.type] = by_type.get(fee.type, _ZERO) + fee.amount
    fee_total = sum([fee.amount for fee in fees], _ZERO)
    scope = run.scope
    bought = run.pack.roundings["charge"](scope["goods_value"] + scope["freight"] + scope["insurance"])
    payable = taxes + fee_total
    return Totals(by_type, duty, taxes, fee_total, payable, bought + payable)


def _controls(run: Run) -> tuple[tuple[RequiredDocument, ...], tuple[str, ...]]:
    documents: list[RequiredDocument] = []
    agencies = dict.fromkeys(run.pack.agencies)
    for line, item in zip(run.scope["lines"], run.facts.goods, strict=True):
        for control in line["rows"].get("control", ()):
            agencies[control.agency] = None
            documents.append(
                RequiredDocument(
                    line_no=item.line_no,
                    document_types=control.document_types,
                    agency=control.agency,
                    rule=control.rule,
                    sentence=_text(control.sentences, run.language),
                    is_present=not item.documents.isdisjoint(control.document_types),
                )
            )
    return tuple(documents), tuple(agencies)


def _doubts(run: Run) -> list[LegalProblem]:
    found = []
    if run.unverified:
        found.append(_doubt("unverified", rules=", ".join(run.unverified)))
    used = run.exchanger.used.values()
    if not run.pack.exchange.is_official and any(rate.anchor and rate.numerator for rate in used):
        found.append(_doubt("exchange_rate_stand_in"))
    return found


def _doubt(code: str, *, rules: str = "") -> LegalProblem:
    fix = _("Confirm it before you rely on the amount.")
    return LegalProblem(path="", code=code, message=doubt_sentence(code, rules=rules), fix=fix, rule=rules)
