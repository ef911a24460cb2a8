"""Parameters of pack.toml as text: a value is closed and the next one stands below it; comments stay."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

PACK = "pack.toml"
_HEADER = re.compile(r"^\s*\[\[\s*parameter\s*\]\]\s*(#.*)?$")
_ANY_HEADER = re.compile(r"^\s*\[")
_ENTRY = re.compile(r"^\s*([A-Za-z_]+)\s*=")
# What the next value does not take over from the one before it.
_OWN = frozenset(["value", "valid_from", "valid_to", "source", "source_date", "verified", "enabled"])


@dataclass(frozen=True, slots=True)
class ParameterBlock:
    """One value of a parameter: the line of its [[parameter]] (from 1), its last line, its entries."""

    line: int
    last_line: int
    values: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Return the parameter's name."""
        return str(self.values.get("name", ""))

    @property
    def valid_from(self) -> date | None:
        """Return the first day of the value."""
        return _day(self.values.get("valid_from"))

    @property
    def valid_to(self) -> date | None:
        """Return the day from which it does not hold any more."""
        return _day(self.values.get("valid_to"))


def parameter_blocks(text: str) -> tuple[ParameterBlock, ...]:
    """Return every [[parameter]] in the order of the file; those that cannot be read are left out."""
    lines = text.split("\n")
    starts = [place for place, line in enumerate(lines) if _HEADER.match(line)]
    blocks = (_block(lines, start) for start in starts)
    return tuple(block for block in blocks if block is not None)


def block_at(text: str, *, line: int) -> ParameterBlock | None:
    """Return the parameter whose [[parameter]] stands on the line."""
    return next((block for block in parameter_blocks(text) if block.line == line), None)


def closed(text: str, block: ParameterBlock, *, valid_to: date) -> str:
    """Return the text with the value ending before the day."""
    lines = text.split("\n")
    own = [line for line in _lines_of(text, block) if _key(line) != "valid_to"]
    lines[block.line - 1 : block.last_line] = [*own, f"valid_to = {valid_to.isoformat()}"]
    return "\n".join(lines)


def followed(text: str, block: ParameterBlock, *, value: str, valid_from: date, **entries: str) -> str:
    """Return the text with the value ending on the day and the next one below it, to the old one's end."""
    kept = [line for line in _lines_of(text, block) if _key(line) not in _OWN]
    following = [*kept, f'value = "{value}"', f"valid_from = {valid_from.isoformat()}"]
    if block.valid_to:
        following.append(f"valid_to = {block.valid_to.isoformat()}")
    following += [f"{name} = {written}" for name, written in entries.items()]
    ended = closed(text, block, valid_to=valid_from)
    is_longer = block.valid_to is None
    return _with_lines(ended, after=block.last_line + is_longer, lines=following)


def with_parameter(text: str, *, entries: Mapping[str, str]) -> str:
    """Return the text with one more value, below the others of its name or at the end of all parameters."""
    blocks = parameter_blocks(text)
    alike = [block for block in blocks if f'"{block.name}"' == entries["name"]] or list(blocks)
    after = alike[-1].last_line if alike else len(text.rstrip().split("\n"))
    lines = ["[[parameter]]", *(f"{name} = {written}" for name, written in entries.items())]
    return _with_lines(text, after=after, lines=lines)


def quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\t", " ")
    return f'"{escaped}"'


def _with_lines(text: str, *, after: int, lines: list[str]) -> str:
    before = text.split("\n")
    return "\n".join([*before[:after], "", *lines, *before[after:]])


def _lines_of(text: str, block: ParameterBlock) -> list[str]:
    return text.split("\n")[block.line - 1 : block.last_line]


def _block(lines: list[str], start: int) -> ParameterBlock | None:
    end = next(
        (place for place in range(start + 1, len(lines)) if _ANY_HEADER.match(lines[place])), len(lines)
    )
    # Comments and blank lines before the next header belong to what follows.
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    try:
        values = tomllib.loads("\n".join(lines[start + 1 : end]))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    return ParameterBlock(start + 1, end, values)


def _key(line: str) -> str:
    match = _ENTRY.match(line)
    return match[1] if match else ""


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else None
