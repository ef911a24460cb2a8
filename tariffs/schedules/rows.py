"""What a published file says, one row at a time, before it is kept."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its line there, and its cells by column name in lower case."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """Return the cell without outer blanks; empty where the file has no such column or says #NA."""
        # A database's text holds no NUL.
        text = self.cells.get(column, "").replace("\x00", "").strip()
        return "" if text == "#NA" else text


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of the nomenclature; `indent` is 0 for a chapter, 1 for a heading, and so on."""

    row: int
    code: str
    indent: int
    description: str
    unit: str = ""
    is_intermediate: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class ReadMeasure:
    """A measure as written; `problem` says why its duty cannot be relied on, whatever the text says."""

    row: int
    code: str
    measure_type: str
    expression: str
    type_code: str = ""
    type_name: str = ""
    origins: str = ""
    excluded_origins: str = ""
    order_number: str = ""
    additional_code: str = ""
    conditions: str = ""
    legal_base: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that was not understood: where, on which code, its text, and why."""

    row: int
    code: str
    text: str
    reason: str
    file: str = ""


Read = ReadLine | ReadMeasure | Unread
Reader = Callable[[Iterable[Row]], Iterator[Read]]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file that an authority publishes, known by its columns."""

    source: str
    name: str
    columns: frozenset[str]
    read: Reader
    is_nomenclature: bool = False


class NotRead(ValueError):
    """A cell that cannot be what its column says; the text is the reason."""
