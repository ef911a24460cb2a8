"""An assessment as a breakdown that adds up, each charge with its rule, its sentence and its formula."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from declarations.formulas import formula_of
from declarations.models import Assessment, Declaration
from declarations.statement import Statement
from swindow.components import Share, TaxPanel
from tariffs.explaining import doubt_sentence
from tariffs.jurisdictions import rule_sentence
from tariffs.names import collector_name, regime_name, tax_name
from tariffs.results import COLLECTED_AT_SALE, AssessmentResult
from tariffs.snapshots import as_json

_MOST_LINES = 12
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Charge:
    """One tax on one line, or a fee; the amount is in the currency of the breakdown."""

    type: str
    line_no: int
    amount: Decimal
    note: str
    rule: str
    sentence: str
    formula: str
    collector: str

    @property
    def label(self) -> str:
        """Return the tax's name."""
        return tax_name(self.type)

    @property
    def collected(self) -> str:
        """Return who collects it."""
        return collector_name(self.collector)

    @property
    def is_due(self) -> bool:
        """Tell whether it is paid at clearance."""
        return self.collector != COLLECTED_AT_SALE


@dataclass(frozen=True, slots=True)
class SumLine:
    """A line of the breakdown; one with a sentence opens."""

    label: str
    amount: Decimal
    note: str = ""
    kind: str = ""
    rule: str = ""
    sentence: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The amount to pay, what it is made of, and what was taken elsewhere."""

    head: TaxPanel
    lines: Sequence[SumLine]
    elsewhere: Sequence[SumLine]
    charges: Sequence[Charge]
    regime: str
    notes: Sequence[str]


def live_breakdown(statement: Statement, result: AssessmentResult | None) -> Breakdown | None:
    """Return the estimate for a draft; None while the law cannot be applied."""
    if result is None or result.outcome != "assessed":
        return None
    foot = _("An estimate by the law of today. Customs sets the amount when it accepts the declaration.")
    breakdown = _breakdown(as_json(result), statement, title=_("Estimated to pay"), foot=foot)
    return replace(breakdown, head=replace(breakdown.head, badge=_("Live")))


def fixed_breakdown(statement: Statement, assessment: Assessment, *, title: str) -> Breakdown:
    """Return what customs assessed when it accepted the declaration."""
    foot = _("Assessed at acceptance by version %(version)s of the rules.") % {
        "version": assessment.pack_version
    }
    return _breakdown(assessment.snapshot["result"], statement, title=title, foot=foot)


def _breakdown(result: Mapping[str, Any], statement: Statement, *, title: str, foot: str) -> Breakdown:
    charges = _charges(result, statement.declaration)
    due = [charge for charge in charges if charge.is_due]
    total = Decimal(result["payable_by_trader_now"])
    head = TaxPanel(
        title=title,
        total=total,
        currency=result["currency"],
        lines=(),
        shares=[Share(tax_name(kind), amount) for kind, amount in _by_type(due).items()],
        foot=foot,
    )
    total_line = SumLine(_("Total, %(currency)s") % {"currency": result["currency"]}, total, kind="total")
    return Breakdown(
        head=head,
        lines=[*_value_lines(result, statement), *_charge_lines(due), total_line],
        elsewhere=_charge_lines([charge for charge in charges if not charge.is_due]),
        charges=charges,
        regime=regime_name(result["regime"]),
        notes=_notes(result),
    )


def _value_lines(result: Mapping[str, Any], statement: Statement) -> list[SumLine]:
    declaration, value = statement.declaration, Decimal(result["customs_value"])
    customs_value = SumLine(_("Customs value"), value, kind="sub")
    goods = sum((item.item_price for item in statement.goods_items), _ZERO)
    carriage = declaration.freight_amount + declaration.insurance_amount
    if declaration.currency != result["currency"] or goods + carriage != value:
        return [customs_value]
    note = _("Spread over the lines by value")
    return [
        SumLine(_("Goods value"), goods),
        SumLine(_("Freight and insurance"), carriage, note if carriage else ""),
        customs_value,
    ]


def _charge_lines(charges: Sequence[Charge]) -> list[SumLine]:
    if len(charges) <= _MOST_LINES:
        return [_charge_line(charge) for charge in charges]
    ordered = sorted(charges, key=lambda charge: charge.type)
    return [_type_line(kind, list(group)) for kind, group in groupby(ordered, key=lambda each: each.type)]


def _charge_line(charge: Charge) -> SumLine:
    name = tax_name(charge.type)
    label = _("%(tax)s, line %(line)s") % {"tax": name, "line": charge.line_no} if charge.line_no else name
    return SumLine(label, charge.amount, charge.note, "", charge.rule, charge.sentence, charge.formula)


def _type_line(kind: str, charges: Sequence[Charge]) -> SumLine:
    amount = sum((charge.amount for charge in charges), _ZERO)
    first = charges[0]
    note = _("%(count)s lines together") % {"count": len(charges)}
    return SumLine(tax_name(kind), amount, note, "", first.rule, first.sentence)


def _charges(result: Mapping[str, Any], declaration: Declaration) -> list[Charge]:
    on_lines = [
        _charge(row, line_no=line["line_no"], declaration=declaration)
        for line in result["goods"]
        for row in line["charges"]
    ]
    return on_lines + [_charge(row, line_no=0, declaration=declaration) for row in result["fees"]]


def _charge(row: Mapping[str, Any], *, line_no: int, declaration: Declaration) -> Charge:
    language = get_language() or "en"
    own = rule_sentence(str(declaration.jurisdiction), row["rule"], language=language)
    return Charge(
        type=row["type"],
        line_no=line_no,
        amount=Decimal(row["amount"]),
        note=_note(row),
        rule=row["rule"],
        sentence=own or row["sentence"],
        formula=formula_of(row),
        collector=row["collector"],
    )


def _note(row: Mapping[str, Any]) -> str:
    rate = row.get("rate")
    if rate is not None:
        note = _("%(rate)s %% of %(base)s") % {"rate": _percent(rate), "base": _plain(row["base"])}
        relief = Decimal(str(dict(row["inputs"]).get("relief", 1)))
        if relief != 1 and Decimal(rate):
            note = _("%(part)s, of which %(share)s %%") % {"part": note, "share": _percent(relief * 100)}
        return note
    if "base" in row and not Decimal(row["amount"]):
        return _("Counted with another line")
    return collector_name(row["collector"]).capitalize()


def _notes(result: Mapping[str, Any]) -> list[str]:
    rates = [
        _("1 %(from)s = %(rate)s %(to)s, %(source)s, %(day)s.")
        % {
            "from": used["from_currency"],
            "to": used["to_currency"],
            "rate": f"{Decimal(used['numerator']) / Decimal(used['denominator']):.5f}",
            "source": _(used["source"]),
            "day": used["anchor"] or "",
        }
        for used in result["exchange_rate_used"]
    ]
    return rates + [_warning(warning) for warning in result["warnings"]]


def _warning(warning: Mapping[str, Any]) -> str:
    doubt = doubt_sentence(warning["code"], rules=warning.get("rule") or "")
    return doubt or str(warning["message"])


def _by_type(charges: Sequence[Charge]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for charge in charges:
        sums[charge.type] = sums.get(charge.type, _ZERO) + charge.amount
    return sums


def _percent(rate: Decimal | str) -> str:
    return f"{Decimal(rate).normalize():f}"


def _plain(amount: str) -> str:
    language = "zh_Hans" if (get_language() or "en").startswith("zh") else "en"
    return format_decimal(Decimal(amount), format="#,##0.00", locale=language)
