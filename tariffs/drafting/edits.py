"""What an officer does to a draft: one row is closed, followed or added, or a file is written.

A row that was published is never overwritten by an edit of a row: it gets an end, and the next one follows.
Each edit refuses with sentences whose paths are the names of its own fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _

from swindow.problems import Problem, Refused
from tariffs.drafting.parameters import (
    PACK,
    ParameterBlock,
    block_at,
    closed,
    followed,
    parameter_blocks,
    quoted,
    with_parameter,
)
from tariffs.drafting.tables import (
    RATES,
    Record,
    Table,
    TableError,
    read_table,
    with_row_at_end,
    with_rows,
    written,
)

Files = Mapping[str, str]
GOLDEN = "golden.json"
DRAFT_FILES = ("pack.toml", "rates.csv", "controls.csv", GOLDEN)


class Edit(Protocol):
    """A change of a draft's files; `base` are those that are published."""

    def applied(self, files: Files, *, base: Files) -> Files:
        """Return the changed files; raises Refused where the change cannot be made."""

    def facts(self, files: Files) -> dict[str, str]:
        """Return what is done, for the audit trail."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a figure comes from, and whether the officer has compared it with that source."""

    source: str
    source_date: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class RateAdded:
    """A new row of rates.csv; `values` by column."""

    values: Mapping[str, str]

    def applied(self, files: Files, *, base: Files) -> Files:
        """Add the row at the end."""
        table = _rates(files)
        row = written(table.columns, self.values)
        return {**files, RATES: with_row_at_end(files[RATES], row=row)}

    def facts(self, files: Files) -> dict[str, str]:
        """Return what is done, for the audit trail."""
        return {"act": "rate.added", "row": row_title(self.values)}


