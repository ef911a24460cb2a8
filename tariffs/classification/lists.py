"""The word lists of the folder `lists/`: short files that grow without a change of code."""

import csv
from collections.abc import Iterator
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent / "lists"


def list_rows(name: str) -> Iterator[tuple[str, ...]]:
    """Return the rows of a CSV file of the folder, without its header."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        yield from map(tuple, reader)


def list_lines(name: str) -> tuple[str, ...]:
    """Return the lines of a text file of the folder."""
    return tuple((_FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n")[:-1])
