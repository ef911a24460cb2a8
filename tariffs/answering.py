"""The explained result of a run: totals, papers that the goods need, what is in doubt."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from tariffs.charging import Run
from tariffs.editions import ADDITIONAL_TYPES
from tariffs.exchange import is_stand_in
from tariffs.explaining import doubt_sentence
from tariffs.facts import LegalProblem
from tariffs.pack_parsing import in_language
from tariffs.provisions import Route
from tariffs.results import (
    COLLECTED_AT_SALE,
    AssessmentResult,
    FeeResult,
    LineAssessment,
    RequiredDocument,
    Totals,
    make_line,
    make_result,
    make_totals,
)

_ZERO = Decimal(0)
# National tariffs have at least two digits more than the Harmonized System.
_NATIONAL_DIGITS = 8
DUTY_TYPES = ADDITIONAL_TYPES | {"customs_duty", "sws"}


def answer(
    run: Run,
    *,
    route: Route | None,
    outcome: Any,
    goods: tuple[LineAssessment, ...] = (),
    fees: tuple[FeeResult, ...] = (),
    problems: tuple[LegalProblem, ...] = (),
    warnings: tuple[LegalProblem, ...] = (),
) -> AssessmentResult:
    """Return the result of the run; `warnings` are those of the pack's own checks."""
    lines = run.scope["lines"]
    goods = goods or tuple([make_line(line["line_no"], line["line_value"], ()) for line in lines])
    documents, agencies = _controls(run)
    return make_result(
        jurisdiction=run.facts.jurisdiction,
        regime=route.regime if route else run.facts.regime or run.pack.regimes[0],
        route=route.id if route else "refused",
        route_rule=route.rule.id if route else "",
        outcome=outcome,
        declaration_type=route.declaration_type if route else "",
        currency=run.pack.currency_for(run.facts.jurisdiction),
        customs_value=run.scope["value"],
        goods=goods,
        fees=fees,
        totals=_totals(run, goods=goods, fees=fees),
        payable_by_trader_now=_due_now(goods, fees),
        required_documents=documents,
        agencies=agencies,
        problems=problems,
        warnings=(*warnings, *_ignored(run), *_short_codes(run, route=route), *_doubts(run)),
        pack_version=run.pack.version,
        pack_sha256=run.pack.sha256,
        verified=not run.unverified,
        language=run.language,
        exchange_rate_used=tuple(run.exchanger.used.values()),
    )


def _due_now(goods: tuple[LineAssessment, ...], fees: tuple[FeeResult, ...]) -> Decimal:
    due = [
        charge.amount for line in goods for charge in line.charges if charge.collector != COLLECTED_AT_SALE
    ]
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
    bought = run.pack.roundings["fee"](scope["goods_value"] + scope["freight"] + scope["insurance"])
    payable = taxes + fee_total
    return make_totals(by_type, duty, taxes, fee_total, payable, bought + payable)


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
                    sentence=in_language(control.sentences, run.language),
                    is_present=not item.documents.isdisjoint(control.document_types),
                )
            )
    return tuple(documents), tuple(agencies)


def _ignored(run: Run) -> list[LegalProblem]:
    if not any(item.given_additional for item in run.facts.goods):
        return []
    charged = {charge.type for charges in run.charges for charge in charges}
    return [
        LegalProblem(
            path=f"goods_items.{place}.rates.additional",
            code="additional_not_charged",
            message=_("“%(type)s” is not charged on these goods at these dates.") % {"type": kind},
            fix=_("Leave it out, or check the origin and the dates."),
        )
        for place, item in enumerate(run.facts.goods)
        for kind, _text_given in item.given_additional or ()
        if kind not in charged
    ]


def _short_codes(run: Run, *, route: Route | None) -> list[LegalProblem]:
    wants_all = route is not None and route.regime in run.pack.full_codes
    return [
        _short_code(run, place)
        for place, item in enumerate(run.facts.goods)
        if place in run.short_codes or (wants_all and len(item.commodity_code) < _NATIONAL_DIGITS)
    ]


def _short_code(run: Run, place: int) -> LegalProblem:
    text = _("The code %(code)s is short of digits: the national tariff may tell goods apart further.")
    if place in run.short_codes:
        text = _("The code %(code)s is short of digits; the highest of several rates is taken.")
    return LegalProblem(
        path=f"goods_items.{place}.commodity_code",
        code="commodity_code_short",
        message=text % {"code": run.facts.goods[place].commodity_code},
        fix=_("Give all digits of the tariff line."),
    )


def _doubts(run: Run) -> list[LegalProblem]:
    found = []
    if run.unverified:
        found.append(_doubt("unverified", rules=", ".join(run.unverified), language=run.language))
    used = run.exchanger.used.values()
    if used and any(is_stand_in(rate, policy=run.pack.exchange) for rate in used):
        found.append(_doubt("exchange_rate_stand_in", rules="", language=run.language))
    return found


# Most results of some packs doubt the same rules; looking three sentences up was a tenth of their time.
@lru_cache(maxsize=1024)
def _doubt(code: str, *, rules: str, language: str) -> LegalProblem:
    """Return the doubt in the language, which is the active one as well."""
    fix = _("Confirm it before you rely on the amount.")
    return LegalProblem(path="", code=code, message=doubt_sentence(code, rules=rules), fix=fix, rule=rules)
