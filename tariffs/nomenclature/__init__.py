"""The Harmonized System: sections, chapters, headings, subheadings, and the national lines below them."""

from tariffs.nomenclature.editions import EDITION, edition_for
from tariffs.nomenclature.entries import Entry, Section
from tariffs.nomenclature.national import NationalLine, NationalLines, no_national_lines
from tariffs.nomenclature.tree import (
    UnknownCode,
    children,
    exists,
    get,
    parent,
    path,
    search_prefix,
    sections,
    subheadings,
)

__all__ = [
    "EDITION",
    "Entry",
    "NationalLine",
    "NationalLines",
    "Section",
    "UnknownCode",
    "children",
    "edition_for",
    "exists",
    "get",
    "no_national_lines",
    "parent",
    "path",
    "search_prefix",
    "sections",
    "subheadings",
]
