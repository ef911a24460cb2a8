"""A pack as a book: which of its entries carries which rule, what is in doubt, where it all comes from.

Read from the pack's text, so a superseded version opens without compiling its formulas.
"""

import csv
import io
import re
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from tariffs.expressions import parse
from tariffs.pack_parsing import PackTexts, Rule, Validity, in_language, validity_of

# Rows of a table that a rule's page prints; the others are counted.
MOST_ROWS = 12
_MOST_BOOKS = 64
# What rows say that have no source; they are counted as not verified.
_NO_SOURCE = "not confirmed in a source"
# Where a source begins to name the line of an official table: "UK Global Tariff, 2021, 0306.17".
_LINE_OF_TABLE = re.compile(r"[,:] *[0-9]{4}\.[0-9]{2}.*")
# Entries of pack.toml that cite a rule and are more than its sentence, in the order of an assessment.
_KINDS = ("check", "registration", "route", "layer", "fee")
_ROLES = ("when", "base", "amount", "rate")
_WAIVER_ROLES = ("waive_when", "waive_up_to")
_FACTS = ("severity", "scope", "outcome", "declaration_type", "collector", "scheme", "pattern", "round")


@dataclass(frozen=True, slots=True)
class Clause:
    """One entry of pack.toml: what it is called, its formulas by their role, its facts by their name."""

    kind: str
    names: tuple[str, ...]
    regimes: tuple[str, ...]
    rule: str
    formulas: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    message: Mapping[str, str]
    fix: Mapping[str, str]
    validity: Validity

    def fact(self, name: str) -> str:
        """Return one fact; empty where the entry states none."""
        return dict(self.facts).get(name, "")

    def formula(self, role: str) -> str:
        """Return the formula of one role; empty where there is none."""
        return dict(self.formulas).get(role, "")


@dataclass(frozen=True, slots=True)
class Figure:
    """A parameter while it has one value."""

    name: str
    value: str
    rule: str
    source: str
    validity: Validity


