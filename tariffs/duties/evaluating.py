"""Works a duty out, exactly: nothing is rounded here, and what is not measured is asked for by name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from tariffs.duties.errors import DutyError
from tariffs.duties.expression import Amount, Bounds, DutyExpression, Part, Percent, Sum
from tariffs.duties.units import (
    ABV,
    DEGREES,
    PURE_ALCOHOL,
    RETAIL_PRICE,
    SUCROSE,
    Factor,
    Unit,
    quantity_code,
    stand_in,
)

Convert = Callable[[Decimal, str], Decimal]
_LITRES = "l"
_SIGNS = {ABV: "% vol", SUCROSE: "% sacchar."}
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of the goods; `quantities` by unit as anyone spells it, money in the local currency."""

    quantities: Mapping[str, Decimal]
    abv_percent: Decimal | None
    sucrose_percent: Decimal | None
    retail_price: Decimal | None
    convert: Convert
    on: date | None = None


@dataclass(frozen=True, slots=True)
class DutyStep:
    """One part of the way to an amount, with its numbers put in; the amount in the local currency."""

    expression: str
    working: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DutyAmount:
    """The amount in the local currency, not rounded, and how it came about."""

    amount: Decimal
    steps: tuple[DutyStep, ...]


class DutyQuantityMissing(DutyError):
    """A duty counts what is not measured; `units` names every one that is missing."""

    def __init__(self, units: Iterable[str], *, text: str, position: int) -> None:
        self.units = tuple(sorted(set(units)))
        names = ", ".join(describe(unit) for unit in self.units)
        super().__init__(
            _("missing: %(names)s") % {"names": names},
            text=text,
            position=position,
            fix=_("Give %(units)s.") % {"units": ", ".join(self.units)},
        )


def evaluate(duty: DutyExpression, customs_value: Decimal, *, measured: Measured) -> DutyAmount:
    """Return the duty on goods of this customs value; raises DutyQuantityMissing or DutyError."""
    if duty.percent is not None and duty.fraction is not None:
        amount = customs_value * duty.fraction
        return DutyAmount(amount, (DutyStep(duty.text, f"{customs_value} × {duty.percent}%", amount),))
    if duty.only_asks:
        return DutyAmount(_NOTHING, (DutyStep(duty.text, _("no duty; the quantity is declared"), _NOTHING),))
    bounds = in_force(duty, on=measured.on)
    return _Reckoning(duty, customs_value, measured=measured).of(bounds)


def linear(duty: DutyExpression, *, measured: Measured) -> tuple[Decimal, Decimal]:
    """Return the fraction of the customs value and the amount beside it; raises DutyError if not linear."""
    if not duty.is_linear:
        message = _("it is no sum of percentages and amounts")
        raise DutyError(message, text=duty.text, position=1, fix=_("Work it out for a customs value."))
    if duty.fraction is not None or duty.only_asks:
        return duty.fraction or _NOTHING, _NOTHING
    bounds = duty.seasons[0].bounds
    fraction = sum(
        (part.fraction for part in bounds.parts() if isinstance(part, Percent) and not part.of), _NOTHING
    )
    return fraction, _Reckoning(duty, _NOTHING, measured=measured).of(bounds).amount


def in_force(duty: DutyExpression, *, on: date | None) -> Bounds:
    """Return what is due on the day; raises DutyError where the seasons need a day, miss it or disagree."""
    if not duty.is_seasonal:
        return duty.seasons[0].bounds
    if on is None:
        message = _("it depends on the season")
        raise DutyError(message, text=duty.text, position=1, fix=_("Give the day that decides."))
    found = [season.bounds for season in duty.seasons if season.holds(on)]
    found = found or [season.bounds for season in duty.seasons if not season.spans]
    if len(found) != 1:
        message = _("it states %(number)d rates for %(day)s") % {"number": len(found), "day": on.isoformat()}
        raise DutyError(message, text=duty.text, position=1, fix=_("Look the rate of that day up."))
    return found[0]


def describe(unit: str) -> str:
    """Return what is to be measured, in words for a person."""
    words = {
        ABV: _("alcohol in per cent by volume"),
        SUCROSE: _("sucrose in per cent by weight"),
        RETAIL_PRICE: _("retail price"),
        DEGREES: _("sugar degrees by polariscope"),
        "jewel": _("jewels in one movement"),
        "EA": _("agricultural component for 100 kg"),
        "EAR": _("reduced agricultural component for 100 kg"),
        "ADSZ": _("additional duty on sugar for 100 kg"),
        "ADSZR": _("reduced additional duty on sugar for 100 kg"),
        "ADFM": _("additional duty on flour for 100 kg"),
        "ADFMR": _("reduced additional duty on flour for 100 kg"),
        "value_case": _("value of the case"),
        "value_strap": _("value of the strap, band or bracelet"),
        "value_battery": _("value of the battery"),
        "value_movement": _("value of the movement"),
        "value_apparatus": _("value of the apparatus"),
        "value_lead_content": _("value of the lead content"),
        "value_rifle": _("value of the rifle"),
        "value_telescopic_sight": _("value of the telescopic sight, 0 if there is none"),
    }
    return words.get(unit) or _("quantity in %(unit)s") % {"unit": unit}


