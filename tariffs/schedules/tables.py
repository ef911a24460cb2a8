"""Published files as rows: CSV and JSON, as they are or gzipped, their columns found by the header."""

import csv
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _

from swindow.problems import Problem, Refused
from tariffs.models import ScheduleSource
from tariffs.schedules import eu_taric, uk_tariff, us_hts
from tariffs.schedules.rows import Format, Row

# The most special first: a file of measures also has the columns of a shorter list.
FORMATS: tuple[Format, ...] = (
    us_hts.EXPORT,
    uk_tariff.MEASURES,
    uk_tariff.COMMODITIES,
    uk_tariff.GLOBAL_TARIFF,
    eu_taric.DUTIES,
    eu_taric.NOMENCLATURE,
)
# Titles and notes may stand above the header, but not more than this.
_HEADER_WITHIN = 10
_DELIMITERS = ",;\t|"
_ALIASES = {
    "htsno": "hts number",
    "units": "unit of quantity",
    "general": "general rate of duty",
    "special": "special rate of duty",
    "other": "column 2 rate of duty",
    "quotaquantity": "quota quantity",
    "additionalduties": "additional duties",
    "goods_code": "goods code",
    "hier_pos": "hier. pos.",
    "hier pos": "hier. pos.",
    "hier pos.": "hier. pos.",
    "descr.": "description",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose format is known; `rows` can be gone through once."""

    name: str
    sha256: str
    format: Format
    rows: Iterator[Row]


def open_table(path: Path, *, source: str) -> Table:
    """Return the file's rows; raises Refused where it is not a file of this source."""
    name = path.name
    with _refusing(name):
        sha256 = _sha256(path)
        with _text(path) as text:
            start = list(islice(text, _HEADER_WITHIN))
            is_json = "".join(start).lstrip().startswith(("[", "{"))
            values = _json_values("".join(start) + text.read(), name=name) if is_json else []
    if is_json:
        found = _known_format([_columns(values[0] if values else ())], source=source, name=name)
        return Table(name, sha256, found, _json_rows(values))
    place, delimiter, headers = _header(start, source=source)
    found = _known_format(headers, source=source, name=name)
    return Table(name, sha256, found, _csv_rows(path, place=place, delimiter=delimiter))


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """Turn what can be wrong with a file itself into a sentence; a large file shows it only row by row."""
    try:
        yield
    except UnicodeDecodeError as error:
        message = _("%(name)s is not UTF-8.") % {"name": name}
        raise _refused("encoding", message, _("Save it as “CSV UTF-8”.")) from error
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        message = _("%(name)s cannot be read: %(error)s.") % {"name": name, "error": error}
        raise _refused("file", message, _("Download it again.")) from error


def _bytes(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path, "rb")) if is_gzip else path.open("rb")


def _sha256(path: Path) -> str:
    with _bytes(path) as file:
        start = file.read(2)
        if start == b"PK":
            message = _("%(name)s is a workbook or an archive, which is not read here.") % {"name": path.name}
            raise _refused("workbook", message, _("Save its sheet as “CSV UTF-8” and load that file."))
        found = hashlib.sha256(start)
        while chunk := file.read(1 << 20):
            found.update(chunk)
    return found.hexdigest()


def _text(path: Path) -> io.TextIOWrapper:
    return io.TextIOWrapper(_bytes(path), encoding="utf-8-sig", newline="")


def _column(text: str) -> str:
    name = " ".join(text.replace("\ufeff", "").split()).casefold()
    return _ALIASES.get(name, name)


def _columns(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple(_column(cell) for cell in cells)


def _header(start: Sequence[str], *, source: str) -> tuple[int, str, list[tuple[str, ...]]]:
    """Return the place of the header and its delimiter, and every line that might have been one."""
    seen: list[tuple[str, ...]] = []
    for place, line in enumerate(start):
        for delimiter in _DELIMITERS:
            columns = _columns(next(csv.reader([line], delimiter=delimiter), []))
            if _fitting(columns, source=source):
                return place, delimiter, [columns]
            seen.append(columns)
    return 0, ",", seen


def _fitting(columns: Iterable[str], *, source: str) -> Format | None:
    present = frozenset(columns)
    return next((one for one in FORMATS if one.source == source and one.columns <= present), None)


def _known_format(headers: Sequence[Iterable[str]], *, source: str, name: str) -> Format:
    for columns in headers:
        if found := _fitting(columns, source=source):
            return found
    for columns in headers:
        for other in ScheduleSource.values:
            if _fitting(columns, source=other):
                message = _("%(name)s is a file of %(other)s, not of %(source)s.")
                words = {"name": name, "other": other, "source": source}
                raise _refused("other_source", message % words, _("Load it with --source %s.") % other)
    raise _refused("not_expected", *_nearest(headers, source=source, name=name))


def _nearest(headers: Sequence[Iterable[str]], *, source: str, name: str) -> tuple[str, str]:
    candidates = [
        (_permille_missing(one, columns), one, frozenset(columns))
        for columns in headers or [()]
        for one in FORMATS
        if one.source == source
    ]
    _share, one, columns = min(candidates, key=lambda candidate: candidate[0])
    message = _("%(name)s is not a file of %(source)s as far as its columns tell.")
    fix = _("For “%(format)s” these columns are missing: %(columns)s.")
    words = {"format": one.name, "columns": ", ".join(sorted(one.columns - columns))}
    return message % {"name": name, "source": source}, fix % words


def _permille_missing(one: Format, columns: Iterable[str]) -> int:
    return 1000 * len(one.columns - frozenset(columns)) // len(one.columns)


def _csv_rows(path: Path, *, place: int, delimiter: str) -> Iterator[Row]:
    with _refusing(path.name), _text(path) as text:
        reader = csv.reader(islice(text, place, None), delimiter=delimiter)
        columns = _columns(next(reader, []))
        for cells in reader:
            if any(cells):
                # A short row lacks its last cells, and the reader of the format says what is wrong with it.
                yield Row(place + reader.line_num, dict(zip(columns, cells, strict=False)))


def _json_values(text: str, *, name: str) -> list[dict[str, Any]]:
    try:
        values = json.loads(text, parse_float=str, parse_int=str)
    except (json.JSONDecodeError, RecursionError) as error:
        message = _("%(name)s is not JSON: %(error)s.") % {"name": name, "error": error}
        raise _refused("json", message, _("Download it again.")) from error
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise _refused("json", _("%(name)s is not a list of lines.") % {"name": name})
    return values


def _json_rows(values: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    return (Row(number, _json_cells(value)) for number, value in enumerate(values, start=1))


def _json_cells(value: Mapping[str, Any]) -> dict[str, str]:
    return {_column(name): _json_cell(cell) for name, cell in value.items()}


def _json_cell(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, list):
        return ", ".join(str(one) for one in cell)
    # JSON can write halves of characters, which are no text.
    return str(cell).encode("utf-8", "replace").decode("utf-8")


def _refused(code: str, message: str, fix: str = "") -> Refused:
    return Refused([Problem("file", code, message, fix)])
