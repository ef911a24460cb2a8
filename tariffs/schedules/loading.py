"""Loading a schedule: every row of the authority's files, by COPY, as one new version."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from swindow.copying import copy_rows, id_sequence, next_ids
from swindow.problems import Problem, Refused
from tariffs.duties.parsing import DutyError, parse_duty
from tariffs.models import ScheduleSource, TariffSchedule
from tariffs.schedules.arranging import arrange, in_force, once
from tariffs.schedules.differing import Difference, difference
from tariffs.schedules.measure_types import OWES_A_DUTY
from tariffs.schedules.rows import ReadLine, ReadMeasure, Unread
from tariffs.schedules.tables import Table, open_table

# One loader at a time: any constant that nothing else in the portal locks.
_LOADING = 7_305_147
# Rows of one COPY: a file of a million measures never stands in memory as a whole.
_CHUNK = 20_000
_LINE_COLUMNS = (
    "schedule_id",
    "position",
    "parent_position",
    "indent",
    "code",
    "is_intermediate",
    "description",
    "unit",
)
_MEASURE_COLUMNS = (
    "schedule_id",
    "code",
    "measure_type",
    "type_code",
    "type_name",
    "origins",
    "excluded_origins",
    "order_number",
    "additional_code",
    "expression",
    "is_understood",
    "conditions",
    "legal_base",
    "valid_from",
    "valid_to",
)
# The widths of the columns; a name may be cut, a code never.
_WIDTHS = (("type_code", 20), ("order_number", 10), ("additional_code", 10), ("legal_base", 120))
_NAME_WIDTH = 250
_UNIT_WIDTH = 60


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of the files: `is_new` where a version was made; counts of rows, each row not read."""

    source: str
    version: str
    valid_from: date
    is_new: bool
    line_count: int = 0
    measure_count: int = 0
    understood_count: int = 0
    unread: tuple[Unread, ...] = ()
    supersedes: str = ""
    difference: Difference = field(default_factory=Difference)


def load_schedule(
    paths: Sequence[Path],
    *,
    source: str,
    valid_from: date,
    at: datetime,
    label: str = "",
    is_trial: bool = False,
) -> LoadReport:
    """Make one version of the files together; a trial reports the same and keeps nothing.

    Files that are the open version already are left alone. Raises Refused where a file is not one of the
    source, holds nothing that can be read, or is older than the open version.
    """
    tables = [open_table(path, source=source) for path in paths]
    sha256 = _sha256_of(tables)
    version = label or f"{paths[0].name.split('.')[0][:50]} {valid_from} {sha256[:8]}"
    with transaction.atomic():
        opened = _opened(source)
        if opened is not None and opened.sha256 == sha256:
            return _unchanged(opened)
        _refuse_wrong_order(opened, version=version, source=source, valid_from=valid_from)
        loading = _Loading(tables, source=source, on=valid_from)
        loading.write()
        loading.refuse_nothing(opened)
        _supersede(opened, by=loading, version=version, sha256=sha256, at=at)
        report = _report(loading, version=version, opened=opened)
        transaction.set_rollback(is_trial)
    return report


