"""What a pack says about exchange rates: its [exchange] table, checked when the pack is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tariffs.exchange.anchors import ANCHORS, WEEK_STARTS
from tariffs.pack_parsing import PackError

HOLIDAY_SHIFTS = ("last_published", "next_published", "next_wednesday")
_QUARTERLY = "first_business_day_of_quarter"
_KEYS = frozenset(
    ["anchor", "holiday", "holidays", "is_official", "rule", "deviation_percent", "week_starts"]
)


@dataclass(frozen=True, slots=True)
class ExchangePolicy:
    """The anchor day, what a holiday does to it, and when the rate of the day itself replaces it.

    `is_official`: the ECB series is the authority's own source, and does not merely stand in for it.
    `deviation_percent`: from this difference on, the day's own rate is used (US, 19 CFR 159.34).
    """

    anchor: str
    holiday: str
    holidays: frozenset[date]
    is_official: bool
    rule: str
    deviation_percent: Decimal | None = None
    week_starts: str = "monday"


def policy_of(row: Mapping[str, Any]) -> ExchangePolicy:
    """Return the policy of an [exchange] table; raises PackError, and KeyError for a key that is missing."""
    policy = ExchangePolicy(
        anchor=row["anchor"],
        holiday=row.get("holiday", "last_published"),
        holidays=frozenset(row.get("holidays", ())),
        is_official=row["is_official"],
        rule=row["rule"],
        deviation_percent=_percent(row.get("deviation_percent")),
        week_starts=row.get("week_starts", "monday"),
    )
    mistakes = [f"[exchange] has no key {name}" for name in sorted(row.keys() - _KEYS)] + _mistakes(policy)
    if mistakes:
        raise PackError("pack.toml: " + "; ".join(mistakes) + ".")
    return policy


def _mistakes(policy: ExchangePolicy) -> list[str]:
    found = [
        f"[exchange] {name} is {value!r}; choose one of {', '.join(known)}"
        for name, value, known in (
            ("anchor", policy.anchor, tuple(ANCHORS)),
            ("holiday", policy.holiday, HOLIDAY_SHIFTS),
            ("week_starts", policy.week_starts, tuple(WEEK_STARTS)),
        )
        if value not in known
    ]
    if policy.holiday == "next_wednesday" and "wednesday" not in policy.anchor:
        found.append("[exchange] holiday next_wednesday needs an anchor that is a Wednesday")
    if policy.anchor == _QUARTERLY and policy.holiday != "next_published":
        # Going back would take the rate of the quarter before.
        found.append(f"[exchange] anchor {_QUARTERLY} needs holiday next_published")
    if policy.deviation_percent is not None and policy.anchor != _QUARTERLY:
        found.append(f"[exchange] deviation_percent goes with anchor {_QUARTERLY} only")
    return found


def _percent(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        percent = Decimal(text)
    except (InvalidOperation, TypeError) as error:
        raise PackError(f"pack.toml: [exchange] deviation_percent {text!r} is no number.") from error
    if not percent.is_finite() or percent <= 0:
        raise PackError(f"pack.toml: [exchange] deviation_percent {text!r} is not above 0.")
    return percent
