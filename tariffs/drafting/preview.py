"""What a draft would change for stored cases: each is assessed again, by the old law and by the new one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from tariffs.assessment import assess
from tariffs.drafting.golden import BROKEN
from tariffs.facts import CannotAssess, ConsignmentFacts, Dates
from tariffs.pack_parsing import PackError
from tariffs.packs import Pack
from tariffs.results import AssessmentResult
from tariffs.snapshots import Kept, read_snapshot

# More stored cases than this are not assessed again for one page.
MOST_CASES = 200


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A stored assessment under the name that the reader knows it by."""

    key: str
    snapshot: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Worked:
    """What one law makes of a case; amounts in `currency`, a problem where it makes nothing of it."""

    outcome: str
    regime: str
    currency: str
    payable: Decimal
    by_type: Mapping[str, Decimal]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case of which the draft makes something else."""

    key: str
    before: Worked
    after: Worked

    @property
    def rises_by(self) -> Decimal:
        """Return how much more is payable, in the pack's currency."""
        return self.after.payable - self.before.payable

    @property
    def taxes(self) -> tuple[tuple[str, Decimal, Decimal], ...]:
        """Return the taxes and fees that differ: code, amount before, amount after."""
        old, new = self.before.by_type, self.after.by_type
        zero = Decimal(0)
        rows = ((code, old.get(code, zero), new.get(code, zero)) for code in dict.fromkeys((*old, *new)))
        return tuple(row for row in rows if row[1] != row[2])


@dataclass(frozen=True, slots=True)
class Preview:
    """How many cases were assessed again, those that change, and how many have lost the law they had."""

    count: int
    changes: tuple[CaseChange, ...]
    unread: int


def what_changes(draft: Pack, stored: Iterable[StoredCase], *, base: Pack, on: date | None = None) -> Preview:
    """Assess stored cases again by the draft, with the exchange rates of then, and compare.

    Without a day each case keeps its dates, and what it came to then is the comparison. With `on` all its
    events are moved to that day and both laws are asked: so a change of next year can be seen today.
    """
    cases = list(islice(stored, MOST_CASES))
    readable = [(case, kept) for case in cases if (kept := _kept(case)) is not None]
    changes = [_change(case, kept, draft=draft, base=base, on=on) for case, kept in readable]
    found = tuple(change for change in changes if change is not None)
    return Preview(len(readable), found, len(cases) - len(readable))


def _kept(case: StoredCase) -> Kept | None:
    try:
        return read_snapshot(case.snapshot)
    except (PackError, KeyError):
        # Written by an engine whose facts had other names, or by a pack that is not kept here.
        return None


def _change(case: StoredCase, kept: Kept, *, draft: Pack, base: Pack, on: date | None) -> CaseChange | None:
    facts = _moved(kept.facts, on=on) if on else kept.facts
    before = _work(facts, kept=kept, pack=base) if on else _stored(case.snapshot["result"])
    after = _work(facts, kept=kept, pack=draft)
    return None if before == after else CaseChange(case.key, before, after)


def _moved(facts: ConsignmentFacts, *, on: date) -> ConsignmentFacts:
    stated = {field.name: on for field in fields(Dates) if getattr(facts.dates, field.name) is not None}
    return replace(facts, dates=Dates(**stated))


def _work(facts: ConsignmentFacts, *, kept: Kept, pack: Pack) -> Worked:
    try:
        result = assess(facts, pack=pack, language=kept.language, pinned_rates=kept.exchange_rates)
    except CannotAssess as refusal:
        return _nothing("; ".join(problem.sentence for problem in refusal.problems))
    except BROKEN as error:
        return _nothing(_("The law cannot be worked out: %(error)s") % {"error": error})
    return _worked(result)


def _worked(result: AssessmentResult) -> Worked:
    return Worked(
        outcome=result.outcome,
        regime=result.regime,
        currency=result.currency,
        payable=result.totals.payable,
        by_type=result.totals.by_type,
    )


def _stored(result: Mapping[str, Any]) -> Worked:
    totals = result["totals"]
    return Worked(
        outcome=result["outcome"],
        regime=result["regime"],
        currency=result["currency"],
        payable=Decimal(totals["payable"]),
        by_type={code: Decimal(amount) for code, amount in totals["by_type"].items()},
    )


def _nothing(problem: str) -> Worked:
    return Worked("", "", "", Decimal(0), {}, problem)
