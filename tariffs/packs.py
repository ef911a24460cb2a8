"""Compiled regulation packs: dated editions of formulas and tables, cached by the hash of their text.

`pack_for` asks the shelf. The published rows are the shelf of a running portal (`tariffs.apps`); without a
database it is the folders under `regulations/`.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from tariffs.expressions import Expression, compile_expression
from tariffs.facts import CannotAssess, LegalProblem
from tariffs.pack_parsing import (
    ControlRow,
    PackError,
    PackTexts,
    RateRow,
    Rule,
    Validity,
    folder_packs,
    validity_of,
)
from tariffs.rounding import Rounding, rounding_of
from tariffs.scopes import CONSIGNMENT_NAMES, LAYER_NAMES, LINE_NAMES, LINE_VALUE_NAMES

_CACHED_CODES = 20_000
# By type: rows of rates.csv, and under "control" and "prohibited" those of controls.csv.
Rows = dict[str, tuple[Any, ...]]
_Row = TypeVar("_Row", RateRow, ControlRow)


@dataclass(frozen=True, slots=True)
class Check:
    """A condition under which goods are refused, the facts do not suffice, or a warning is due."""

    code: str
    scope: str
    severity: str
    when: Expression
    path: str
    rule: Rule
    messages: Mapping[str, str]
    fixes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """The first route whose condition holds names regime and outcome."""

    id: str
    when: Expression
    regime: str
    outcome: str
    declaration_type: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Layer:
    """One tax of a regime: base and amount per line, in the order of the file."""

    type: str
    regimes: frozenset[str]
    when: Expression | None
    rate_type: str
    is_optional: bool
    base: Expression
    amount: Expression
    rate: Expression | None
    collector: str
    once_per: tuple[str, ...]
    rule: Rule
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee on the consignment."""

    type: str
    regimes: frozenset[str]
    when: Expression
    amount: Expression
    collector: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Edition:
    """What the pack says while nothing in it changes: all formulas compiled."""

    parameters: Mapping[str, Decimal]
    consignment_variables: tuple[tuple[str, Expression], ...]
    line_variables: tuple[tuple[str, Expression], ...]
    checks: tuple[Check, ...]
    routes: tuple[Route, ...]
    layers: tuple[Layer, ...]
    fees: tuple[Fee, ...]
    registrations: Mapping[str, str]
    layer_names: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class ExchangePolicy:
    """Which day's rate is used: an anchor day, what a holiday does to it, and the listed holidays."""

    anchor: str
    holiday: str
    holidays: frozenset[date]
    is_official: bool
    rule: str


class Pack:
    """One version of one jurisdiction's law."""

    def __init__(self, texts: PackTexts) -> None:
        head = texts.head
        self.jurisdiction: str = head["jurisdiction"]
        self.version: str = head["version"]
        self.sha256 = texts.sha256
        self.currency: str = head["currency"]
        self.countries: tuple[str, ...] = tuple(head["countries"])
        self.agencies: tuple[str, ...] = tuple(head["agencies"])
        self.regimes: tuple[str, ...] = tuple(head["regimes"])
        self.validity = validity_of(head)
        self.date_selectors: Mapping[str, Sequence[str]] = head["dates"]
        self.roundings = {name: _rounding(row) for name, row in head["rounding"].items()}
        self.exchange = _exchange_policy(head["exchange"])
        self.rules = texts.rules()
        self._head = head
        rates, controls = texts.rates(), texts.controls()
        self._rates, self._controls = _by_prefix(rates), _by_prefix(controls)
        self._rate_days = _boundaries([row.validity for row in rates] + [row.validity for row in controls])
        self.names: Mapping[str, Mapping[str, str]] = {
            row.hs_prefix: row.names for row in rates if row.names["en"]
        }
        self._days = _boundaries(validity_of(row) for rows in _lists(head) for row in rows)
        self._editions: dict[int, Edition] = {}
        self._found: dict[tuple[str, str, int], Rows] = {}
        self.gates = {
            row.gate: compile_expression(row.gate, known=_known_names(head)) for row in rates if row.gate
        }
        for day in (self.validity.valid_from, *self._days):
            if day is not None:
                self.edition(day)

    def edition(self, on: date) -> Edition:
        """Return the formulas in force on the day, compiled once for each stretch without change."""
        place = bisect_right(self._days, on)
        edition = self._editions.get(place)
        if edition is None:
            edition = self._editions[place] = _edition(self._head, rules=self.rules, on=on)
        return edition

    def rows_for(self, code: str, *, country: str, on: date) -> Rows:
        """Return by type the rows of the longest prefix of the code in force on the day."""
        key = (code, country, bisect_right(self._rate_days, on))
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= _CACHED_CODES:
                self._found.clear()
            found = self._found[key] = self._find(code, country=country, on=on)
        return found

    def controls_of(self, code: str, *, on: date) -> tuple[ControlRow, ...]:
        """Return the controls in force for the code, most special first."""
        return tuple(
            row
            for length in range(len(code), -1, -1)
            for row in self._controls.get(code[:length], ())
            if row.validity.covers(on)
        )

    def sentence(self, rule: str, *, language: str = "en") -> str:
        """Return the one sentence of a numbered rule."""
        return self.rules[rule].sentence(language)

    def _find(self, code: str, *, country: str, on: date) -> Rows:
        found: Rows = {}
        for length in range(len(code), -1, -1):
            here: dict[str, list[Any]] = {}
            for row in self._rates.get(code[:length], ()):
                if row.validity.covers(on) and row.country in ("", country):
                    here.setdefault(row.type, []).append(row)
            found = {kind: tuple(rows) for kind, rows in here.items()} | found
        controls = self.controls_of(code, on=on)
        for kind, is_prohibition in (("prohibited", True), ("control", False)):
            those = tuple(row for row in controls if (row.level == "prohibited") is is_prohibition)
            if those:
                found[kind] = those
        return found


