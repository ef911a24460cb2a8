"""What differs between a draft and the pack that it is based on: row by row, entry by entry."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from tariffs.drafting.edits import GOLDEN, Files
from tariffs.drafting.golden import GoldenError, read_cases
from tariffs.drafting.parameters import PACK
from tariffs.drafting.tables import CONTROLS, RATES, Record, TableError, read_table

# closed: an end was given. rewritten and removed change what was law before.
Kind = Literal["added", "closed", "rewritten", "removed"]
_IDENTITY: Mapping[str, tuple[str, ...]] = {
    RATES: (
        *("type", "hs_prefix", "country", "origin", "measure", "preference", "quota"),
        *("additional_code", "gate", "valid_from"),
    ),
    CONTROLS: ("hs_prefix", "agency", "level", "document_types", "valid_from"),
}
_NAMES = ("id", "name", "code", "scheme", "type", "types", "value")
# Names, sentences and sources: no amount and no paper depends on them.
WORDS = frozenset(
    [
        *("en", "zh", "message", "fix", "name_en", "name_zh", "sentence_en", "sentence_zh"),
        *("source", "source_date", "verified"),
    ]
)
# Changed by starting a draft; shown with the draft itself.
_OWN_ENTRIES = frozenset(["version"])
_MOST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of a row: what it was and what it is; empty where there is none."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One row or entry that differs; `line` is its place in the draft, 0 where it is gone or unknown."""

    file: str
    kind: Kind
    title: str
    changes: tuple[Change, ...]
    line: int = 0
    values: Mapping[str, str] | None = None

    @property
    def rewrites_history(self) -> bool:
        """Tell whether days that are past, or were promised, get another law."""
        changed = {change.name for change in self.changes}
        return self.file != GOLDEN and self.kind in ("rewritten", "removed") and not changed <= WORDS


def differences_of(base: Files, files: Files) -> tuple[Difference, ...]:
    """Return everything that differs; a file that cannot be read has none (its problems say so)."""
    found: list[Difference] = []
    for file, compare in ((PACK, _entries), (RATES, _rows), (CONTROLS, _rows), (GOLDEN, _cases)):
        if base.get(file) != files.get(file):
            try:
                found += compare(file, base, files)
            except (TableError, tomllib.TOMLDecodeError, GoldenError, RecursionError):
                continue
    return tuple(found)


def effective_days(differences: Iterable[Difference]) -> tuple[date, ...]:
    """Return the days from which anything changes, the earliest first."""
    texts = {
        change.new
        for difference in differences
        for change in difference.changes
        if change.name in ("valid_from", "valid_to") and change.new
    }
    return tuple(sorted(day for text in texts if (day := _day(text))))


def _rows(file: str, base: Files, files: Files) -> Iterator[Difference]:
    old, new = read_table(base[file]).records, read_table(files[file]).records
    gone, came = _without_common(old, new)
    by_identity: dict[tuple[str, ...], list[Record]] = {}
    for record in gone:
        by_identity.setdefault(_identity(file, record), []).append(record)
    for record in came:
        alike = by_identity.get(_identity(file, record))
        before = alike.pop(0) if alike else None
        yield _row_difference(file, before, record)
    for records in by_identity.values():
        for record in records:
            yield _row_difference(file, record, None)


def _without_common(old: Sequence[Record], new: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """Return what only the old and only the new table has; equal rows are counted, not merely known."""
    old_counts = Counter(_key(record) for record in old)
    new_counts = Counter(_key(record) for record in new)
    return (
        list(_surplus(old, old_counts - new_counts)),
        list(_surplus(new, new_counts - old_counts)),
    )


def _surplus(records: Sequence[Record], counts: Counter[tuple[tuple[str, str], ...]]) -> Iterator[Record]:
    # Read from the end: of equal rows the last ones are the new ones.
    found = []
    for record in reversed(records):
        key = _key(record)
        if counts[key] > 0:
            counts[key] -= 1
            found.append(record)
    return reversed(found)


def _key(record: Record) -> tuple[tuple[str, str], ...]:
    return tuple(record.values.items())


def _identity(file: str, record: Record) -> tuple[str, ...]:
    return tuple(record.values.get(column, "") for column in _IDENTITY[file])


def _row_difference(file: str, old: Record | None, new: Record | None) -> Difference:
    before, after = (old.values if old else {}), (new.values if new else {})
    shown = after or before
    changes = _changes(before, after)
    return Difference(
        file=file,
        kind=_kind(before, after, changes),
        title=" ".join(filter(None, (shown.get(name, "") for name in _TITLES[file]))),
        changes=changes,
        line=new.line if new else 0,
        values=shown,
    )


_TITLES: Mapping[str, tuple[str, ...]] = {
    RATES: ("type", "hs_prefix", "country", "origin", "measure"),
    CONTROLS: ("level", "hs_prefix", "agency"),
}


def _kind(before: Mapping[str, str], after: Mapping[str, str], changes: Sequence[Change]) -> Kind:
    if not before:
        return "added"
    if not after:
        return "removed"
    is_end = [change.name for change in changes] == ["valid_to"] and not changes[0].old
    return "closed" if is_end else "rewritten"


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    names = dict.fromkeys((*after, *before))
    pairs = ((name, _written(before.get(name)), _written(after.get(name))) for name in names)
    return tuple(Change(name, old, new) for name, old, new in pairs if old != new)


def _entries(file: str, base: Files, files: Files) -> Iterator[Difference]:
    old, new = _flat(tomllib.loads(base[file])), _flat(tomllib.loads(files[file]))
    for key in dict.fromkeys((*new, *old)):
        before, after = old.get(key, {}), new.get(key, {})
        changes = _changes(before, after)
        if changes:
            line = _line_of(files[file], after) if after else 0
            yield Difference(file, _kind(before, after, changes), " ".join(key[:2]), changes, line)


def _flat(head: Mapping[str, Any]) -> dict[tuple[str, ...], dict[str, Any]]:
    """Return every entry by its table, name, beginning and place among those alike."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for name, value in head.items():
        if name in _OWN_ENTRIES:
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for row in value:
                key = (name, _name_of(row), _written(row.get("valid_from")))
                place = sum(known[:3] == key for known in found)
                found[*key, str(place)] = row
        else:
            found[name, "", "", ""] = value if isinstance(value, dict) else {name: value}
    return found


def _name_of(row: Mapping[str, Any]) -> str:
    return next((_written(row[name]) for name in _NAMES if name in row), "")


def _line_of(text: str, row: Mapping[str, Any]) -> int:
    for name in _NAMES:
        place = text.find(f'{name} = "{row[name]}"') if isinstance(row.get(name), str) else -1
        if place >= 0:
            return text.count("\n", 0, place) + 1
    return 0


def _cases(file: str, base: Files, files: Files) -> Iterator[Difference]:
    old = {str(case["name"]): case for case in read_cases(base[file])}
    new = {str(case["name"]): case for case in read_cases(files[file])}
    for name in dict.fromkeys((*new, *old)):
        before, after = _case(old.get(name)), _case(new.get(name))
        changes = _changes(before, after)
        if changes:
            yield Difference(file, _kind(before, after, changes), name, changes)


def _case(case: Mapping[str, Any] | None) -> dict[str, str]:
    if case is None:
        return {}
    return {
        "input": json.dumps(case["input"], ensure_ascii=False),
        **{name: _written(value) for name, value in case["expect"].items()},
    }


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        text = ", ".join(f"{key}: {_written(inner)}" for key, inner in value.items())
    elif isinstance(value, list):
        text = ", ".join(map(_written, value))
    else:
        text = str(value)
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
