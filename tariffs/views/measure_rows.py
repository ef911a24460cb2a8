"""Measures of packs and of official schedules as one kind of row, in words for a reader."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django_countries import countries

from tariffs.duties.errors import DutyError
from tariffs.duties.parsing import parse_duty
from tariffs.law_names import row_name
from tariffs.models import MeasureType, ScheduleSource
from tariffs.pack_parsing import THIRD_COUNTRY, RateRow
from tariffs.papers import paper_names
from tariffs.schedules.looking_up import Measure

Standing = Literal["confirmed", "unconfirmed", "official", "unread"]
_MOST_COUNTRIES = 6
_NO_SOURCE = "not confirmed in a source"
_KINDS: Mapping[str, Promise] = {
    "preference": gettext_lazy("preference"),
    "quota": gettext_lazy("tariff quota"),
    "suspension": gettext_lazy("suspension"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from; `text` in the source's own language."""

    text: str
    on: str = ""

    @property
    def url(self) -> str:
        """Return the address when the source is one."""
        return self.text if self.text.startswith(("https://", "http://")) else ""

    @property
    def label(self) -> str:
        """Return what is printed for it: of an address the host."""
        return self.url.split("/")[2].removeprefix("www.") if self.url else self.text


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure; `code` is the code that it stands on, empty for all goods; `ends` is its last day."""

    name: str
    own_name: str
    duty: str
    code: str
    origins: str
    conditions: Sequence[str]
    own_conditions: Sequence[str]
    starts: date | None
    ends: date | None
    rule: str
    source: Source | None
    standing: Standing


def pack_rows(rows: Iterable[RateRow]) -> list[MeasureRow]:
    """Return rows of a pack in words."""
    return [_pack_row(row) for row in rows]


def schedule_rows(measures: Iterable[Measure], *, source: ScheduleSource) -> list[MeasureRow]:
    """Return measures of an official schedule in words; a text that is not understood says so."""
    return [_schedule_row(measure, source=source) for measure in measures]


def _pack_row(row: RateRow) -> MeasureRow:
    return MeasureRow(
        name=_pack_name(row),
        own_name="",
        duty=row.duty.text if row.duty else "",
        code=row.hs_prefix,
        origins=countries_in_words(row.origins),
        conditions=_pack_conditions(row),
        own_conditions=(),
        starts=row.validity.valid_from,
        ends=_last_day(row.validity.valid_to),
        rule=row.rule,
        source=None if row.source == _NO_SOURCE else Source(row.source, row.source_date),
        standing="confirmed" if row.validity.verified else "unconfirmed",
    )


def _pack_name(row: RateRow) -> str:
    name = row_name(row.type)
    if row.measure == THIRD_COUNTRY:
        return name
    kind = _KINDS.get(row.measure, row.measure.replace("_", " "))
    return _("%(tax)s, %(kind)s") % {"tax": name, "kind": kind}


def _pack_conditions(row: RateRow) -> tuple[str, ...]:
    found = []
    if row.preference:
        found.append(_("Claimed as preference %(code)s.") % {"code": row.preference})
    if row.proof:
        found.append(_("Needs as proof: %(papers)s.") % {"papers": paper_names(row.proof)})
    if row.quota:
        found.append(_("Within quota %(number)s.") % {"number": row.quota})
    if row.additional_code:
        found.append(_("Additional code %(code)s.") % {"code": row.additional_code})
    if row.gate:
        found.append(_("Only under the conditions of the rule."))
    return tuple(found)


def _schedule_row(measure: Measure, *, source: ScheduleSource) -> MeasureRow:
    return MeasureRow(
        name=capfirst(str(MeasureType(measure.measure_type).label)),
        own_name=measure.type_name,
        duty=measure.expression,
        code=measure.code,
        origins=countries_in_words(measure.origins),
        conditions=_schedule_conditions(measure, source=source),
        own_conditions=(measure.conditions,) if measure.conditions else (),
        starts=measure.valid_from,
        ends=_last_day(measure.valid_to),
        rule="",
        source=Source(measure.legal_base) if measure.legal_base else None,
        standing="official" if measure.is_understood else "unread",
    )


def _schedule_conditions(measure: Measure, *, source: ScheduleSource) -> tuple[str, ...]:
    found = []
    if measure.applies == "perhaps":
        found.append(_("For a group of origins: look whether yours belongs to it."))
    if measure.excluded_origins:
        found.append(_("Not for %(origins)s.") % {"origins": countries_in_words(measure.excluded_origins)})
    if measure.order_number:
        found.append(_("Within quota %(number)s.") % {"number": measure.order_number})
    if measure.additional_code:
        found.append(_("Additional code %(code)s.") % {"code": measure.additional_code})
    if measure.is_understood and (units := _units_of(measure.expression, source=source)):
        found.append(_("State the quantity in %(units)s.") % {"units": ", ".join(units)})
    return tuple(found)


def _units_of(expression: str, *, source: ScheduleSource) -> list[str]:
    try:
        return sorted(parse_duty(expression, currency=source.currency).units)
    except DutyError:
        return []


def countries_in_words(codes: Iterable[str]) -> str:
    """Return the names of countries and groups in the reader's language, the first few and how many more."""
    names = sorted(str(countries.name(code)) or code for code in codes)
    shown = pgettext("between names", ", ").join(names[:_MOST_COUNTRIES])
    hidden = len(names) - _MOST_COUNTRIES
    if hidden > 0:
        return _("%(countries)s and %(count)d more") % {"countries": shown, "count": hidden}
    return shown


def _last_day(valid_to: date | None) -> date | None:
    return valid_to - timedelta(days=1) if valid_to else None
