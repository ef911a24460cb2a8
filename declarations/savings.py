"""Lower duties that the law knows for a line, and what is missing for them; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from tariffs.names import tax_name
from tariffs.papers import paper_names
from tariffs.results import Alternative, AssessmentResult, LineAssessment

_CENT = Decimal("0.01")
_MOST = 20


@dataclass(frozen=True, slots=True)
class Saving:
    """One lower duty: what it would come to, how much less that is, and what to do for it."""

    line_no: int
    label: str
    amount: Decimal
    saved: Decimal
    currency: str
    steps: tuple[str, ...]


def savings_of(result: AssessmentResult | None, *, line_no: int = 0) -> tuple[Saving, ...]:
    """Return the lower duties of one line or of all, the largest saving first; at most twenty."""
    if result is None or result.outcome != "assessed":
        return ()
    lines = [line for line in result.goods if line_no in (0, line.line_no)]
    found = [saving for line in lines for saving in _of_line(line, currency=result.currency)]
    return tuple(sorted(found, key=lambda saving: (-saving.saved, saving.line_no))[:_MOST])


def _of_line(line: LineAssessment, *, currency: str) -> Iterator[Saving]:
    for rate in line.alternatives:
        charged = sum((charge.amount for charge in line.charges if charge.type == rate.type), Decimal(0))
        amount = rate.amount.quantize(_CENT, ROUND_HALF_UP)
        if rate.missing and amount < charged:
            yield Saving(
                line_no=line.line_no,
                label=tax_name(rate.type),
                amount=amount,
                saved=charged - amount,
                currency=currency,
                steps=tuple(_steps(rate)),
            )


def _steps(rate: Alternative) -> Iterator[str]:
    if "claim" in rate.missing:
        yield _("Claim the preference %(code)s on the line.") % {"code": rate.preference}
    if "proof" in rate.missing:
        yield _("Attach to the line: %(papers)s.") % {"papers": paper_names(rate.proof)}
    if "quota" in rate.missing:
        yield _("The tariff quota must have something left; customs tells its balance.")
