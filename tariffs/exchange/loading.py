"""Loads an official table of exchange rates whole; for its days it replaces what was loaded before."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from swindow.problems import Problem, Refused
from tariffs.exchange.published import forget
from tariffs.exchange.reading import read_table
from tariffs.exchange.tables import OfficialRate
from tariffs.models.exchange import ExchangeRateRow, ExchangeRateTable
from tariffs.packs import current_packs

# One loader at a time: any constant that nothing else in the portal locks.
_LOADING = 7_305_147


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """What became of a file: `superseding_count` of its rates replace others."""

    jurisdiction: str
    row_count: int
    superseding_count: int
    valid_from: date
    valid_to: date
    is_new: bool


def load_table(content: bytes, *, jurisdiction: str, at: datetime) -> LoadedTable:
    """Load the CSV file for a country or union; the same file again changes nothing.

    Raises Refused with every mistake of the file, or where no pack knows the jurisdiction.
    """
    _refuse_unknown(jurisdiction)
    rates = read_table(content)
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOADING])
        known = ExchangeRateTable.objects.filter(jurisdiction=jurisdiction, sha256=sha256)
        is_new = not known.exists()
        if is_new:
            _write(rates, jurisdiction=jurisdiction, sha256=sha256, at=at)
        written = ExchangeRateRow.objects.filter(table__in=known)
        superseding_count = written.superseding().count()
    forget()
    return LoadedTable(
        jurisdiction=jurisdiction,
        row_count=len(rates),
        superseding_count=superseding_count,
        valid_from=min(rate.valid_from for rate in rates),
        valid_to=max(rate.valid_to for rate in rates),
        is_new=is_new,
    )


def _refuse_unknown(jurisdiction: str) -> None:
    known = {name for pack in current_packs() for name in (pack.jurisdiction, *pack.countries)}
    if jurisdiction not in known:
        message = _("There are no import rules for %(name)r.") % {"name": jurisdiction}
        fix = _("Choose one of %(known)s.") % {"known": ", ".join(sorted(known))}
        raise Refused([Problem("jurisdiction", "no_rules", message, fix)])


def _write(rates: tuple[OfficialRate, ...], *, jurisdiction: str, sha256: str, at: datetime) -> None:
    # Rows first: a row that names a table already there is refused, so that no table ever grows.
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('tariffs_exchangeratetable', 'id'))")
        number = cursor.fetchone()[0]
    rows = [
        ExchangeRateRow(
            table_id=number,
            from_currency=rate.from_currency,
            to_currency=rate.to_currency,
            rate=rate.rate,
            valid_from=rate.valid_from,
            valid_to=rate.valid_to,
            source=rate.source,
        )
        for rate in rates
    ]
    ExchangeRateRow.objects.bulk_create(rows, batch_size=1_000)
    ExchangeRateTable.objects.create(
        id=number, jurisdiction=jurisdiction, sha256=sha256, row_count=len(rates), loaded_at=at
    )