class _Quantities:
    """What was measured, in base units."""

    def __init__(self, measured: Measured) -> None:
        self._given: dict[str, Decimal] = {}
        for name, value in measured.quantities.items():
            code, size = quantity_code(name)
            self._given.setdefault(code, value * size)
        told = {
            ABV: measured.abv_percent,
            SUCROSE: measured.sucrose_percent,
            RETAIL_PRICE: measured.retail_price,
        }
        self._given |= {code: value for code, value in told.items() if value is not None}

    def of(self, code: str) -> Decimal | None:
        """Return how much there is, worked out or stood in for where it was not measured itself."""
        if code in self._given:
            return self._given[code]
        if code == PURE_ALCOHOL and _LITRES in self._given and ABV in self._given:
            return self._given[_LITRES] * self._given[ABV] / 100
        other = stand_in(code)
        return self._given.get(other) if other else None

    def missing(self, part: Part) -> tuple[str, ...]:
        """Return the codes that the part needs and that are not known."""
        if isinstance(part, Percent):
            return tuple(code for code in part.of if self.of(code) is None)
        if part.unit is None or part.unit.code in self._given:
            return ()
        return tuple(factor.code for factor in part.unit.factors if self.of(factor.code) is None)

    def count(self, unit: Unit) -> tuple[Decimal, str]:
        """Return the quantity in base units, and how it is written."""
        if unit.code in self._given:
            whole = self._given[unit.code]
            return whole, f"{_plain(whole)} {unit.code}"
        product, words = Decimal(1), []
        for factor in unit.factors:
            counted = _beyond(factor, self.of(factor.code) or _NOTHING)
            product *= counted
            words.append(f"{_plain(counted)} {self._name(factor.code)}")
        return product, " × ".join(words)

    def _name(self, code: str) -> str:
        other = None if code in self._given else stand_in(code)
        name = _SIGNS.get(code, code)
        return _("%(other)s (for %(unit)s)") % {"other": other, "unit": name} if other else name


class _Reckoning:
    """One duty for one value; keeps its steps."""

    def __init__(self, duty: DutyExpression, value: Decimal, *, measured: Measured) -> None:
        self._duty = duty
        self._value = value
        self._convert = measured.convert
        self._quantities = _Quantities(measured)
        self._steps: list[DutyStep] = []

    def of(self, bounds: Bounds) -> DutyAmount:
        """Return the amount; a duty is never less than nothing."""
        self._check(bounds)
        amount = self._sum(bounds.first)
        for limit, bound in bounds.limits:
            amount = self._limited(amount, self._sum(bound), is_minimum=limit == "MIN")
        if amount < 0:
            amount = self._step(self._duty.text, _("less than nothing is nothing"), _NOTHING)
        return DutyAmount(amount, tuple(self._steps))

    def _check(self, bounds: Bounds) -> None:
        missing = [
            (part.position, code) for part in bounds.parts() for code in self._quantities.missing(part)
        ]
        if missing:
            units = [code for _position, code in missing]
            raise DutyQuantityMissing(units, text=self._duty.text, position=min(missing)[0])

    def _sum(self, one: Sum) -> Decimal:
        amounts = [(sign, self._part(part)) for sign, part in one.parts]
        if len(amounts) == 1:
            return amounts[0][1]
        total = sum((amount if sign == "+" else -amount for sign, amount in amounts), _NOTHING)
        working = "".join(f" {'+' if sign == '+' else '−'} {_plain(amount)}" for sign, amount in amounts)
        written = " ".join(f"{sign} {part.text}" for sign, part in one.parts).removeprefix("+ ")
        return self._step(written, working.removeprefix(" + "), total)

    def _limited(self, amount: Decimal, bound: Decimal, *, is_minimum: bool) -> Decimal:
        # The tariff's MIN states the least that is due, and its MAX the most.
        numbers = {"first": _plain(amount), "second": _plain(bound)}
        if is_minimum:
            return self._step(
                "MIN", _("the larger of %(first)s and %(second)s") % numbers, max(amount, bound)
            )
        return self._step("MAX", _("the smaller of %(first)s and %(second)s") % numbers, min(amount, bound))

    def _part(self, part: Part) -> Decimal:
        return self._percent(part) if isinstance(part, Percent) else self._amount(part)

    def _percent(self, part: Percent) -> Decimal:
        known = [self._quantities.of(code) or _NOTHING for code in part.of]
        base = sum(known, _NOTHING) if part.of else self._value
        return self._step(part.text, f"{_plain(base)} × {part.rate}%", base * part.fraction)

    def _amount(self, part: Amount) -> Decimal:
        due, working = part.amount, _plain(part.amount)
        if part.unit is not None:
            quantity, words = self._quantities.count(part.unit)
            size = part.unit.size
            # Divided last and once: 1/144 and the barrel do not end.
            due = due * quantity / size
            working += f" × {words}" + (f" ÷ {_plain(size)}" if size != 1 else "")
        if not part.currency:
            return self._step(part.text, working, due)
        local = self._convert(due, part.currency)
        working += "" if local == due else f" = {_plain(due)} {part.currency}"
        return self._step(part.text, working, local)

    def _step(self, expression: str, working: str, amount: Decimal) -> Decimal:
        self._steps.append(DutyStep(expression, working, amount))
        return amount


def _beyond(factor: Factor, quantity: Decimal) -> Decimal:
    if factor.over is not None:
        return max(quantity - factor.over, _NOTHING)
    if factor.under is not None:
        return max(factor.under - quantity, _NOTHING)
    return quantity


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
