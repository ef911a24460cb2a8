"""Runs the layers of a regime over all lines, one tax after the other, then its fees, each with its trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from tariffs.choosing import AppliedRate, choose, given_rate, is_plain
from tariffs.compiling import Worked
from tariffs.duties.evaluating import DutyQuantityMissing, linear
from tariffs.duties.expression import DutyExpression
from tariffs.duties.parsing import DutyError
from tariffs.editions import Edition
from tariffs.exchange import Exchanger
from tariffs.facts import ConsignmentFacts, GoodsFacts, LegalProblem
from tariffs.measuring import DUTY, measured
from tariffs.pack_parsing import THIRD_COUNTRY
from tariffs.packs import Pack
from tariffs.provisions import Fee, Layer
from tariffs.results import Alternative, ChargeResult, FeeResult, make_charge
from tariffs.rounding import without_noise
from tariffs.scopes import ConsignmentScope, LineScope, content_order

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_OWN_FIELDS = frozenset(["abv_percent", "retail_price"])


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
    # Of the rules, in the language.
    sentences: Mapping[str, str]
    # By the place of the line.
    charges: list[list[ChargeResult]]
    unverified: dict[str, None] = field(default_factory=dict)
    missing: list[LegalProblem] = field(default_factory=list)
    alternatives: dict[int, list[Alternative]] = field(default_factory=dict)
    # Lines whose code leaves several rates open.
    short_codes: dict[int, None] = field(default_factory=dict)


# One charge before any waiver: place of the line, what was worked out, its rate (applied and in per cent).
# A tuple: eight a consignment are usual, and nothing but this module reads it.
_Draft = tuple[int, Worked, AppliedRate | None, Decimal | None]
_UNKNOWN: Any = object()


def charge_lines(run: Run, *, layers: Sequence[Layer]) -> None:
    """Charge every line with every layer, in the order of the layers: a later tax reads the earlier ones."""
    places = range(len(run.facts.goods))
    # What is charged once for several lines must fall on the same line wherever that stands.
    ordered: Sequence[int] = places
    if any(layer.once_per for layer in layers):
        ordered = sorted(places, key=lambda place: content_order(run.facts.goods[place]))
    for layer in layers:
        if layer.when is None or layer.when.run(run.scope):
            drafts = _drafts(run, layer, places=ordered if layer.once_per else places)
            if drafts:
                _finish(run, layer, drafts=drafts)


def _drafts(run: Run, layer: Layer, *, places: Sequence[int]) -> list[_Draft]:
    scope, lines, line_when = run.scope, run.scope["lines"], layer.line_when
    seen: set[tuple[Any, ...]] = set()
    drafts: list[_Draft] = []
    for place in places:
        line = lines[place]
        if line_when is not None and not line_when.run(scope, line):
            continue
        if layer.not_with and any(line[name] for name in layer.not_with):
            continue
        if not layer.rate_types:
            drafts.append(_draft(layer, None, scope=scope, line=line, place=place, seen=seen))
            continue
        try:
            rates = _rates(run, layer, line=line, place=place)
            for applied in rates:
                drafts.append(_draft(layer, applied, scope=scope, line=line, place=place, seen=seen))
            if not rates and layer.entries.base:
                _note_base(layer, scope=scope, line=line)
        except DutyError as error:
            run.missing.append(_not_computable(error, layer=layer, place=place))
    return drafts


def _draft(
    layer: Layer,
    applied: AppliedRate | None,
    *,
    scope: ConsignmentScope,
    line: LineScope,
    place: int,
    seen: set[tuple[Any, ...]],
) -> _Draft:
    duty = applied.duty if applied is not None else None
    line[DUTY] = duty
    if layer.reads_rate:
        line["rate"], line["specific"] = _taken_apart(duty, scope=scope, line=line)
    worked = layer.charge(scope, line)
    if layer.once_per and not _is_first(line, layer, seen):
        base, shown, _raw, _amount, inputs = worked
        worked = base, shown, _ZERO, layer.rounding(_ZERO), inputs
    if duty is not None:
        return place, worked, applied, duty.percent
    return place, worked, None, layer.rate.run(scope, line) if layer.rate else None


def _note_base(layer: Layer, *, scope: ConsignmentScope, line: LineScope) -> None:
    """Give later taxes the base of one that is not charged: China's VAT stands on the composite price."""
    line[DUTY], line["rate"], line["specific"] = None, _ZERO, _ZERO
    line[layer.entries.base] = layer.base.run(scope, line)