@dataclass(frozen=True, slots=True)
class RateChanged:
    """From a day on the row has another duty: the row ends, and its successor begins."""

    line: int
    expression: str
    valid_from: date
    evidence: Evidence

    def applied(self, files: Files, *, base: Files) -> Files:
        """Close the row and put its successor below it."""
        table = _rates(files)
        record = _record(table, self.line)
        _check_day(self.valid_from, values=record.values, path="valid_from")
        ended = {**record.values, "valid_to": self.valid_from.isoformat()}
        successor = {
            **record.values,
            "expression": self.expression,
            "valid_from": self.valid_from.isoformat(),
            "source": self.evidence.source,
            "source_date": self.evidence.source_date,
            "verified": "true" if self.evidence.is_verified else "false",
        }
        rows = [written(table.columns, ended), written(table.columns, successor)]
        return {**files, RATES: with_rows(files[RATES], record, rows=rows)}

    def facts(self, files: Files) -> dict[str, str]:
        """Return what is done, for the audit trail."""
        record = _record(_rates(files), self.line)
        return {
            "act": "rate.changed",
            "row": row_title(record.values),
            "old": record.values.get("expression", ""),
            "new": self.expression,
            "from": self.valid_from.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class RateClosed:
    """The row does not hold any more from a day on."""

    line: int
    valid_to: date

    def applied(self, files: Files, *, base: Files) -> Files:
        """Give the row its end."""
        table = _rates(files)
        record = _record(table, self.line)
        _check_day(self.valid_to, values=record.values, path="valid_to")
        ended = {**record.values, "valid_to": self.valid_to.isoformat()}
        return {**files, RATES: with_rows(files[RATES], record, rows=[written(table.columns, ended)])}

    def facts(self, files: Files) -> dict[str, str]:
        """Return what is done, for the audit trail."""
        record = _record(_rates(files), self.line)
        return {"act": "rate.closed", "row": row_title(record.values), "from": self.valid_to.isoformat()}


@dataclass(frozen=True, slots=True)
class RateTakenOut:
    """A row that this draft itself added is taken out again."""

    line: int

    def applied(self, files: Files, *, base: Files) -> Files:
        """Take the row out; one that is published can only be closed."""
        record = _record(_rates(files), self.line)
        if is_published(record, base=base):
            message = _("This row is published, and what was law stays readable.")
            raise Refused([Problem("line", "PD-11", message, _("Give it an end instead."))])
        return {**files, RATES: with_rows(files[RATES], record, rows=[])}

    def facts(self, files: Files) -> dict[str, str]:
        """Return what is done, for the audit trail."""
        return {"act": "rate.taken_out", "row": row_title(_record(_rates(files), self.line).values)}


@dataclass(frozen=True, slots=True)
class ParameterChanged:
    """From a day on a parameter has another value."""

    line: int
    value: str
    valid_from: date
    evidence: Evidence

    def applied(self, files: Files, *, base: Files) -> Files:
        """Close the value and put the next one below it."""
        block = _parameter(files, self.line)
        _check_day(self.valid_from, values=block.values, path="valid_from")
        entries = _evidence_entries(self.evidence)
        text = followed(files[PACK], block, value=self.value, valid_from=self.valid_from, **entries)
        return _readable({**files, PACK: text}, count=len(parameter_blocks(files[PACK])) + 1)

    def facts(self, files: Files) -> dict[str, str]:
        """Return what is done, for the audit trail."""
        block = _parameter(files, self.line)
        return {
            "act": "parameter.changed",
            "row": block.name,
            "old": str(block.values.get("value", "")),
            "new": self.value,
            "from": self.valid_from.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class ParameterClosed:
    """A parameter has no value any more from a day on; whoever needs it then gets an error, never a guess."""

    line: int
    valid_to: date

    def applied(self, files: Files, *, base: Files) -> Files:
        """Give the value its end."""
        block = _parameter(files, self.line)
        _check_day(self.valid_to, values=block.values, path="valid_to")
        text = closed(files[PACK], block, valid_to=self.valid_to)
        return _readable({**files, PACK: text}, count=len(parameter_blocks(files[PACK])))

    def facts(self, files: Files) -> dict[str, str]:
        """Return what is done, for the audit trail."""
        return {
            "act": "parameter.closed",
            "row": _parameter(files, self.line).name,
            "from": self.valid_to.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class ParameterAdded:
    """A value of a parameter for days that have none, or a new parameter."""

    name: str
    value: str
    rule: str
    valid_from: date | None
    valid_to: date | None
    evidence: Evidence

    def applied(self, files: Files, *, base: Files) -> Files:
        """Add the value below the others of its name."""
        entries = {"name": quoted(self.name), "value": quoted(self.value), "rule": quoted(self.rule)}
        days = {"valid_from": self.valid_from, "valid_to": self.valid_to}
        entries |= {name: day.isoformat() for name, day in days.items() if day}
        text = with_parameter(files[PACK], entries=entries | _evidence_entries(self.evidence))
        return _readable({**files, PACK: text}, count=len(parameter_blocks(files[PACK])) + 1)

    def facts(self, files: Files) -> dict[str, str]:
        """Return what is done, for the audit trail."""
        return {"act": "parameter.added", "row": self.name, "new": self.value}


@dataclass(frozen=True, slots=True)
class FileWritten:
    """A whole file is replaced."""

    name: str
    text: str

    def applied(self, files: Files, *, base: Files) -> Files:
        """Put the text in the file's place."""
        return {**files, self.name: self.text}

    def facts(self, files: Files) -> dict[str, str]:
        """Return what is done, for the audit trail."""
        return {"act": "file.written", "row": self.name}


@dataclass(frozen=True, slots=True)
class FileRestored:
    """A whole file is put back as it is published; the draft's own version stays."""

    name: str

    def applied(self, files: Files, *, base: Files) -> Files:
        """Put the published text in the file's place."""
        return {**files, self.name: base[self.name]}

    def facts(self, files: Files) -> dict[str, str]:
        """Return what is done, for the audit trail."""
        return {"act": "file.restored", "row": self.name}


def row_title(values: Mapping[str, str]) -> str:
    """Return what a row of rates.csv is about, in one line."""
    parts = (values.get(column, "") for column in ("type", "hs_prefix", "country", "origin", "measure"))
    return " ".join(part for part in parts if part)


def is_published(record: Record, *, base: Files) -> bool:
    """Tell whether the row stands in the published table, with or without another end."""
    own = {**record.values, "valid_to": ""}
    return any({**row.values, "valid_to": ""} == own for row in read_table(base[RATES]).records)


def _rates(files: Files) -> Table:
    try:
        return read_table(files[RATES])
    except TableError as error:
        message = _("rates.csv cannot be read at line %(line)d.") % {"line": error.line}
        raise Refused([Problem("line", "PD-12", message, _("Mend the file first."))]) from error


def _record(table: Table, line: int) -> Record:
    record = table.at(line)
    if record is None:
        raise Refused([_gone()])
    return record


def _parameter(files: Files, line: int) -> ParameterBlock:
    block = block_at(files[PACK], line=line)
    if block is None:
        raise Refused([_gone()])
    return block


def _gone() -> Problem:
    return Problem("line", "PD-13", _("There is no such row any more."), _("Choose it again from the list."))


def _check_day(day: date, *, values: Mapping[str, object], path: str) -> None:
    begins, ends = str(values.get("valid_from") or ""), str(values.get("valid_to") or "")
    if begins and day.isoformat() <= begins:
        message = _("The row begins on %(day)s only.") % {"day": begins}
        raise Refused([Problem(path, "PD-14", message, _("Give a later day."))])
    if ends and day.isoformat() >= ends:
        message = _("The row ends on %(day)s already.") % {"day": ends}
        raise Refused([Problem(path, "PD-15", message, _("Give an earlier day, or add a new row."))])


def _evidence_entries(evidence: Evidence) -> dict[str, str]:
    entries = {"source": quoted(evidence.source)} if evidence.source else {}
    return entries if evidence.is_verified else {**entries, "verified": "false"}


def _readable(files: Files, *, count: int) -> Files:
    # An entry over several lines cannot be cut out line by line.
    if len(parameter_blocks(files[PACK])) != count:
        message = _("This parameter is written in a way that only a person can change.")
        raise Refused([Problem("line", "PD-16", message, _("Change it in pack.toml itself."))])
    return files
