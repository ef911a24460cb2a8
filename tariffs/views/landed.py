"""What goods cost when they have landed: an assessment as a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from swindow.components import Share, SumLine, TaxPanel
from swindow.dates import day
from tariffs.addresses import rule_url
from tariffs.assessment import assess
from tariffs.commodities import describe
from tariffs.duties.currencies import to_minor_unit
from tariffs.facts import ConsignmentFacts, LegalProblem
from tariffs.forms.asked import Typed
from tariffs.names import regime_name, tax_name
from tariffs.papers import authority_name, paper_names
from tariffs.results import AssessmentResult, ExchangeRateUsed
from tariffs.views.savings import Saving, savings_of
from tariffs.views.working import Working, charge_working, fee_working, rate_of


@dataclass(frozen=True, slots=True)
class Line:
    """One goods line with everything charged on it."""

    number: int
    title: str
    code: str
    origin: str
    customs_value: Decimal
    taxes: Decimal
    charges: tuple[Working, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that a line needs."""

    line_no: int
    names: str
    authority: str
    sentence: str
    rule: str
    rule_url: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the law says of these goods, with its mend and its rule."""

    message: str
    fix: str
    rule: str
    rule_url: str


@dataclass(frozen=True, slots=True)
class Landed:
    """The whole answer to a question; amounts in `currency`, that of the country of import."""

    is_assessed: bool
    is_other_regime: bool
    regime: str
    regime_url: str
    currency: str
    head: TaxPanel
    now: Decimal
    at_sale: Decimal
    in_own: Decimal | None
    own_currency: str
    lines: tuple[Line, ...]
    fees: tuple[Working, ...]
    customs_value: Decimal
    savings: tuple[Saving, ...]
    papers: tuple[Paper, ...]
    authorities: str
    problems: tuple[Notice, ...]
    warnings: tuple[Notice, ...]
    rates: tuple[str, ...]
    pack_version: str
    is_verified: bool


def assessed(facts: ConsignmentFacts) -> AssessmentResult:
    """Return the assessment in the reader's language; raises CannotAssess."""
    return assess(facts, language=get_language() or "en")


def in_currency(amount: Decimal, currency: str, *, result: AssessmentResult) -> Decimal | None:
    """Return an amount of the result in another currency, at the assessment's own rate; None without one."""
    if currency == result.currency:
        return amount
    used = next((rate for rate in result.exchange_rate_used if rate.from_currency == currency), None)
    if used is None:
        return None
    return to_minor_unit(amount * used.denominator / used.numerator, currency=currency)


def landed_of(facts: ConsignmentFacts, result: AssessmentResult, *, typed: Typed) -> Landed:
    """Return the page's answer for an assessment of the typed question."""
    totals = result.totals
    own = in_currency(totals.landed, facts.currency, result=result)
    is_other = result.outcome == "other_regime"
    return Landed(
        is_assessed=result.outcome == "assessed",
        is_other_regime=is_other,
        regime=regime_name(result.regime),
        regime_url=_address(typed.with_fields(regime=[result.regime])) if is_other else "",
        currency=result.currency,
        head=_head(result),
        now=result.payable_by_trader_now,
        at_sale=totals.payable - result.payable_by_trader_now,
        in_own=own if facts.currency != result.currency else None,
        own_currency=facts.currency,
        lines=tuple(_line(facts, result, place=place) for place in range(len(result.goods))),
        fees=tuple(fee_working(fee, result=result) for fee in result.fees),
        customs_value=result.customs_value,
        savings=savings_of(facts, result, typed=typed),
        papers=tuple(_papers(result)),
        authorities=", ".join(authority_name(code) for code in result.agencies),
        problems=notices(result.problems, jurisdiction=result.jurisdiction),
        warnings=notices(result.warnings, jurisdiction=result.jurisdiction),
        rates=tuple(_told(used) for used in result.exchange_rate_used),
        pack_version=result.pack_version,
        is_verified=result.verified,
    )


def notices(problems: Sequence[LegalProblem], *, jurisdiction: str) -> tuple[Notice, ...]:
    """Return problems with the addresses of their rules; a list of rules has none."""
    return tuple(
        Notice(
            problem.message,
            problem.fix,
            problem.rule,
            rule_url(problem.rule, jurisdiction=jurisdiction) if problem.rule else "",
        )
        for problem in problems
    )


def _head(result: AssessmentResult) -> TaxPanel:
    totals = result.totals
    bought = SumLine(_("Goods, freight and insurance"), totals.landed - totals.payable)
    charged = [
        SumLine(tax_name(kind), amount, _note(result, kind)) for kind, amount in totals.by_type.items()
    ]
    payable = SumLine(_("Taxes and fees"), totals.payable, kind="sub")
    landed = SumLine(_("Landed, %(currency)s") % {"currency": result.currency}, totals.landed, kind="total")
    return TaxPanel(
        title=_("Landed cost"),
        total=totals.landed,
        currency=result.currency,
        lines=[bought, *charged, payable, landed],
        shares=[Share(tax_name(kind), amount) for kind, amount in totals.by_type.items()],
    )


def _note(result: AssessmentResult, kind: str) -> str:
    """Return the rate where all lines share one: 21 %."""
    charges = [charge for line in result.goods for charge in line.charges if charge.type == kind]
    rates = {rate_of(charge) for charge in charges}
    if charges and any(charge.before_waiver != charge.amount for charge in charges):
        return _("Not collected: a small amount is waived")
    return rates.pop() if len(rates) == 1 else ""


def _line(facts: ConsignmentFacts, result: AssessmentResult, *, place: int) -> Line:
    item, found = facts.goods[place], result.goods[place]
    named = describe(item.commodity_code, language=result.language)
    return Line(
        number=place + 1,
        title=item.description or named or item.commodity_code,
        code=item.commodity_code,
        origin=item.origin,
        customs_value=found.customs_value,
        taxes=found.taxes,
        charges=tuple(
            charge_working(charge, item=item, facts=facts, result=result) for charge in found.charges
        ),
    )


def _papers(result: AssessmentResult) -> list[Paper]:
    return [
        Paper(
            line_no=paper.line_no,
            names=paper_names(paper.document_types),
            authority=authority_name(paper.agency),
            sentence=paper.sentence,
            rule=paper.rule,
            rule_url=rule_url(paper.rule, jurisdiction=result.jurisdiction) if paper.rule else "",
            is_present=paper.is_present,
        )
        for paper in result.required_documents
    ]


def _told(used: ExchangeRateUsed) -> str:
    return _("1 %(from)s = %(rate)s %(to)s, %(source)s, %(day)s.") % {
        "from": used.from_currency,
        "to": used.to_currency,
        "rate": f"{used.rate:.5f}",
        "source": _(used.source),
        "day": day(used.anchor),
    }


def _address(typed: Typed) -> str:
    return f"{reverse('tariffs:calculator')}?{typed.query()}"
