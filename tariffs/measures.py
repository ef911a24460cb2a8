"""What a regulation pack levies on a code: its rows on a day, those of longer codes, and every row ever."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from tariffs.editions import ADDITIONAL_TYPES
from tariffs.pack_parsing import THIRD_COUNTRY, RateRow
from tariffs.packs import TAX_TYPES, Pack, Rows

DUTY = "customs_duty"
LEVIES = (DUTY, *sorted(ADDITIONAL_TYPES), *sorted(TAX_TYPES))
_MOST_WORDS = 3
# Before it no pack has a row with a first day; a row without one is as old as its pack.
_EARLIEST = date(2010, 1, 1)
_AHEAD = timedelta(days=731)


def measures_on(pack: Pack, code: str, *, country: str, on: date, origin: str = "") -> tuple[RateRow, ...]:
    """Return the levies and marks of a code in force on the day; with an origin, those for its goods."""
    return _in_order(_rate_rows(pack.rows_for(code, country=country, on=on)), origin=origin)


def measures_below(pack: Pack, code: str, *, country: str, on: date, origin: str = "") -> tuple[RateRow, ...]:
    """Return the levies of the longer codes that begin with this one, by code."""
    found = pack.rows_below(code, kinds=LEVIES, country=country, on=on)
    return tuple(sorted(_for_origin(found, origin=origin), key=lambda row: (row.hs_prefix, _place(row))))


def duty_in_words(pack: Pack, code: str, *, country: str, on: date) -> str:
    """Return the third country duties of a code and of those below it: "8% / 12%", or "free – 37.5%"."""
    rows = (
        *pack.rows_for(code, country=country, on=on).get(DUTY, ()),
        *pack.rows_below(code, kinds=(DUTY,), country=country, on=on),
    )
    duties = {row.duty.text: row.duty for row in rows if row.measure == THIRD_COUNTRY and row.duty}
    words, percents = list(duties), {duty.percent: text for text, duty in duties.items()}
    numbers = [percent for percent in percents if percent is not None]
    if len(words) > _MOST_WORDS and len(numbers) == len(percents):
        return f"{percents[min(numbers)]} – {percents[max(numbers)]}"
    return " / ".join(words[:_MOST_WORDS]) + (" …" if len(words) > _MOST_WORDS else "")


def history_of(pack: Pack, code: str, *, country: str, on: date, origin: str = "") -> tuple[RateRow, ...]:
    """Return every levy that the code has had or will have within two years of the day, by levy and day."""
    first, last = pack.validity.valid_from or _EARLIEST, on + _AHEAD
    spans = [(min(first, on), last)]
    found: dict[int, RateRow] = {}
    ask = _asker(pack, code, country=country)
    while spans:
        start, end = spans.pop()
        before, after = ask(start), ask(end)
        found |= {id(row): row for row in (*_rate_rows(before), *_rate_rows(after))}
        # A pack answers with one and the same object while nothing changes.
        if before is not after and (end - start).days > 1:
            middle = start + (end - start) // 2
            spans += [(start, middle), (middle, end)]
    rows = _for_origin((row for row in found.values() if row.duty), origin=origin)
    return tuple(
        sorted(rows, key=lambda row: (_place(row), row.series[1:4], row.validity.valid_from or date.min))
    )


def _asker(pack: Pack, code: str, *, country: str) -> Callable[[date], Rows]:
    return lambda day: pack.rows_for(code, country=country, on=day)


def _rate_rows(rows: Rows) -> list[RateRow]:
    return [row for those in rows.values() for row in those if isinstance(row, RateRow) and not _is_name(row)]


def _is_name(row: RateRow) -> bool:
    return row.type == "heading"


def _in_order(rows: Iterable[RateRow], *, origin: str) -> tuple[RateRow, ...]:
    return tuple(sorted(_for_origin(rows, origin=origin), key=_place))


def _for_origin(rows: Iterable[RateRow], *, origin: str) -> list[RateRow]:
    return [row for row in rows if not origin or not row.origins or origin in row.origins]


def _place(row: RateRow) -> tuple[int, bool, Sequence[str]]:
    levy = LEVIES.index(row.type) if row.type in LEVIES else len(LEVIES)
    return (levy, row.measure != THIRD_COUNTRY, sorted(row.origins))