def _taken_apart(
    duty: DutyExpression | None, *, scope: ConsignmentScope, line: LineScope
) -> tuple[Decimal, Decimal]:
    if duty is None:
        return _ZERO, _ZERO
    if duty.fraction is not None:
        return duty.fraction, _ZERO
    return linear(duty, measured=measured(scope, line))


def _finish(run: Run, layer: Layer, *, drafts: list[_Draft]) -> None:
    is_waived = False
    if layer.is_joint:
        drafts = _jointly_rounded(run, layer, drafts=drafts)
        is_waived = _is_waived(run, layer, drafts=drafts)
    lines = run.scope["lines"]
    for draft in drafts:
        place, (base, _shown, raw, amount, _inputs), applied, rate = draft
        charged, line = _ZERO if is_waived else amount, lines[place]
        line[layer.entries.amount] += charged
        if layer.is_additional:
            line["additional"] += charged
        if layer.entries.raw:
            line[layer.entries.raw] += _ZERO if is_waived else raw
        if layer.entries.base:
            line[layer.entries.base] = base
        if layer.entries.rate:
            line[layer.entries.rate] = line["rate"] if layer.reads_rate else (rate or _ZERO) / _HUNDRED
        run.charges[place].append(_result(run, layer, draft=draft, charged=charged))
        if applied is not None and applied.alternatives:
            run.alternatives.setdefault(place, []).extend(applied.alternatives)


def _jointly_rounded(run: Run, layer: Layer, *, drafts: list[_Draft]) -> list[_Draft]:
    if layer.rounding.when == "each":
        return drafts
    raws = [worked[2] for _place, worked, _applied, _rate in drafts]
    goods = run.facts.goods
    amounts = layer.rounding.parts(
        raws,
        total=without_noise(sum(raws, _ZERO)),
        tie_of=lambda place: content_order(goods[drafts[place][0]]),
    )
    return [
        (place, (base, shown, raw, amount, inputs), applied, rate)
        for (place, (base, shown, raw, _amount, inputs), applied, rate), amount in zip(
            drafts, amounts, strict=True
        )
    ]


def _is_waived(run: Run, layer: Layer, *, drafts: list[_Draft]) -> bool:
    waiver = layer.waiver
    total = sum([worked[3] for _place, worked, _applied, _rate in drafts], _ZERO)
    if waiver is None or not total or (waiver.when is not None and not waiver.when.run(run.scope)):
        return False
    limit: Decimal = waiver.limit.run(run.scope)
    is_waived = total <= limit
    if is_waived and not waiver.rule.validity.verified:
        run.unverified[waiver.rule.id] = None
    return is_waived


def _result(run: Run, layer: Layer, *, draft: _Draft, charged: Decimal) -> ChargeResult:
    _place, (_base, shown, raw, amount, inputs), applied, rate = draft
    rule, duty, measure, source = layer.rule, "", "", layer.rule.source
    is_verified = not layer.is_doubted
    if applied is not None:
        rule = run.pack.rules[applied.rule] if applied.rule else rule
        duty, measure, source = applied.duty.text, applied.measure, applied.source
        is_verified = is_verified and applied.is_verified
    if not (is_verified and rule.validity.verified):
        is_verified = False
        run.unverified[rule.id] = None
    # By place and in the order of the class: with 16 keywords a charge takes twice as long to make.
    return make_charge(
        layer.type,
        shown,
        rate,
        charged,
        raw,
        rule.id,
        run.sentences[rule.id],
        duty,
        layer.amount.text,
        layer.base.text,
        layer.collector,
        amount,
        measure,
        inputs,
        source,
        is_verified,
    )


def _is_first(line: LineScope, layer: Layer, seen: set[tuple[Any, ...]]) -> bool:
    key = tuple([line[name] for name in layer.once_per])
    if key in seen:
        return False
    seen.add(key)
    return True


def _rates(run: Run, layer: Layer, *, line: LineScope, place: int) -> Sequence[AppliedRate]:
    item = run.facts.goods[place]
    if item.given_rates or item.given_additional is not None:
        given = _given(item, layer=layer)
        if given is not None:
            return given
    chosen = line["rows"].chosen
    key = (layer.rate_types, item.origin, item.additional_code)
    applied = chosen.get(key, _UNKNOWN)
    if applied is _UNKNOWN:
        applied, is_plain_choice = _of_tables(run, layer, place=place)
        if is_plain_choice:
            chosen[key] = applied
    if applied is None and not layer.is_optional:
        applied = _dearest_below(run, layer, place=place)
    return (applied,) if applied is not None else ()


