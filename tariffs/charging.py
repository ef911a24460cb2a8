"""Runs the layers of a regime over one line, and its fees; every amount keeps its trace."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from tariffs.exchange import Exchanger
from tariffs.facts import ConsignmentFacts, LegalProblem
from tariffs.pack_parsing import RateRow
from tariffs.packs import Edition, Fee, Layer, Pack
from tariffs.results import ChargeResult, FeeResult
from tariffs.rounding import Rounding
from tariffs.scopes import ConsignmentScope, LineScope

_ZERO = Decimal(0)


@dataclass(slots=True)
class Run:
    """The state of one assessment: facts, the law in force, names for formulas, and what was found."""

    facts: ConsignmentFacts
    pack: Pack
    edition: Edition
    scope: ConsignmentScope
    rate_date: date
    exchanger: Exchanger
    language: str
    unverified: dict[str, None] = field(default_factory=dict)
    missing: list[LegalProblem] = field(default_factory=list)


def charges_of(
    run: Run,
    line: LineScope,
    *,
    layers: Sequence[Layer],
    seen: set[tuple[Any, ...]],
    rounding: Rounding,
) -> tuple[ChargeResult, ...]:
    """Return the charges of one line in the order of the layers; `seen` spans the consignment."""
    charges = []
    for layer in layers:
        if layer.when is None or layer.when.run(line):
            charge = _charge(run, line, layer=layer, seen=seen, rounding=rounding)
            if charge is not None:
                charges.append(charge)
    return tuple(charges)


def _charge(
    run: Run, line: LineScope, *, layer: Layer, seen: set[tuple[Any, ...]], rounding: Rounding
) -> ChargeResult | None:
    row = _rate_row(run, line, layer=layer) if layer.rate_type else None
    line["rate"], line["specific"] = (row.fraction, row.specific) if row else (_ZERO, _ZERO)
    line["specific_unit"] = row.unit if row else ""
    line["base"] = base = layer.base.run(line)
    raw = layer.amount.run(line) if _is_first(line, layer, seen) else _ZERO
    kind = layer.type
    line[kind] = amount = rounding(raw)
    line[kind + "_raw"], line[kind + "_base"], line[kind + "_rate"] = raw, base, line["rate"]
    if row is None and layer.rate_type:
        return None
    return _charge_result(run, line, layer=layer, row=row, amount=amount, rounding=rounding)


def _charge_result(
    run: Run, line: LineScope, *, layer: Layer, row: RateRow | None, amount: Decimal, rounding: Rounding
) -> ChargeResult:
    rule = run.pack.rules[row.rule] if row and row.rule else layer.rule
    is_verified = rule.validity.verified and (row is None or row.validity.verified)
    if not is_verified:
        run.unverified[rule.id] = None
    return ChargeResult(
        type=layer.type,
        base=rounding(line["base"]),
        rate=row.rate if row else (layer.rate.run(line) if layer.rate else None),
        amount=amount,
        raw=line[layer.type + "_raw"],
        rule=rule.id,
        sentence=rule.sentence(run.language),
        expression=layer.amount.text,
        base_expression=layer.base.text,
        collector=layer.collector,
        before_waiver=amount,
        inputs=tuple([(name, line[name]) for name in layer.names]),
        source=row.source if row else rule.source,
        is_verified=is_verified,
    )


def _is_first(line: LineScope, layer: Layer, seen: set[tuple[Any, ...]]) -> bool:
    if not layer.once_per:
        return True
    key = (layer.type, *[line[name] for name in layer.once_per])
    if key in seen:
        return False
    seen.add(key)
    return True


def _rate_row(run: Run, line: LineScope, *, layer: Layer) -> RateRow | None:
    for row in line["rows"].get(layer.rate_type, ()):
        if not row.gate or run.pack.gates[row.gate].run(line):
            found: RateRow = row
            return found
    if not layer.is_optional:
        run.missing.append(_missing_rate(run, line, layer=layer))
    return None


def _missing_rate(run: Run, line: LineScope, *, layer: Layer) -> LegalProblem:
    place = run.scope["lines"].index(line)
    return LegalProblem(
        path=f"goods_items.{place}.commodity_code",
        code="rate_missing",
        message=_("There is no rate for the commodity code %(code)s on %(day)s.")
        % {"code": line["commodity_code"], "day": run.rate_date},
        fix=_("Check the commodity code, or have the rate added to the regulation pack."),
        rule=layer.rule.id,
    )


def applies(fee: Fee, *, run: Run, regime: str) -> bool:
    """Tell whether the regime takes the fee on this consignment."""
    return regime in fee.regimes and bool(fee.when.run(run.scope))


def fee_of(run: Run, fee: Fee) -> FeeResult:
    """Return the fee with its amount before and after rounding."""
    raw = fee.amount.run(run.scope)
    if not fee.rule.validity.verified:
        run.unverified[fee.rule.id] = None
    return FeeResult(
        type=fee.type,
        amount=run.pack.roundings["fee"](raw),
        raw=raw,
        rule=fee.rule.id,
        sentence=fee.rule.sentence(run.language),
        expression=fee.amount.text,
        collector=fee.collector,
    )
