"""What the loaded schedules say of a code: its line, the lines below, its measures, their history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection
from django.db.models import F, Q

from tariffs.models import TariffLine, TariffMeasure, TariffSchedule
from tariffs.schedules.cells import trimmed
from tariffs.schedules.origins import Applies, applies_to

# OFFSET 0 keeps each step to one look in the index: a version loaded a moment ago has no statistics yet, and
# the planner then goes through all its lines for every line (measured: 1.2 s against 19 ms for the first
# level of the United States).
_ABOVE = """
    WITH RECURSIVE above AS (
        SELECT parent_position, description, 0 AS steps FROM tariffs_tariffline
         WHERE schedule_id = %(schedule)s AND position = %(position)s
        UNION ALL
        SELECT line.parent_position, line.description, above.steps + 1
          FROM above CROSS JOIN LATERAL (
               SELECT * FROM tariffs_tariffline AS found
                WHERE found.schedule_id = %(schedule)s AND found.position = above.parent_position OFFSET 0
               ) AS line
    )
    SELECT description FROM above WHERE steps > 0 ORDER BY steps DESC
"""
# A text between lines is passed through: what stands below it belongs to the same code. Where it starts is
# one of two conditions, because an index serves each and none serves both.
_BELOW = """
    WITH RECURSIVE below AS (
        SELECT * FROM tariffs_tariffline
         WHERE schedule_id = %(schedule)s AND {start}
        UNION ALL
        SELECT line.* FROM below CROSS JOIN LATERAL (
               SELECT * FROM tariffs_tariffline AS found
                WHERE found.schedule_id = %(schedule)s AND found.parent_position = below.position OFFSET 0
               ) AS line
         WHERE below.is_intermediate
    )
    SELECT * FROM below ORDER BY position
"""
_BELOW_CODE = _BELOW.format(start="parent_position = %(position)s")
_BELOW_NOTHING = _BELOW.format(start="parent_position IS NULL AND code LIKE %(prefix)s")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a schedule; `path` holds the texts above it, the outermost first."""

    code: str
    description: str
    unit: str
    indent: int
    is_intermediate: bool
    version: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure on a code; `code` is shorter than the code asked for where the measure is inherited.

    `applies` is "perhaps" for a group of origins whose members the schedule does not tell. `valid_to` is
    exclusive.
    """

    code: str
    measure_type: str
    type_code: str
    type_name: str
    origins: tuple[str, ...]
    excluded_origins: tuple[str, ...]
    order_number: str
    additional_code: str
    expression: str
    is_understood: bool
    conditions: str
    legal_base: str
    valid_from: date
    valid_to: date | None
    version: str
    applies: Applies = "yes"

    @property
    def kind(self) -> tuple[str, ...]:
        """Return what makes two measures the same one at two times, or on two codes."""
        return (
            self.measure_type,
            self.type_code,
            " ".join(self.origins),
            " ".join(self.excluded_origins),
            self.order_number,
            self.additional_code,
        )


def schedule(*, source: str, on: date) -> TariffSchedule | None:
    """Return the version of the source that is in force on the day; None where none is loaded. One query."""
    return TariffSchedule.objects.in_force(on, source=source).first()


def line(code: str, *, source: str, on: date) -> Line | None:
    """Return the code's line with the texts above it; None where there is no such code. Three queries."""
    version = schedule(source=source, on=on)
    row = _row(code, version=version)
    if version is None or row is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"schedule": version.pk, "position": row.position})
        path = tuple(description for (description,) in cursor.fetchall())
    return replace(_line(row, version=version), path=path)


def children(code: str, *, source: str, on: date) -> tuple[Line, ...]:
    """Return the lines one level below a code, with the texts between them in their order. Three queries.

    Without a code they are the first lines of the schedule; a schedule may lack the line of a chapter, whose
    headings then answer.
    """
    version = schedule(source=source, on=on)
    if version is None or not (code.isdecimal() or not code):
        return ()
    row = _row(code, version=version)
    values = {"schedule": version.pk, "position": row and row.position, "prefix": f"{code}%"}
    rows = TariffLine.objects.raw(_BELOW_CODE if row else _BELOW_NOTHING, values)
    return tuple(_line(found, version=version) for found in rows)


def under(prefix: str, *, source: str, on: date, limit: int = 500) -> tuple[Line, ...]:
    """Return the coded lines whose code begins with the prefix, at most `limit`. Two queries."""
    version = schedule(source=source, on=on)
    if version is None or not prefix.isdecimal():
        return ()
    rows = TariffLine.objects.filter(schedule=version, code__startswith=prefix, is_intermediate=False)
    return tuple(_line(row, version=version) for row in rows.order_by("code", "position")[:limit])


