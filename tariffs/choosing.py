"""Which of the rates that the law knows for a line applies: the lowest lawful one; the others are shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext_noop

from tariffs.duties.expression import DutyExpression
from tariffs.duties.parsing import parse_duty
from tariffs.facts import GoodsFacts
from tariffs.pack_parsing import THIRD_COUNTRY, RateRow
from tariffs.results import Alternative

GIVEN = gettext_noop("given with the declaration")
# Rates that anyone may use; all others must be claimed.
_UNCLAIMED = frozenset([THIRD_COUNTRY, "suspension"])


@dataclass(frozen=True, slots=True)
class AppliedRate:
    """The rate that is applied; `rule` is empty where the layer's own rule says it all."""

    duty: DutyExpression
    rule: str
    source: str
    is_verified: bool
    measure: str
    alternatives: tuple[Alternative, ...] = ()


@lru_cache(maxsize=1024)
def given_rate(expression: str) -> AppliedRate:
    """Return a rate that the declarant or officer states in place of the pack's."""
    return AppliedRate(parse_duty(expression), rule="", source=GIVEN, is_verified=True, measure="given")


def choose(
    rows: Sequence[RateRow],
    *,
    item: GoodsFacts,
    quotas: Mapping[str, Decimal],
    amount_of: Callable[[DutyExpression], Decimal],
) -> AppliedRate | None:
    """Return the lowest lawful rate of the rows, whose gates hold; None when none is lawful.

    A rate for an exporter's additional code, then one for named countries of origin, takes the place of the
    one for all. A preference must be claimed and proven, a quota must have a balance.
    """
    fitting = [row for row in rows if _is_for(row, item)]
    general = _general(fitting)
    claims = [row for row in fitting if row.measure != THIRD_COUNTRY and row.duty is not None]
    if not claims:
        return _applied(general, others=()) if general else None
    costed = [(row, amount_of(row.duty), _missing(row, item, quotas)) for row in claims if row.duty]
    if general is not None and general.duty is not None:
        costed.insert(0, (general, amount_of(general.duty), ()))
    lawful = [entry for entry in costed if not entry[2]]
    if not lawful:
        return None
    best = min(lawful, key=lambda entry: entry[1])[0]
    others = tuple(_alternative(row, amount, missing) for row, amount, missing in costed if row is not best)
    return _applied(best, others=others)


def is_plain(rows: Iterable[RateRow], *, item: GoodsFacts) -> bool:
    """Tell whether code, origin and additional code alone decide which of the rows applies."""
    return all(row.measure == THIRD_COUNTRY and not row.gate for row in rows if _is_for(row, item))


def _is_for(row: RateRow, item: GoodsFacts) -> bool:
    is_origin = not row.origins or item.origin in row.origins
    return is_origin and row.additional_code in ("", item.additional_code)


def _general(rows: Sequence[RateRow]) -> RateRow | None:
    third = [row for row in rows if row.measure == THIRD_COUNTRY and row.duty is not None]
    return max(third, key=lambda row: (bool(row.additional_code), bool(row.origins)), default=None)


def _missing(row: RateRow, item: GoodsFacts, quotas: Mapping[str, Decimal]) -> tuple[str, ...]:
    if row.measure in _UNCLAIMED:
        return ()
    missing = []
    if row.preference and item.preference != row.preference:
        missing.append("claim")
    if row.proof and item.documents.isdisjoint(row.proof):
        missing.append("proof")
    if row.quota and not quotas.get(row.quota):
        missing.append("quota")
    return tuple(missing)


def _applied(row: RateRow, *, others: tuple[Alternative, ...]) -> AppliedRate | None:
    if row.duty is None:
        return None
    return AppliedRate(row.duty, row.rule, row.source, row.validity.verified, row.measure, others)


def _alternative(row: RateRow, amount: Decimal, missing: tuple[str, ...]) -> Alternative:
    return Alternative(
        type=row.type,
        measure=row.measure,
        preference=row.preference,
        duty=row.duty.text if row.duty else "",
        amount=amount,
        proof=row.proof,
        missing=missing,
        rule=row.rule,
        source=row.source,
    )
