"""The pure engine: facts in, an explained result out; it knows formulas and dates, but no country.

Order: refusals by checks, then the first route that holds, then the layers of its regime over all lines, then
fees. Every amount keeps its rule, base, rate, inputs and raw value.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from string import Template
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from tariffs.answering import DUTY_TYPES, answer
from tariffs.charging import Run, applies, carrier_fee_of, charge_lines, fee_of
from tariffs.facts import CannotAssess, ConsignmentFacts, LegalProblem
from tariffs.pack_parsing import in_language
from tariffs.packs import Pack, pack_for, packs_of
from tariffs.preparing import complete, day_of, prepare
from tariffs.provisions import Check, Route
from tariffs.results import AssessmentResult, ExchangeRateUsed, FeeResult, LineAssessment, make_line
from tariffs.rules import fact_problems
from tariffs.snapshots import read_snapshot, write_snapshot

_ZERO = Decimal(0)


def assess(
    facts: ConsignmentFacts,
    *,
    pack: Pack | None = None,
    language: str = "en",
    pinned_rates: tuple[ExchangeRateUsed, ...] = (),
) -> AssessmentResult:
    """Assess one consignment; amounts in the pack's currency. Raises CannotAssess with every problem."""
    with _spoken(language):
        packs = packs_of(facts.jurisdiction) if pack is None else ()
        return _assess(facts, pack=pack, packs=packs, language=language, pinned=pinned_rates)


def assess_all(
    consignments: Iterable[ConsignmentFacts], *, language: str = "en"
) -> list[AssessmentResult | CannotAssess]:
    """Assess many consignments by one look at the law, and answer in their order.

    A consignment that cannot be assessed has its CannotAssess, with every problem, in its place.
    """
    packs: dict[str, tuple[Pack, ...]] = {}
    answers: list[AssessmentResult | CannotAssess] = []
    with _spoken(language):
        for facts in consignments:
            country = facts.jurisdiction
            if country not in packs:
                packs[country] = packs_of(country)
            try:
                answers.append(_assess(facts, pack=None, packs=packs[country], language=language, pinned=()))
            except CannotAssess as error:
                # Another one, because this one holds the frames, and with them all that was prepared.
                answers.append(CannotAssess(error.problems))
    return answers


def to_snapshot(facts: ConsignmentFacts, result: AssessmentResult) -> dict[str, Any]:
    """Return all that is needed to assess again to the same cent, as JSON values."""
    return write_snapshot(facts, result)


def replay(snapshot: Mapping[str, Any]) -> AssessmentResult:
    """Assess again from a stored snapshot, by the same pack version and exchange rates."""
    kept = read_snapshot(snapshot)
    return assess(kept.facts, pack=kept.pack, language=kept.language, pinned_rates=kept.exchange_rates)


def _spoken(language: str) -> AbstractContextManager[None]:
    return translation.override("zh-hans" if language.startswith("zh") else "en")


def _assess(
    facts: ConsignmentFacts,
    *,
    pack: Pack | None,
    packs: Sequence[Pack],
    language: str,
    pinned: tuple[ExchangeRateUsed, ...],
) -> AssessmentResult:
    problems = fact_problems(facts)
    if problems:
        raise CannotAssess(problems)
    return _judged(prepare(facts, pack=pack or _pack_of(facts, packs), language=language, pinned=pinned))


def _pack_of(facts: ConsignmentFacts, packs: Sequence[Pack]) -> Pack:
    """Return the pack whose own rule date (say, that of acceptance) it covers; raises CannotAssess."""
    day = None
    for pack in packs:
        day = day_of(facts, pack=pack, purpose="rule")
        if pack.validity.covers(day):
            return pack
    if day is None:
        raise CannotAssess([_no_rules(facts.jurisdiction)])
    return pack_for(facts.jurisdiction, on=day)


def _no_rules(jurisdiction: str) -> LegalProblem:
    return LegalProblem(
        path="jurisdiction",
        code="no_rules",
        message=_("There are no import rules for %(country)s.") % {"country": jurisdiction},
        fix=_("Choose a country that a regulation pack covers."),
    )