def measures(code: str, *, source: str, on: date, origin: str | None = None) -> tuple[Measure, ...]:
    """Return the measures on a code and those it inherits, in force on the day. Two queries.

    A measure on a longer code stands instead of the same one on a shorter code. With an origin (ISO country)
    only those that are, or perhaps are, for it.
    """
    version = schedule(source=source, on=on)
    if version is None:
        return ()
    rows = TariffMeasure.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on),
        Q(valid_to__isnull=True) | Q(valid_to__gt=on),
        schedule=version,
        code__in=_prefixes(code),
    )
    found = [_measure(row, version=version, origin=origin) for row in rows.order_by("code", "id")]
    return tuple(one for one in _nearest(found) if one.applies != "no")


def history(code: str, *, source: str, origin: str | None = None) -> tuple[Measure, ...]:
    """Return the periods of every measure of a code through all versions, oldest first. One query.

    A measure that a newer version repeats is one period; `version` names the last that has it.
    """
    rows = TariffMeasure.objects.filter(
        Q(schedule__valid_to__isnull=True) | Q(schedule__valid_to__gt=F("schedule__valid_from")),
        schedule__source=source,
        code__in=_prefixes(code),
    )
    rows = rows.select_related("schedule").order_by("schedule__valid_from", "schedule_id", "code", "id")
    by_version: dict[int, list[Measure]] = {}
    for row in rows:
        if (one := _period(row, origin=origin)) is not None:
            by_version.setdefault(row.schedule_id, []).append(one)
    return _joined(_nearest(found) for found in by_version.values())


def _prefixes(code: str) -> list[str]:
    return [code[:length] for length in range(2, len(code) + 1)]


def _row(code: str, *, version: TariffSchedule | None) -> TariffLine | None:
    """Return the coded line of a code, which may be written with zeros that only fill it up."""
    if version is None or not code:
        return None
    shorter = [code[:length] for length in range(len(trimmed(code)), len(code) + 1, 2)]
    rows = TariffLine.objects.filter(schedule=version, code__in=shorter, is_intermediate=False)
    return max(rows, key=lambda row: len(row.code), default=None)


def _line(row: TariffLine, *, version: TariffSchedule) -> Line:
    return Line(
        code=row.code,
        description=row.description,
        unit=row.unit,
        indent=row.indent,
        is_intermediate=row.is_intermediate,
        version=version.version,
    )


def _measure(row: TariffMeasure, *, version: TariffSchedule, origin: str | None) -> Measure:
    origins, excluded = tuple(row.origins.split()), tuple(row.excluded_origins.split())
    return Measure(
        code=row.code,
        measure_type=row.measure_type,
        type_code=row.type_code,
        type_name=row.type_name,
        origins=origins,
        excluded_origins=excluded,
        order_number=row.order_number,
        additional_code=row.additional_code,
        expression=row.expression,
        is_understood=row.is_understood,
        conditions=row.conditions,
        legal_base=row.legal_base,
        valid_from=row.valid_from or version.valid_from,
        valid_to=row.valid_to,
        version=version.version,
        applies="yes" if origin is None else applies_to(origin, origins=origins, excluded=excluded),
    )


def _period(row: TariffMeasure, *, origin: str | None) -> Measure | None:
    """Return the part of the measure's time for which its version held; None where there is none."""
    version = row.schedule
    one = _measure(row, version=version, origin=origin)
    start = max(one.valid_from, version.valid_from)
    ends = [end for end in (one.valid_to, version.valid_to) if end is not None]
    end = min(ends, default=None)
    if one.applies == "no" or (end is not None and end <= start):
        return None
    return replace(one, valid_from=start, valid_to=end)


def _nearest(found: Sequence[Measure]) -> list[Measure]:
    longest: dict[tuple[str, ...], int] = {}
    for one in found:
        longest[one.kind] = max(len(one.code), longest.get(one.kind, 0))
    # An authority may write one measure twice, on a code of eight digits and on the same filled up to ten.
    return list(dict.fromkeys(one for one in found if len(one.code) == longest[one.kind]))


def _joined(versions: Iterable[Sequence[Measure]]) -> tuple[Measure, ...]:
    periods: list[Measure] = []
    # The period that the next version may continue, by what it says.
    open_ones: dict[tuple[object, ...], int] = {}
    for found in versions:
        for one in found:
            says = (one.kind, one.expression, one.conditions)
            place = open_ones.get(says)
            if place is not None and periods[place].valid_to == one.valid_from:
                periods[place] = replace(periods[place], valid_to=one.valid_to, version=one.version)
            else:
                open_ones[says] = len(periods)
                periods.append(one)
    return tuple(sorted(periods, key=lambda one: (one.valid_from, one.kind)))
