"""Tables of a pack as text: a row is found, closed, added or taken out, every other line stays as it is."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

RATES = "rates.csv"
CONTROLS = "controls.csv"
_CACHED_TABLES = 8


class TableError(ValueError):
    """The text is no table; `line` counts from 1."""

    def __init__(self, message: str, *, line: int) -> None:
        self.line = line
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its first and last line in the file (from 1), how many cells it has, and its values."""

    line: int
    last_line: int
    width: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table with its column names."""

    columns: tuple[str, ...]
    records: tuple[Record, ...]

    def at(self, line: int) -> Record | None:
        """Return the row that begins on the line."""
        return next((record for record in self.records if record.line == line), None)


@lru_cache(maxsize=_CACHED_TABLES)
def read_table(text: str) -> Table:
    """Return the table; raises TableError where the text cannot be cut into cells."""
    reader = csv.reader(io.StringIO(text))
    rows: list[tuple[int, int, list[str]]] = []
    before = 0
    try:
        for cells in reader:
            rows.append((before + 1, reader.line_num, cells))
            before = reader.line_num
    except csv.Error as error:
        raise TableError(str(error), line=reader.line_num) from error
    columns = tuple(rows[0][2]) if rows else ()
    return Table(columns, tuple(_record(columns, *row) for row in rows[1:] if row[2]))


def written(columns: Sequence[str], values: Mapping[str, str]) -> str:
    """Return one row as a line of the file, without its end."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([values.get(column, "") for column in columns])
    return line.getvalue()


def with_rows(text: str, record: Record, *, rows: Sequence[str]) -> str:
    """Return the text with these lines in the place of one row; none of them takes it out."""
    lines = text.split("\n")
    lines[record.line - 1 : record.last_line] = rows
    return "\n".join(lines)


def with_row_at_end(text: str, *, row: str) -> str:
    """Return the text with one more line."""
    return f"{text.rstrip()}\n{row}\n"


def _record(columns: Sequence[str], line: int, last_line: int, cells: Sequence[str]) -> Record:
    values = dict.fromkeys(columns, "") | dict(zip(columns, cells, strict=False))
    return Record(line, last_line, len(cells), values)
