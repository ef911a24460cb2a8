"""The shelf of a running portal: official rates as loaded, looked at again every few seconds."""

import time
from collections.abc import Sequence

from tariffs.exchange.tables import OfficialRate
from tariffs.models.exchange import ExchangeRateRow, ExchangeRateTable

# A newly loaded table is used by every process this many seconds later at the latest.
LOOK_AGAIN_SECONDS = 5.0


class _Looked:
    """What this process saw last: each jurisdiction's newest table, and the rates read with it."""

    at: float = float("-inf")
    newest: dict[str, int] = {}
    rates: dict[str, tuple[int, tuple[OfficialRate, ...]]] = {}


def published_tables(jurisdiction: str) -> Sequence[OfficialRate]:
    """Return the jurisdiction's official rates, last loaded first; one query each few seconds."""
    now = time.monotonic()
    if now - _Looked.at >= LOOK_AGAIN_SECONDS:
        _Looked.newest = ExchangeRateTable.objects.newest()
        _Looked.at = now
    newest = _Looked.newest.get(jurisdiction)
    if newest is None:
        return ()
    read = _Looked.rates.get(jurisdiction)
    if read is None or read[0] != newest:
        read = _Looked.rates[jurisdiction] = (newest, _read(jurisdiction))
    return read[1]


def forget() -> None:
    """Look at the rows again on the next call, for example after loading."""
    _Looked.at = float("-inf")


def _read(jurisdiction: str) -> tuple[OfficialRate, ...]:
    rows = ExchangeRateRow.objects.of_jurisdiction(jurisdiction)
    columns = ("from_currency", "to_currency", "rate", "valid_from", "valid_to", "source")
    return tuple([OfficialRate(*row) for row in rows.values_list(*columns).iterator()])
