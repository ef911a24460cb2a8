"""How one charge came about: its formula with the numbers put in, and the parts of a compound duty."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tariffs.addresses import rule_url
from tariffs.duties.errors import DutyError
from tariffs.duties.evaluating import DutyStep, Measured, evaluate
from tariffs.duties.parsing import parse_duty
from tariffs.explaining import worked
from tariffs.facts import ConsignmentFacts, GoodsFacts
from tariffs.measuring import quantities_of
from tariffs.names import collector_name, tax_name
from tariffs.packs import pack_by_hash
from tariffs.preparing import day_of
from tariffs.results import AssessmentResult, ChargeResult, FeeResult

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a compound duty, and how it was worked out."""

    expression: str
    working: str


@dataclass(frozen=True, slots=True)
class Working:
    """A charge or fee as a person reads it; amounts in the currency of the country of import.

    `rate` is written as in the tariff; `waived` is what a small-amount waiver took off.
    """

    type: str
    amount: Decimal
    base: str
    rate: str
    rule: str
    rule_url: str
    sentence: str
    formula: str
    steps: tuple[Step, ...]
    inputs: tuple[tuple[str, str], ...]
    source: str
    is_verified: bool
    collected: str
    waived: Decimal

    @property
    def label(self) -> str:
        """Return the tax's or fee's name."""
        return tax_name(self.type)

    @property
    def is_link(self) -> bool:
        """Tell whether the source is an address that can be opened."""
        return self.source.startswith(("https://", "http://"))


def charge_working(
    charge: ChargeResult, *, item: GoodsFacts, facts: ConsignmentFacts, result: AssessmentResult
) -> Working:
    """Return how the charge of one line was worked out."""
    return Working(
        type=charge.type,
        amount=charge.amount,
        base=plain(charge.base),
        rate=rate_of(charge),
        rule=charge.rule,
        rule_url=rule_url(charge.rule, jurisdiction=result.jurisdiction),
        sentence=charge.sentence,
        formula=worked(charge) if charge.raw or charge.amount else "",
        steps=tuple(
            Step(step.expression, f"{step.working} = {plain(step.amount)}")
            for step in _steps(charge, item=item, facts=facts, result=result)
        ),
        inputs=tuple((name, _written(value)) for name, value in charge.inputs),
        source=charge.source,
        is_verified=charge.is_verified,
        collected=collector_name(charge.collector),
        waived=charge.before_waiver - charge.amount,
    )


def fee_working(fee: FeeResult, *, result: AssessmentResult) -> Working:
    """Return how a fee was worked out."""
    return Working(
        type=fee.type,
        amount=fee.amount,
        base="",
        rate="",
        rule=fee.rule,
        rule_url=rule_url(fee.rule, jurisdiction=result.jurisdiction) if fee.rule else "",
        sentence=fee.sentence,
        formula=f"{fee.expression} = {fee.amount}" if fee.expression else "",
        steps=(),
        inputs=(),
        source="",
        is_verified=True,
        collected=collector_name(fee.collector),
        waived=_ZERO,
    )


def rate_of(charge: ChargeResult) -> str:
    """Return the rate as it is written: 21 %, 5.1 EUR / kg + 3%; empty where no rate applies."""
    return charge.duty if charge.rate is None else f"{plain(charge.rate)} %"


def plain(number: Decimal) -> str:
    """Return a number without the zeros that say nothing: 6.5, 1500."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _steps(
    charge: ChargeResult, *, item: GoodsFacts, facts: ConsignmentFacts, result: AssessmentResult
) -> tuple[DutyStep, ...]:
    if not charge.duty or charge.rate is not None:
        return ()
    pack = pack_by_hash(result.pack_sha256)
    convert = _converter(result)
    retail = item.retail_price
    measured = Measured(
        quantities=quantities_of(item),
        abv_percent=item.abv_percent,
        sucrose_percent=None,
        retail_price=convert(retail.amount, retail.currency) if retail else None,
        convert=convert,
        on=day_of(facts, pack=pack, purpose="rate"),
    )
    try:
        return evaluate(
            parse_duty(charge.duty, currency=result.currency), charge.base, measured=measured
        ).steps
    except DutyError:
        # The amount is charged all the same; only its parts are not told apart here.
        return ()


def _converter(result: AssessmentResult) -> Callable[[Decimal, str], Decimal]:
    used = {rate.from_currency: rate for rate in result.exchange_rate_used}

    def convert(amount: Decimal, currency: str) -> Decimal:
        rate = used.get(currency)
        return amount if rate is None else amount * rate.numerator / rate.denominator

    return convert


def _written(value: Decimal | str | bool) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)