Shelf = Callable[[], Sequence[PackTexts]]
_compiled: dict[str, Pack] = {}


def compile_pack(texts: PackTexts) -> Pack:
    """Return the compiled pack; the same text is compiled once in a process. Raises PackError."""
    pack = _compiled.get(texts.sha256)
    if pack is None:
        try:
            pack = _compiled[texts.sha256] = Pack(texts)
        except (KeyError, TypeError) as error:
            raise PackError(f"pack.toml lacks or misnames {error}.") from error
    return pack


@lru_cache(maxsize=1)
def folder_shelf() -> tuple[PackTexts, ...]:
    """Return the packs of the folders, read once in a process."""
    return folder_packs()


class _Shelves:
    """Where packs come from in this process, and packs superseded, for replay."""

    current: Shelf = staticmethod(folder_shelf)
    by_hash: Callable[[str], PackTexts | None] | None = None


def use_shelf(shelf: Shelf, *, by_hash: Callable[[str], PackTexts | None] | None = None) -> None:
    """Take packs from `shelf` (current versions) and `by_hash` (any version) from now on."""
    _Shelves.current = staticmethod(shelf)
    _Shelves.by_hash = staticmethod(by_hash) if by_hash else None


def current_packs() -> tuple[Pack, ...]:
    """Return every current pack."""
    return tuple([compile_pack(texts) for texts in _Shelves.current()])


def find_pack(jurisdiction: str, *, on: date) -> Pack | None:
    """Return the pack of a country (or of a union such as EU) for the day, if there is one."""
    for pack in current_packs():
        if (jurisdiction == pack.jurisdiction or jurisdiction in pack.countries) and pack.validity.covers(on):
            return pack
    return None


def pack_for(jurisdiction: str, *, on: date) -> Pack:
    """Return the pack of the country for the day; raises CannotAssess when there is none."""
    pack = find_pack(jurisdiction, on=on)
    if pack is None:
        raise CannotAssess(
            [
                LegalProblem(
                    path="jurisdiction",
                    code="no_rules",
                    message=_("There are no import rules for %(country)s on %(day)s.")
                    % {"country": jurisdiction, "day": on},
                    fix=_("Choose a country and a date that a regulation pack covers."),
                )
            ]
        )
    return pack


def pack_by_hash(sha256: str) -> Pack:
    """Return the pack with this very text, also a superseded one; raises PackError when it is not kept."""
    if sha256 in _compiled:
        return _compiled[sha256]
    for texts in (*_Shelves.current(), *folder_shelf()):
        if texts.sha256 == sha256:
            return compile_pack(texts)
    texts_kept = _Shelves.by_hash(sha256) if _Shelves.by_hash else None
    if texts_kept is None:
        raise PackError(f"No regulation pack has the hash {sha256}; load the version it was made with.")
    return compile_pack(texts_kept)


