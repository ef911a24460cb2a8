"""Reads a pack's files into frozen rows; a row that is not understood is named with its file and place."""

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from tariffs.duties.expression import DutyExpression
from tariffs.duties.parsing import parse_duty

FILES = ("pack.toml", "rates.csv", "controls.csv")
REGULATIONS = Path(__file__).parent / "regulations"
Row = TypeVar("Row")
# The measure that applies to goods of any origin without a claim.
THIRD_COUNTRY = "third_country"


class PackError(ValueError):
    """The pack cannot be read; the message names the file, the row and the mend."""


@dataclass(frozen=True, slots=True)
class Validity:
    """When a row is law (end exclusive), and how well that is known."""

    valid_from: date | None
    valid_to: date | None
    verified: bool
    enabled: bool

    def covers(self, on: date) -> bool:
        """Tell whether the row is in force on the day."""
        if not self.enabled or (self.valid_from and on < self.valid_from):
            return False
        return self.valid_to is None or on < self.valid_to


@dataclass(frozen=True, slots=True)
class Rule:
    """A numbered rule with its one sentence in each language."""

    id: str
    sentences: Mapping[str, str]
    source: str
    source_date: str
    validity: Validity

    def sentence(self, language: str) -> str:
        """Return the sentence, in English where the language has none."""
        return in_language(self.sentences, language)


@dataclass(frozen=True, slots=True)
class RateRow:
    """A duty expression for the codes below a prefix, and whom it is for; without one, a mark or a name.

    `origins` are countries of origin (empty: any); `country` is the member state of import. `measure` says
    what kind of rate it is; a preference or quota wants its claim, and a proof of `proof`'s kinds.
    """

    type: str
    hs_prefix: str
    country: str
    origins: frozenset[str]
    measure: str
    preference: str
    proof: tuple[str, ...]
    quota: str
    additional_code: str
    duty: DutyExpression | None
    gate: str
    rule: str
    names: Mapping[str, str]
    source: str
    source_date: str
    validity: Validity

    @property
    def series(self) -> tuple[Any, ...]:
        """Return what the row is a rate of: only within one series does a longer prefix hide a shorter."""
        return (self.measure, self.preference, self.quota, self.additional_code, self.origins)


@dataclass(frozen=True, slots=True)
class ControlRow:
    """What an agency asks for goods below a prefix; `document_types` are alternatives."""

    rule: str
    hs_prefix: str
    agency: str
    document_types: tuple[str, ...]
    level: str
    sentences: Mapping[str, str]
    source: str
    source_date: str
    validity: Validity


@dataclass(frozen=True)
class PackTexts:
    """The files of one pack as text: what is stored, hashed and never edited."""

    files: Mapping[str, str]

    @cached_property
    def sha256(self) -> str:
        """Return the hash of the canonical content."""
        canonical = json.dumps(dict(self.files), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    @cached_property
    def head(self) -> dict[str, Any]:
        """Return the parsed pack.toml."""
        try:
            return tomllib.loads(self.files["pack.toml"])
        except (KeyError, tomllib.TOMLDecodeError) as error:
            raise PackError(f"pack.toml cannot be read: {error}") from error

    def rates(self) -> tuple[RateRow, ...]:
        """Return the rows of rates.csv."""
        return tuple(_rows(self.files, "rates.csv", _rate_row))

    def controls(self) -> tuple[ControlRow, ...]:
        """Return the rows of controls.csv."""
        return tuple(_rows(self.files, "controls.csv", _control_row))

    def rules(self) -> dict[str, Rule]:
        """Return the numbered rules by their number."""
        return {row["id"]: _rule(row) for row in self.head["rule"]}


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Return the text in the language, in English where there is none."""
    return texts.get(language[:2], texts["en"])


def folder_packs(root: Path = REGULATIONS) -> tuple[PackTexts, ...]:
    """Read every pack folder under `root`, in order of its name."""
    folders = sorted(path.parent for path in root.glob("*/pack.toml"))
    return tuple(read_folder(folder) for folder in folders)


def read_folder(folder: Path) -> PackTexts:
    """Read one pack folder; raises PackError when a file is missing."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise PackError(f"{folder.name}: {', '.join(missing)} is missing; a pack has {', '.join(FILES)}.")
    return PackTexts(files={name: (folder / name).read_text(encoding="utf-8") for name in FILES})


def validity_of(row: Mapping[str, Any]) -> Validity:
    """Return the validity of a row of pack.toml; dates are TOML dates."""
    return Validity(
        valid_from=row.get("valid_from"),
        valid_to=row.get("valid_to"),
        verified=row.get("verified", True),
        enabled=row.get("enabled", True),
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(
        id=row["id"],
        sentences={"en": row["en"], "zh": row["zh"]},
        source=row.get("source", ""),
        source_date=str(row.get("source_date", "")),
        validity=validity_of(row),
    )


def _rows(files: Mapping[str, str], name: str, read: Callable[[dict[str, str]], Row]) -> list[Row]:
    rows = []
    for number, row in enumerate(csv.DictReader(io.StringIO(files[name])), start=2):
        try:
            rows.append(read(row))
        except (KeyError, ValueError, AttributeError) as error:
            raise PackError(f"{name}, line {number}: {error!r}; mend the row.") from error
    return rows


def _rate_row(row: dict[str, str]) -> RateRow:
    return RateRow(
        type=row["type"],
        hs_prefix=row["hs_prefix"],
        country=row["country"],
        origins=frozenset(_alternatives(row.get("origin"))),
        measure=row.get("measure") or THIRD_COUNTRY,
        preference=row.get("preference") or "",
        proof=_alternatives(row.get("proof")),
        quota=row.get("quota") or "",
        additional_code=row.get("additional_code") or "",
        duty=parse_duty(row["expression"]) if row["expression"] else None,
        gate=row["gate"],
        rule=row["rule"],
        names={"en": row["name_en"], "zh": row["name_zh"]},
        source=row["source"],
        source_date=row["source_date"],
        validity=_csv_validity(row),
    )


def _alternatives(text: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (text or "").split("|")))


def _control_row(row: dict[str, str]) -> ControlRow:
    return ControlRow(
        rule=row["rule"],
        hs_prefix=row["hs_prefix"],
        agency=row["agency"],
        document_types=_alternatives(row["document_types"]),
        level=row["level"],
        sentences={"en": row["sentence_en"], "zh": row["sentence_zh"]},
        source=row["source"],
        source_date=row["source_date"],
        validity=_csv_validity(row),
    )


def _csv_validity(row: Mapping[str, str]) -> Validity:
    return Validity(
        valid_from=_date(row["valid_from"]),
        valid_to=_date(row["valid_to"]),
        verified=row["verified"] == "true",
        enabled=row["enabled"] != "false",
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
