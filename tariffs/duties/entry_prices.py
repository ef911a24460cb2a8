"""Entry price scales: the dearer some fruit and vegetables are declared, the lower their duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from tariffs.duties.errors import DutyError
from tariffs.duties.expression import DutyExpression
from tariffs.duties.parsing import parse_duty


@dataclass(frozen=True, slots=True)
class EntryPriceStep:
    """What is due from this entry price on, the price in the scale's currency for 100 kg net."""

    least_price: Decimal
    duty: DutyExpression


@dataclass(frozen=True, slots=True)
class EntryPriceScale:
    """Steps from the dearest price down."""

    steps: tuple[EntryPriceStep, ...]

    def duty_at(self, price: Decimal) -> DutyExpression:
        """Return what is due at an entry price for 100 kg; raises DutyError below the lowest step."""
        for step in self.steps:
            if price >= step.least_price:
                return step.duty
        raise DutyError(
            _("the scale has no step for the price %(price)s") % {"price": price},
            text=self.steps[-1].duty.text if self.steps else "",
            position=1,
            fix=_("Add the lowest step of the tariff to the scale."),
        )


def entry_price_scale(rows: Iterable[tuple[Decimal, str]], *, currency: str | None = None) -> EntryPriceScale:
    """Return the scale of (least price, duty) rows in any order; raises DutyError for a duty that is none."""
    steps = (EntryPriceStep(price, parse_duty(text, currency=currency)) for price, text in rows)
    return EntryPriceScale(tuple(sorted(steps, key=lambda step: step.least_price, reverse=True)))