def _of_tables(run: Run, layer: Layer, *, place: int) -> tuple[AppliedRate | None, bool]:
    """Return the rate that applies, and whether it is the same for all goods of this code and origin."""
    item, line = run.facts.goods[place], run.scope["lines"][place]
    candidates = [row for kind in layer.rate_types for row in line["rows"].get(kind, ())]
    rows = [row for row in candidates if not row.gate or run.pack.gates[row.gate].run(run.scope, line)]
    applied = choose(
        rows,
        item=item,
        quotas=dict(run.facts.quota_balances),
        amount_of=lambda duty: _amount(run, layer, place=place, duty=duty),
    )
    return applied, is_plain(candidates, item=item)


def _dearest_below(run: Run, layer: Layer, *, place: int) -> AppliedRate | None:
    """Return the highest rate below a code that is short of digits, and note that others are possible."""
    item = run.facts.goods[place]
    rows = run.pack.rows_below(
        item.commodity_code, kinds=layer.rate_types, country=run.facts.jurisdiction, on=run.rate_date
    )
    general = [row for row in rows if row.measure == THIRD_COUNTRY and not row.origins and row.duty]
    if not general:
        run.missing.append(_missing_rate(run, layer=layer, place=place))
        return None
    run.short_codes[place] = None
    dearest = max(general, key=lambda row: _amount(run, layer, place=place, duty=row.duty))
    return choose([dearest], item=item, quotas={}, amount_of=lambda _duty: _ZERO)


def _amount(run: Run, layer: Layer, *, place: int, duty: DutyExpression | None) -> Decimal:
    scope, line = run.scope, run.scope["lines"][place]
    line[DUTY] = duty
    if layer.reads_rate:
        line["rate"], line["specific"] = _taken_apart(duty, scope=scope, line=line)
    line["base"] = layer.base.run(scope, line)
    amount: Decimal = layer.amount.run(scope, line)
    return amount


def _given(item: GoodsFacts, *, layer: Layer) -> list[AppliedRate] | None:
    if layer.is_additional:
        if item.given_additional is None:
            return None
        return [given_rate(text) for kind, text in item.given_additional if kind == layer.type]
    if not item.given_rates:
        return None
    found = dict(item.given_rates)
    return next(([given_rate(found[kind])] for kind in layer.rate_types if kind in found), None)


def _missing_rate(run: Run, *, layer: Layer, place: int) -> LegalProblem:
    return LegalProblem(
        path=f"goods_items.{place}.commodity_code",
        code="rate_missing",
        message=_("There is no rate for the commodity code %(code)s on %(day)s.")
        % {"code": run.facts.goods[place].commodity_code, "day": run.rate_date},
        fix=_("Check the commodity code, or have the rate added to the regulation pack."),
        rule=layer.rule.id,
    )


def _not_computable(error: DutyError, *, layer: Layer, place: int) -> LegalProblem:
    is_missing = isinstance(error, DutyQuantityMissing)
    field_name = f"rates.{layer.type}"
    if isinstance(error, DutyQuantityMissing):
        # What has a field of its own is asked for there.
        field_name = next((unit for unit in error.units if unit in _OWN_FIELDS), "supplementary_units")
    return LegalProblem(
        path=f"goods_items.{place}.{field_name}",
        code="quantity_missing" if is_missing else "rate_not_computable",
        message=str(error),
        fix=error.fix,
        rule=layer.rule.id,
    )


def applies(fee: Fee, *, run: Run, regime: str) -> bool:
    """Tell whether the regime takes the fee on this consignment."""
    return regime in fee.regimes and bool(fee.when.run(run.scope))


def fee_of(run: Run, fee: Fee) -> FeeResult:
    """Return the fee with its amount before and after rounding."""
    raw = fee.amount.run(run.scope)
    if not (fee.rule.validity.verified and run.edition.doubted.isdisjoint(fee.amount.names)):
        run.unverified[fee.rule.id] = None
    return FeeResult(
        type=fee.type,
        amount=fee.rounding(raw),
        raw=raw,
        rule=fee.rule.id,
        sentence=run.sentences[fee.rule.id],
        expression=fee.amount.text,
        collector=fee.collector,
    )


def carrier_fee_of(run: Run) -> FeeResult | None:
    """Return what the carrier asks for clearing, which no tax is charged on; None when nothing was stated."""
    asked = run.facts.carrier_fee
    if asked is None:
        return None
    raw = run.exchanger(asked.amount, asked.currency)
    return FeeResult(
        type="carrier_fee",
        amount=run.pack.roundings["fee"](raw),
        raw=raw,
        rule="",
        sentence=_("What the carrier asks for clearing the goods; no tax is charged on it."),
        expression="",
        collector="carrier",
    )