@dataclass(frozen=True, slots=True)
class Definition:
    """A name of the pack's own in a formula: its figures over time, or the formulas that it stands for."""

    name: str
    figures: tuple[Figure, ...]
    formulas: tuple[tuple[str, Validity], ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of rates.csv or controls.csv as it is printed; `expression` is empty for a mark."""

    table: str
    type: str
    hs_prefix: str
    country: str
    origin: str
    expression: str
    names: Mapping[str, str]
    rule: str
    source: str
    validity: Validity

    def name(self, language: str) -> str:
        """Return the everyday name of the goods, or the sentence of the control."""
        return in_language(self.names, language)


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows of one type: how many, and how many of them a source confirms."""

    table: str
    type: str
    count: int
    verified: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where something comes from, and how many entries come from there."""

    text: str
    count: int

    @property
    def is_link(self) -> bool:
        """Tell whether it is an address that can be opened."""
        return self.text.startswith(("https://", "http://"))


@dataclass(frozen=True)
class LawBook:
    """One version of one jurisdiction's law, to be read."""

    jurisdiction: str
    version: str
    sha256: str
    currency: str
    countries: tuple[str, ...]
    agencies: tuple[str, ...]
    regimes: tuple[str, ...]
    validity: Validity
    head: Mapping[str, Any]
    rules: Mapping[str, Rule]
    clauses: tuple[Clause, ...]
    figures: tuple[Figure, ...]
    rows: tuple[TableRow, ...]

    @property
    def verified_count(self) -> int:
        """Return how many of its rules a source confirms."""
        return sum(rule.validity.verified for rule in self.rules.values())

    @property
    def own_names(self) -> frozenset[str]:
        """Return the names that its formulas read beside those of the engine."""
        return frozenset(row["name"] for key in ("parameter", "variable") for row in self.head.get(key, ()))

    def currency_for(self, country: str) -> str:
        """Return the currency in which the country assesses; members of a union may have their own."""
        return str(self.head.get("currencies", {}).get(country, self.currency))

    def clauses_of(self, rule: str) -> tuple[Clause, ...]:
        """Return the entries that carry the rule."""
        return tuple(clause for clause in self.clauses if clause.rule == rule)

    def figures_of(self, rule: str) -> tuple[Figure, ...]:
        """Return the parameters that carry the rule, each with its history."""
        return tuple(figure for figure in self.figures if figure.rule == rule)

    def rows_of(self, rule: str) -> tuple[TableRow, ...]:
        """Return the rows of the tables that carry the rule."""
        return tuple(row for row in self.rows if row.rule == rule)

    def is_of_exchange(self, rule: str) -> bool:
        """Tell whether the rule says which exchange rate counts."""
        return bool(self.head["exchange"]["rule"] == rule)

    def definitions(self, formulas: Sequence[str]) -> tuple[Definition, ...]:
        """Return the pack's own names that the formulas read, and those that these read in turn."""
        variables = self.head.get("variable", ())
        waiting, found = list(formulas), OrderedDict[str, Definition]()
        while waiting:
            for name in _names_in(waiting.pop(0)):
                figures = tuple(figure for figure in self.figures if figure.name == name)
                own = tuple((row["value"], validity_of(row)) for row in variables if row["name"] == name)
                if name not in found and (figures or own):
                    found[name] = Definition(name, figures, own)
                    waiting += [formula for formula, _validity in own]
        return tuple(found.values())

    def doubted_figures(self) -> tuple[Figure, ...]:
        """Return the parameters that no source confirms, and those that nothing reads yet."""
        return tuple(figure for figure in self.figures if not _is_sure(figure.validity))

    def doubted_clauses(self) -> tuple[Clause, ...]:
        """Return the entries that no source confirms, and those that nothing reads yet."""
        return tuple(clause for clause in self.clauses if not _is_sure(clause.validity))

    def doubted_rules(self) -> tuple[Rule, ...]:
        """Return the rules that no source confirms, and those that are not applied."""
        return tuple(rule for rule in self.rules.values() if not _is_sure(rule.validity))

    @cached_property
    def tallies(self) -> tuple[Tally, ...]:
        """Return the tables' rows by type, the largest first; bare names of goods are no law."""
        return tally(row for row in self.rows if row.rule)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Return the sources of rules, figures and rows, the most used first."""
        found = [rule.source for rule in self.rules.values()]
        found += [figure.source for figure in self.figures]
        found += [row.source for row in self.rows if row.rule]
        texts = (_LINE_OF_TABLE.sub("", source) for source in found)
        counted = Counter(text for text in texts if text and text != _NO_SOURCE)
        return tuple(Source(text, count) for text, count in counted.most_common())


def open_book(texts: PackTexts) -> LawBook:
    """Return the book of a pack; the same text is read once in a process. Raises PackError, KeyError."""
    book = _books.get(texts.sha256)
    if book is None:
        if len(_books) >= _MOST_BOOKS:
            _books.clear()
        book = _books[texts.sha256] = _read(texts)
    return book


def known_book(sha256: str) -> LawBook | None:
    """Return the book of a text that this process has read already."""
    return _books.get(sha256)


def tally(rows: Iterator[TableRow] | Sequence[TableRow]) -> tuple[Tally, ...]:
    """Count rows by table and type, the largest first."""
    counts: Counter[tuple[str, str]] = Counter()
    verified: Counter[tuple[str, str]] = Counter()
    for row in rows:
        counts[row.table, row.type] += 1
        verified[row.table, row.type] += row.validity.verified
    return tuple(Tally(*key, count, verified[key]) for key, count in counts.most_common())


_books: dict[str, LawBook] = {}


def _read(texts: PackTexts) -> LawBook:
    head = texts.head
    return LawBook(
        jurisdiction=head["jurisdiction"],
        version=head["version"],
        sha256=texts.sha256,
        currency=head["currency"],
        countries=tuple(head["countries"]),
        agencies=tuple(head["agencies"]),
        regimes=tuple(head["regimes"]),
        validity=validity_of(head),
        head=head,
        rules=texts.rules(),
        clauses=tuple(_clauses(head)),
        figures=tuple(_figure(row) for row in head.get("parameter", ())),
        rows=(*_rate_rows(texts), *_control_rows(texts)),
    )


def _clauses(head: Mapping[str, Any]) -> Iterator[Clause]:
    for kind in _KINDS:
        for row in head.get(kind, ()):
            yield _clause(row, kind=kind, rule=row.get("rule", ""), roles=_ROLES)
            if "waive_rule" in row:
                yield _clause(row, kind="waiver", rule=row["waive_rule"], roles=_WAIVER_ROLES)


def _clause(row: Mapping[str, Any], *, kind: str, rule: str, roles: Sequence[str]) -> Clause:
    name = row.get("type") or row.get("code") or row.get("id") or row.get("scheme", "")
    regimes = row.get("regimes") or ([row["regime"]] if "regime" in row else [])
    return Clause(
        kind=kind,
        names=tuple(row.get("types") or [name]),
        regimes=tuple(regimes),
        rule=rule,
        formulas=tuple((role, row[role]) for role in roles if role in row),
        facts=tuple((fact, str(row[fact])) for fact in _FACTS if row.get(fact)),
        message=row.get("message", {}),
        fix=row.get("fix", {}),
        validity=validity_of(row),
    )


def _figure(row: Mapping[str, Any]) -> Figure:
    return Figure(row["name"], row["value"], row["rule"], row.get("source", ""), validity_of(row))


def _rate_rows(texts: PackTexts) -> Iterator[TableRow]:
    for row in csv.DictReader(io.StringIO(texts.files["rates.csv"])):
        names = {"en": row["name_en"], "zh": row["name_zh"] or row["name_en"]}
        yield _table_row(row, table="rates", kind=row["type"], names=names)


def _control_rows(texts: PackTexts) -> Iterator[TableRow]:
    for row in csv.DictReader(io.StringIO(texts.files["controls.csv"])):
        names = {"en": row["sentence_en"], "zh": row["sentence_zh"] or row["sentence_en"]}
        yield _table_row(row, table="controls", kind=row["level"], names=names)


def _table_row(row: Mapping[str, str], *, table: str, kind: str, names: Mapping[str, str]) -> TableRow:
    return TableRow(
        table=table,
        type=kind,
        hs_prefix=row["hs_prefix"],
        country=row.get("country", ""),
        origin=row.get("origin", ""),
        expression=row.get("expression", ""),
        names=names,
        rule=row["rule"],
        source=row["source"],
        validity=Validity(
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            verified=row["verified"] == "true",
            enabled=row["enabled"] != "false",
        ),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _is_sure(validity: Validity) -> bool:
    return validity.verified and validity.enabled


def _names_in(formula: str) -> list[str]:
    waiting, found = [parse(formula)], []
    while waiting:
        node = waiting.pop(0)
        found += [str(node.value)] if node.kind == "name" else []
        waiting += node.children
    return list(dict.fromkeys(found))
