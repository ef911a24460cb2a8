"""Which goods a draft touches: the beginnings of commodity codes in the rows that it changes."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tariffs.drafting.differences import WORDS, Difference
from tariffs.drafting.edits import Files
from tariffs.drafting.parameters import PACK
from tariffs.drafting.tables import CONTROLS, RATES

# Everyday names of goods change no amount and no paper.
_NAMES_ONLY = frozenset(["heading"])


@dataclass(frozen=True, slots=True)
class Touch:
    """Goods below a prefix (empty: all) for these countries of import, of these origins (empty: any)."""

    hs_prefix: str
    countries: frozenset[str]
    origins: frozenset[str] = frozenset()


def touches_of(differences: Iterable[Difference], *, files: Files) -> tuple[Touch, ...]:
    """Return the goods that the differences are about; a changed formula is about all goods."""
    head = _head(files)
    countries = frozenset(map(str, head.get("countries", ())))
    groups = {
        str(row.get("name")): frozenset(map(str, row.get("members", ())))
        for row in head.get("group", ())
        if isinstance(row, Mapping)
    }
    found = dict.fromkeys(_touches(differences, countries, groups))
    whole = Touch("", countries)
    return (whole,) if whole in found else tuple(found)


def _touches(
    differences: Iterable[Difference], countries: frozenset[str], groups: Mapping[str, frozenset[str]]
) -> Iterator[Touch]:
    for difference in differences:
        changed = {change.name for change in difference.changes}
        if difference.file == PACK and not changed <= WORDS:
            yield Touch("", countries)
        if difference.file in (RATES, CONTROLS) and difference.values and not changed <= WORDS:
            yield from _of_row(difference.values, countries, groups)


def _of_row(
    values: Mapping[str, str], countries: frozenset[str], groups: Mapping[str, frozenset[str]]
) -> Iterator[Touch]:
    if values.get("type") in _NAMES_ONLY:
        return
    country = values.get("country", "")
    names = [name for name in values.get("origin", "").split("|") if name]
    origins = frozenset(origin for name in names for origin in groups.get(name, (name,)))
    yield Touch(values.get("hs_prefix", ""), frozenset([country]) if country else countries, origins)


def _head(files: Files) -> Mapping[str, Any]:
    try:
        return tomllib.loads(files[PACK])
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
