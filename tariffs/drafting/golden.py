"""Golden cases of a draft: worked out by hand, and worked out again by the draft's own law."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from tariffs.assessment import assess
from tariffs.exchange import ECB, GIVEN, rate_by_policy
from tariffs.facts import CannotAssess, ConsignmentFacts, LegalProblem
from tariffs.intake import read_facts
from tariffs.packs import Pack
from tariffs.preparing import day_of
from tariffs.results import AssessmentResult, ExchangeRateUsed

# What a formula of a draft may stumble over: a text where a number is needed, 0 as a divisor.
BROKEN = (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError)
_MOST_CURRENCIES = 8
_PLAIN = frozenset(field.name for field in fields(AssessmentResult)) - {"goods", "fees", "totals"}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A figure of a case that the draft works out otherwise."""

    name: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class FailedCase:
    """A golden case that fails, with each figure that differs."""

    name: str
    rules: tuple[str, ...]
    mismatches: tuple[Mismatch, ...]


@dataclass(frozen=True, slots=True)
class GoldenReport:
    """How many golden cases there are, and those that fail."""

    count: int
    failed: tuple[FailedCase, ...]


class GoldenError(ValueError):
    """golden.json is no list of cases; `line` and `character` count from 1, 0 where unknown."""

    def __init__(self, message: str, *, line: int = 0, character: int = 0) -> None:
        self.line, self.character = line, character
        super().__init__(message)


def read_cases(text: str) -> list[dict[str, Any]]:
    """Return the cases; raises GoldenError where the text is none."""
    try:
        cases = json.loads(text, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise GoldenError(error.msg, line=error.lineno, character=error.colno) from error
    except (ValueError, RecursionError) as error:
        raise GoldenError(str(error)) from error
    if not isinstance(cases, list):
        raise GoldenError(_("the file is no list of cases"))
    for place, case in enumerate(cases, start=1):
        if not _is_case(case):
            raise GoldenError(_("case %(place)d lacks name, rules, input or expect") % {"place": place})
    return cases


def run_cases(cases: Sequence[Mapping[str, Any]], *, pack: Pack) -> GoldenReport:
    """Work out every case by the pack; official tables of rates change nothing, the ECB's are used."""
    with translation.override("en"):
        failed = [_failed(case, pack) for case in cases]
    return GoldenReport(len(cases), tuple(case for case in failed if case is not None))


def _failed(case: Mapping[str, Any], pack: Pack) -> FailedCase | None:
    mismatches = tuple(_mismatches(case, pack))
    if not mismatches:
        return None
    return FailedCase(str(case["name"]), tuple(map(str, case["rules"])), mismatches)


def _mismatches(case: Mapping[str, Any], pack: Pack) -> list[Mismatch]:
    expected = case["expect"]
    wanted = expected.get("errors")
    try:
        result = _assess_alone(read_facts(case["input"]), pack)
    except CannotAssess as refusal:
        codes = [problem.code for problem in refusal.problems]
        return [] if codes == wanted else [Mismatch("errors", _shown(wanted or "-"), _shown(codes))]
    except BROKEN as error:
        return [Mismatch("errors", _shown(wanted or "-"), f"{type(error).__name__}: {error}")]
    if wanted is not None:
        return [Mismatch("errors", _shown(wanted), "-")]
    found = {name: _seen(result, name) for name in expected}
    return [
        Mismatch(name, _shown(value), _shown(found[name]))
        for name, value in expected.items()
        if _as_numbers(value) != found[name]
    ]


def _assess_alone(facts: ConsignmentFacts, pack: Pack) -> AssessmentResult:
    _check_day(facts, pack)
    pinned: tuple[ExchangeRateUsed, ...] = ()
    for _round in range(_MOST_CURRENCIES):
        result = assess(facts, pack=pack, pinned_rates=pinned)
        official = [used for used in result.exchange_rate_used if used.source not in (ECB, GIVEN)]
        if not official:
            break
        pinned = (*pinned, *(_of_ecb(used, facts, pack) for used in official))
    return result


def _of_ecb(used: ExchangeRateUsed, facts: ConsignmentFacts, pack: Pack) -> ExchangeRateUsed:
    on = day_of(facts, pack=pack, purpose="fx")
    found = rate_by_policy(used.from_currency, used.to_currency, policy=pack.exchange, on=on)
    return replace(found, source=ECB)


def _check_day(facts: ConsignmentFacts, pack: Pack) -> None:
    day = day_of(facts, pack=pack, purpose="rule")
    is_served = facts.jurisdiction in (pack.jurisdiction, *pack.countries)
    if not is_served or not pack.validity.covers(day):
        message = _("The pack has no law for %(country)s on %(day)s.")
        message %= {"country": facts.jurisdiction, "day": day}
        raise CannotAssess([LegalProblem("jurisdiction", "no_rules", message)])


def _is_case(case: Any) -> bool:
    kinds = {"name": str, "rules": list, "input": dict, "expect": dict}
    return isinstance(case, dict) and all(isinstance(case.get(name), kind) for name, kind in kinds.items())


_READERS: Mapping[str, Callable[[AssessmentResult], Any]] = {
    "by_type": lambda result: result.totals.by_type,
    "payable": lambda result: result.totals.payable,
    "landed": lambda result: result.totals.landed,
    "payable_now": lambda result: result.payable_by_trader_now,
    "line_values": lambda result: [line.customs_value for line in result.goods],
    "problems": lambda result: [problem.code for problem in result.problems],
    "warnings": lambda result: [warning.code for warning in result.warnings],
    "documents": lambda result: [paper.document_types[0] for paper in result.required_documents],
}


def _seen(result: AssessmentResult, name: str) -> Any:
    if name in _READERS:
        return _READERS[name](result)
    return getattr(result, name) if name in _PLAIN else _("no such figure")


def _as_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_numbers(inner) for inner in value]
    try:
        return Decimal(value) if isinstance(value, str) and value[:1].isdigit() else value
    except InvalidOperation:
        return value


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value)) or "-"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