def _opened(source: str) -> TariffSchedule | None:
    """Return the version that the next one closes, with nobody else loading beside us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOADING])
    return TariffSchedule.objects.filter(source=source, valid_to__isnull=True).first()


def _sha256_of(tables: Sequence[Table]) -> str:
    if len(tables) == 1:
        return tables[0].sha256
    return hashlib.sha256(" ".join(table.sha256 for table in tables).encode()).hexdigest()


def _unchanged(opened: TariffSchedule) -> LoadReport:
    return LoadReport(
        source=opened.source,
        version=opened.version,
        valid_from=opened.valid_from,
        is_new=False,
        line_count=opened.line_count,
        measure_count=opened.measure_count,
    )


def _report(loading: "_Loading", *, version: str, opened: TariffSchedule | None) -> LoadReport:
    return LoadReport(
        source=loading.source,
        version=version,
        valid_from=loading.on,
        is_new=True,
        line_count=loading.line_count,
        measure_count=loading.measure_count,
        understood_count=loading.understood_count,
        unread=tuple(loading.unread),
        supersedes=opened.version if opened else "",
        difference=difference(opened.pk, loading.number) if opened else Difference(),
    )


def _refuse_wrong_order(
    opened: TariffSchedule | None, *, version: str, source: str, valid_from: date
) -> None:
    if TariffSchedule.objects.filter(source=source, version=version).exists():
        message = _("The version “%s” is already loaded with another content.") % version
        raise Refused([Problem("label", "version_used", message, _("Give another --label."))])
    if opened is not None and valid_from < opened.valid_from:
        message = _("The version in force, “%(version)s”, begins on %(day)s, after %(asked)s.")
        words = {"version": opened.version, "day": opened.valid_from, "asked": valid_from}
        fix = _("Load versions in the order of their days: what was published is never edited.")
        raise Refused([Problem("valid_from", "older", message % words, fix)])


class _Loading:
    """The rows of one version on their way in; the schedule's own row comes after them."""

    def __init__(self, tables: Sequence[Table], *, source: str, on: date) -> None:
        self.number = next_ids(id_sequence("tariffs_tariffschedule"), 1)[0]
        self.source = source
        self.on = on
        self.line_count = self.measure_count = self.understood_count = 0
        self.unread: list[Unread] = []
        self._tables = tables
        self._reasons: dict[tuple[str, bool], str] = {}
        self._currency = ScheduleSource(source).currency
        self._lines: list[ReadLine] = []

    def write(self) -> None:
        """Copy all measures as they are read, then all lines."""
        measures = self._measures()
        while chunk := list(islice(measures, _CHUNK)):
            copy_rows("tariffs_tariffmeasure", _MEASURE_COLUMNS, chunk)
        lines, twice = once(in_force(self._lines, on=self.on))
        self.unread.extend(twice)
        self.line_count = len(lines)
        copy_rows("tariffs_tariffline", _LINE_COLUMNS, self._line_rows(lines))

    def refuse_nothing(self, opened: TariffSchedule | None) -> None:
        """Refuse files without anything, and texts alone where the open version has rates as well."""
        if not (self.line_count or self.measure_count):
            message = _("Nothing in these files could be read.")
            raise Refused([Problem("file", "nothing_read", message, _("Check that they are whole."))])
        if opened is not None and opened.measure_count and not self.measure_count:
            message = _("These files hold texts and no rates, and would take away every rate in force.")
            raise Refused(
                [Problem("file", "no_rates", message, _("Load the file of rates together with them."))]
            )

    def _measures(self) -> Iterator[tuple[Any, ...]]:
        has_nomenclature = any(table.format.is_nomenclature for table in self._tables)
        for table in self._tables:
            derived: list[ReadLine] = []
            for read in table.format.read(table.rows):
                if isinstance(read, ReadMeasure):
                    yield from self._measure(read, file=table.name)
                elif isinstance(read, Unread):
                    self.unread.append(replace(read, file=table.name))
                elif table.format.is_nomenclature:
                    self._lines.append(replace(read, file=table.name))
                elif not has_nomenclature:
                    derived.append(replace(read, file=table.name))
            self._lines.extend(sorted(derived, key=lambda line: line.code))

    def _measure(self, read: ReadMeasure, *, file: str) -> Iterator[tuple[Any, ...]]:
        fault = _fault(read)
        reason = fault or read.problem or self._not_understood(read)
        if reason:
            self.unread.append(Unread(read.row, read.code, read.expression, reason, file=file))
        if fault:
            return
        self.measure_count += 1
        self.understood_count += not reason
        yield (
            self.number,
            read.code,
            read.measure_type,
            read.type_code,
            read.type_name[:_NAME_WIDTH],
            read.origins,
            read.excluded_origins,
            read.order_number,
            read.additional_code,
            read.expression,
            not reason,
            read.conditions,
            read.legal_base,
            read.valid_from,
            read.valid_to,
        )

    def _not_understood(self, read: ReadMeasure) -> str:
        # A schedule writes a few hundred texts of duty tens of thousands of times.
        key = (read.expression, read.measure_type in OWES_A_DUTY)
        if key not in self._reasons:
            self._reasons[key] = _why_not(read.expression, currency=self._currency, owes=key[1])
        return self._reasons[key]

    def _line_rows(self, lines: Iterable[ReadLine]) -> Iterator[tuple[Any, ...]]:
        for placed in arrange(lines):
            line = placed.line
            yield (
                self.number,
                placed.position,
                placed.parent,
                line.indent,
                line.code,
                line.is_intermediate,
                line.description,
                line.unit[:_UNIT_WIDTH],
            )


def _fault(read: ReadMeasure) -> str:
    """Say why a measure cannot be kept at all."""
    if read.valid_from and read.valid_to and read.valid_to <= read.valid_from:
        return _("The measure ends before it begins.")
    for name, width in _WIDTHS:
        if len(getattr(read, name)) > width:
            return _("“%(text)s” has more than %(width)s characters.") % {
                "text": getattr(read, name),
                "width": width,
            }
    return ""


def _why_not(expression: str, *, currency: str, owes: bool) -> str:
    """Say why the text is no duty that can be computed; empty where it is, or where none need be written."""
    if not expression:
        return _("No duty is written.") if owes else ""
    try:
        parse_duty(expression, currency=currency)
    except DutyError as error:
        return str(error)
    return ""


def _supersede(
    opened: TariffSchedule | None, *, by: _Loading, version: str, sha256: str, at: datetime
) -> None:
    # Two versions are never open at once, so the older closes first.
    if opened is not None:
        TariffSchedule.objects.filter(pk=opened.pk).update(valid_to=by.on)
    TariffSchedule.objects.create(
        id=by.number,
        source=by.source,
        version=version,
        valid_from=by.on,
        sha256=sha256,
        loaded_at=at,
        line_count=by.line_count,
        measure_count=by.measure_count,
        unread_count=len(by.unread),
    )
