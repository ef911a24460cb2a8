"""The trade vocabulary: everyday terms in English and Chinese, each with the HS 2022 codes it may mean."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tariffs import nomenclature

FOLDER = Path(__file__).resolve().parent / "vocabulary"
COLUMNS = ("en", "zh", "codes", "question")
# By file: makers and claims ("hydrating", "high waist") say less than words for the goods themselves; what
# customs takes a short word for goes before what other files say.
_KINDS = {"brands": "brand", "claims": "claim", "parcels": "default"}


class VocabularyError(ValueError):
    """A file of the vocabulary cannot be used; names file and line."""


@dataclass(frozen=True, slots=True)
class VocabularyRow:
    """Synonyms of one thing, its codes (most likely first), the question that decides; kind as by file."""

    en: tuple[str, ...]
    zh: tuple[str, ...]
    codes: tuple[str, ...]
    question: str
    question_zh: str
    kind: str


def load_vocabulary(folder: Path = FOLDER) -> tuple[VocabularyRow, ...]:
    """Return the rows of every CSV file of the folder; raises VocabularyError."""
    return tuple(row for file in sorted(folder.glob("*.csv")) for row in _read(file))


def _read(path: Path) -> Iterator[VocabularyRow]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        if tuple(next(reader, ())) != COLUMNS:
            raise VocabularyError(f"{path.name} line 1: the columns are not {','.join(COLUMNS)}.")
        for cells in reader:
            if cells:
                yield _row(cells, place=f"{path.name} line {reader.line_num}", file=path.stem)


def _row(cells: list[str], *, place: str, file: str) -> VocabularyRow:
    if len(cells) != len(COLUMNS):
        raise VocabularyError(f"{place}: {len(cells)} cells instead of {len(COLUMNS)}.")
    en, zh, codes = (_parts(cell) for cell in cells[:3])
    unknown = [code for code in codes if not nomenclature.exists(code)]
    if unknown or not codes:
        raise VocabularyError(f"{place}: HS 2022 has no code {', '.join(unknown) or '(empty)'}.")
    if not (en or zh):
        raise VocabularyError(f"{place}: neither an English nor a Chinese term.")
    question, _, question_zh = cells[3].partition("|")
    kind = _KINDS.get(file, "term")
    return VocabularyRow(en, zh, codes, question.strip(), question_zh.strip(), kind)


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())
