"""The national lines of the nomenclature's tree, from the loaded schedules."""

from collections.abc import Sequence
from datetime import date

from tariffs.jurisdictions import pack_jurisdiction
from tariffs.models import ScheduleSource, TariffLine
from tariffs.nomenclature import NationalLine
from tariffs.schedules.looking_up import schedule

_SOURCES = {
    "US": ScheduleSource.US_HTS,
    "GB": ScheduleSource.UK_TARIFF,
    "EU": ScheduleSource.EU_TARIC,
}
_SUBHEADING = 6


def source_for(country: str) -> ScheduleSource | None:
    """Return the schedule of a country, that of the Union for a member state; None where none is known."""
    return _SOURCES.get(country) or _SOURCES.get(pack_jurisdiction(country))


def national_lines(hs6: str, *, jurisdiction: str, on: date) -> Sequence[NationalLine]:
    """Return the lines below a subheading, each with the texts between it and the subheading. Two queries."""
    source = source_for(jurisdiction)
    version = schedule(source=source, on=on) if source else None
    if version is None or len(hs6) != _SUBHEADING or not hs6.isdecimal():
        return ()
    rows = TariffLine.objects.filter(schedule=version, code__startswith=hs6).order_by("position")
    texts: dict[int, str] = {}
    found: list[NationalLine] = []
    for row in rows:
        above = texts.get(row.parent_position or 0, "")
        text = f"{above} — {row.description}" if above else row.description
        # The subheading's own text is the tree's: what stands below it does not repeat it.
        texts[row.position] = "" if len(row.code) == _SUBHEADING and not row.is_intermediate else text
        if len(row.code) > _SUBHEADING and not row.is_intermediate:
            found.append(NationalLine(row.code, text, jurisdiction))
    return found