def _lists(head: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    return [
        value for value in head.values() if isinstance(value, list) and value and isinstance(value[0], dict)
    ]


def _boundaries(validities: Iterable[Validity]) -> list[date]:
    return sorted({day for row in validities for day in (row.valid_from, row.valid_to) if day is not None})


def _by_prefix(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.hs_prefix, []).append(row)
    return found


def _rounding(row: Mapping[str, str]) -> Rounding:
    return rounding_of(row["step"], mode=row["mode"], when=row.get("when", "each"))


def _exchange_policy(row: Mapping[str, Any]) -> ExchangePolicy:
    return ExchangePolicy(
        anchor=row["anchor"],
        holiday=row["holiday"],
        holidays=frozenset(row.get("holidays", ())),
        is_official=row["is_official"],
        rule=row["rule"],
    )


def _known_names(head: Mapping[str, Any]) -> frozenset[str]:
    own = {row["name"] for key in ("parameter", "variable") for row in head.get(key, ())}
    layers = {row["type"] + end for row in head.get("layer", ()) for end in LAYER_NAMES}
    return CONSIGNMENT_NAMES | LINE_NAMES | LINE_VALUE_NAMES | own | layers


def _edition(head: Mapping[str, Any], *, rules: Mapping[str, Rule], on: date) -> Edition:
    known = _known_names(head)

    def rows(key: str) -> list[dict[str, Any]]:
        return [row for row in head.get(key, ()) if validity_of(row).covers(on)]

    def formula(text: str) -> Expression:
        return compile_expression(text, known=known)

    def variables(scope: str) -> tuple[tuple[str, Expression], ...]:
        return tuple(
            (row["name"], formula(row["value"])) for row in rows("variable") if row["scope"] == scope
        )

    return Edition(
        parameters={row["name"]: Decimal(row["value"]) for row in rows("parameter")},
        consignment_variables=variables("consignment"),
        line_variables=variables("line"),
        checks=tuple(_check(row, formula=formula, rules=rules) for row in rows("check")),
        routes=tuple(_route(row, formula=formula, rules=rules) for row in rows("route")),
        layers=tuple(_layer(row, formula=formula, rules=rules) for row in rows("layer")),
        fees=tuple(_fee(row, formula=formula, rules=rules) for row in rows("fee")),
        registrations={row["scheme"]: row["pattern"] for row in rows("registration")},
        layer_names={row["type"] + end: Decimal(0) for row in rows("layer") for end in LAYER_NAMES},
    )


_Formula = Callable[[str], Expression]


def _check(row: Mapping[str, Any], *, formula: _Formula, rules: Mapping[str, Rule]) -> Check:
    return Check(
        code=row["code"],
        scope=row["scope"],
        severity=row["severity"],
        when=formula(row["when"]),
        path=row["path"],
        rule=rules[row["rule"]],
        messages=row["message"],
        fixes=row["fix"],
    )


def _route(row: Mapping[str, Any], *, formula: _Formula, rules: Mapping[str, Rule]) -> Route:
    return Route(
        id=row["id"],
        when=formula(row["when"]),
        regime=row["regime"],
        outcome=row["outcome"],
        declaration_type=row.get("declaration_type", ""),
        rule=rules[row["rule"]],
    )


def _layer(row: Mapping[str, Any], *, formula: _Formula, rules: Mapping[str, Rule]) -> Layer:
    base, amount = formula(row["base"]), formula(row["amount"])
    return Layer(
        type=row["type"],
        regimes=frozenset(row["regimes"]),
        when=formula(row["when"]) if "when" in row else None,
        rate_type=row.get("rate_type", ""),
        is_optional=row.get("optional", False),
        base=base,
        amount=amount,
        rate=formula(row["rate"]) if "rate" in row else None,
        collector=row["collector"],
        once_per=tuple(row.get("once_per", ())),
        rule=rules[row["rule"]],
        names=tuple(dict.fromkeys((*base.names, *amount.names))),
    )


def _fee(row: Mapping[str, Any], *, formula: _Formula, rules: Mapping[str, Rule]) -> Fee:
    return Fee(
        type=row["type"],
        regimes=frozenset(row["regimes"]),
        when=formula(row["when"]),
        amount=formula(row["amount"]),
        collector=row["collector"],
        rule=rules[row["rule"]],
    )