def _judged(run: Run) -> AssessmentResult:
    try:
        complete(run)
        return _routed(run)
    except KeyError as error:
        # Only a parameter of the pack can lack a value: other names are checked when the pack is read.
        raise CannotAssess([_parameter_missing(run, name=str(error.args[0]))]) from error


def _routed(run: Run) -> AssessmentResult:
    refusals = _checked(run, "refuse")
    if refusals:
        return _answered(run, route=None, outcome="refused", problems=refusals)
    route = _route(run)
    if route.outcome == "refused":
        return _answered(run, route=route, outcome="refused", problems=(_why(run, route),))
    if route.outcome == "other_regime" or (run.facts.regime and run.facts.regime != route.regime):
        return _answered(run, route=route, outcome="other_regime", problems=(_why(run, route),))
    incomplete = _checked(run, "incomplete")
    if incomplete:
        raise CannotAssess(incomplete)
    return _assessed(run, route)


def _answered(run: Run, *, route: Route | None, **found: Any) -> AssessmentResult:
    return answer(run, route=route, warnings=_checked(run, "warn"), **found)


def _parameter_missing(run: Run, *, name: str) -> LegalProblem:
    rule = run.pack.parameter_rules[name]
    return LegalProblem(
        path="dates",
        code="rate_missing",
        message=_("No source gives “%(name)s” for these dates: %(rule)s")
        % {"name": name.replace("_", " "), "rule": run.pack.sentence(rule, language=run.language)},
        fix=_("Have the figure added to the regulation pack, with its source."),
        rule=rule,
    )


def _checked(run: Run, severity: str) -> tuple[LegalProblem, ...]:
    checks = run.edition.checks.get(severity)
    if checks is None or not checks.may_hold(run.scope):
        return ()
    return tuple([problem for check in checks.each for problem in _found(run, check)])


def _found(run: Run, check: Check) -> list[LegalProblem]:
    if check.scope == "consignment":
        return [_problem(run, check, scope=run.scope, path=check.path)] if check.when.run(run.scope) else []
    return [
        _problem(run, check, scope=run.scope | line, path=f"goods_items.{place}.{check.path}")
        for place, line in enumerate(run.scope["lines"])
        if check.when.run(run.scope, line)
    ]


def _problem(run: Run, check: Check, *, scope: Mapping[str, Any], path: str) -> LegalProblem:
    if not check.rule.validity.verified:
        run.unverified[check.rule.id] = None
    return LegalProblem(
        path=path,
        code=check.code,
        message=Template(in_language(check.messages, run.language)).safe_substitute(scope),
        fix=Template(in_language(check.fixes, run.language)).safe_substitute(scope),
        rule=check.rule.id,
    )


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
    charge_lines(run, layers=run.edition.layers_by_regime[route.regime])
    if run.missing:
        raise CannotAssess(run.missing)
    goods = tuple(
        [
            make_line(
                line["line_no"],
                line["line_value"],
                tuple(run.charges[place]),
                tuple(run.alternatives.get(place, ())),
            )
            for place, line in enumerate(run.scope["lines"])
        ]
    )
    return _answered(run, route=route, outcome="assessed", goods=goods, fees=_fees(run, route, goods=goods))


def _fees(run: Run, route: Route, *, goods: tuple[LineAssessment, ...]) -> tuple[FeeResult, ...]:
    if run.edition.fees:
        charges = [charge for line in goods for charge in line.charges]
        run.scope["charges"] = sum([charge.amount for charge in charges], _ZERO)
        run.scope["duties"] = sum([charge.amount for charge in charges if charge.type in DUTY_TYPES], _ZERO)
    fees = [fee_of(run, fee) for fee in run.edition.fees if applies(fee, run=run, regime=route.regime)]
    carrier_fee = carrier_fee_of(run)
    return tuple(fees if carrier_fee is None else [*fees, carrier_fee])
