"""Compiled regulation packs: dated editions of formulas and tables, cached by the hash of their text.

`pack_for` asks the shelf. The published rows are the shelf of a running portal (`tariffs.apps`); without a
database it is the folders under `regulations/`.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from tariffs.editions import Edition, compile_edition, known_names, line_names
from tariffs.exchange.policies import policy_of
from tariffs.expressions import compile_expression
from tariffs.facts import CannotAssess, LegalProblem
from tariffs.pack_parsing import (
    ControlRow,
    PackError,
    PackTexts,
    RateRow,
    Validity,
    folder_packs,
    validity_of,
)
from tariffs.rounding import Rounding, rounding_of

_CACHED_CODES = 20_000
# The date of the tax, not that of the duty, selects their rates.
TAX_TYPES = frozenset(["vat", "gst", "icms", "igst", "consumption", "excise", "postal_tax"])

_Row = TypeVar("_Row", RateRow, ControlRow)


class Rows(dict[str, tuple[Any, ...]]):
    """By type the rows of rates.csv, under "control" and "prohibited" those of controls.csv, for one code.

    `chosen` keeps the rates that a type, origin and additional code lead to where nothing else decides.
    """

    def __init__(self, rows: Mapping[str, tuple[Any, ...]]) -> None:
        super().__init__(rows)
        self.chosen: dict[tuple[Any, ...], Any] = {}


class Table(dict[str, Rows]):
    """The rows in force of every code that was asked for, in one country, while none of them changes."""

    def __init__(self, find: Callable[[str], Rows]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, code: str) -> Rows:
        """Look the rows up once."""
        rows = self[code] = self._find(code)
        return rows


class Pack:
    """One version of one jurisdiction's law."""

    def __init__(self, texts: PackTexts) -> None:
        head = texts.head
        self.jurisdiction: str = head["jurisdiction"]
        self.version: str = head["version"]
        self.sha256 = texts.sha256
        self.currency: str = head["currency"]
        self._currencies: Mapping[str, str] = head.get("currencies", {})
        self.countries: tuple[str, ...] = tuple(head["countries"])
        self.agencies: tuple[str, ...] = tuple(head["agencies"])
        self.regimes: tuple[str, ...] = tuple(head["regimes"])
        # Regimes that want all digits of the national tariff, not only the six that the world shares.
        self.full_codes = frozenset(head.get("full_codes", ()))
        self.validity = validity_of(head)
        self.date_selectors: Mapping[str, Sequence[str]] = head["dates"]
        self.roundings = {name: _rounding(row) for name, row in head["rounding"].items()}
        self.exchange = policy_of(head["exchange"])
        self.rules = texts.rules()
        self.parameter_rules = {row["name"]: row["rule"] for row in head.get("parameter", ())}
        self._head = head
        groups = {row["name"]: frozenset(row["members"]) for row in head.get("group", ())}
        rates, controls = with_groups(texts.rates(), groups), texts.controls()
        self._rates, self._controls = _by_prefix(rates), _by_prefix(controls)
        self._prefixes = sorted(self._rates)
        self._rate_days = _boundaries([row.validity for row in rates] + [row.validity for row in controls])
        self.names: Mapping[str, Mapping[str, str]] = {
            row.hs_prefix: row.names for row in rates if row.names["en"]
        }
        self._days = _boundaries(validity_of(row) for rows in _lists(head) for row in rows)
        self._editions: dict[int, Edition] = {}
        self._tables: dict[tuple[str, int, int], Table] = {}
        self._cached_codes = 0
        self._sentences: dict[str, Mapping[str, str]] = {}
        self.gates = {
            gate: compile_expression(gate, known=known_names(head), of_line=line_names(head))
            for gate in {row.gate: None for row in rates if row.gate}
        }
        for day in (self.validity.valid_from, *self._days):
            if day is not None:
                self.edition(day)

    def currency_for(self, country: str) -> str:
        """Return the currency in which the country assesses; members of a union may have their own."""
        return self._currencies.get(country, self.currency)

    def edition(self, on: date) -> Edition:
        """Return the formulas in force on the day, compiled once for each stretch without change."""
        place = bisect_right(self._days, on)
        edition = self._editions.get(place)
        if edition is None:
            edition = self._editions[place] = compile_edition(
                self._head, rules=self.rules, roundings=self.roundings, gates=self.gates, on=on
            )
        return edition

    def table(self, country: str, *, on: date, tax_on: date) -> Table:
        """Return the rows in force by code: of taxes on `tax_on`, of all else on `on`.

        Within one series (say, the preference of one agreement) the longest prefix hides the shorter ones.
        """
        key = (country, bisect_right(self._rate_days, on), bisect_right(self._rate_days, tax_on))
        table = self._tables.get(key)
        if table is None:
            # Any day of the stretch answers the same.
            find = partial(self._look_up, country=country, on=on, tax_on=tax_on)
            table = self._tables[key] = Table(find)
        return table

    def rows_for(self, code: str, *, country: str, on: date, tax_on: date | None = None) -> Rows:
        """Return by type the rows of the code in force, as `table` does."""
        return self.table(country, on=on, tax_on=tax_on or on)[code]

    def rows_below(self, code: str, *, kinds: Sequence[str], country: str, on: date) -> tuple[RateRow, ...]:
        """Return the rows in force of longer codes that begin with this one."""
        return tuple(
            row
            for prefix in self._prefixes[
                bisect_right(self._prefixes, code) : bisect_right(self._prefixes, code + ":")
            ]
            for row in self._rates[prefix]
            if row.type in kinds and row.validity.covers(on) and row.country in ("", country)
        )

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

    def sentences(self, language: str) -> Mapping[str, str]:
        """Return the sentence of every numbered rule, by its number."""
        # No language has more letters in common than its first two with another: see in_language.
        found = self._sentences.get(language[:2])
        if found is None:
            found = {rule.id: rule.sentence(language) for rule in self.rules.values()}
            self._sentences[language[:2]] = found
        return found

    def _look_up(self, code: str, *, country: str, on: date, tax_on: date) -> Rows:
        if self._cached_codes >= _CACHED_CODES:
            self._cached_codes = 0
            for table in self._tables.values():
                table.clear()
        self._cached_codes += 1
        return self._find(code, country=country, on=on, tax_on=tax_on)

    def _find(self, code: str, *, country: str, on: date, tax_on: date) -> Rows:
        found: dict[str, list[RateRow]] = {}
        taken: dict[tuple[Any, ...], int] = {}
        for length in range(len(code), -1, -1):
            for row in self._rates.get(code[:length], ()):
                day = tax_on if row.type in TAX_TYPES else on
                if not row.validity.covers(day) or row.country not in ("", country):
                    continue
                if taken.setdefault((row.type, *row.series), length) == length:
                    found.setdefault(row.type, []).append(row)
        rows = Rows({kind: tuple(those) for kind, those in found.items()})
        controls = self.controls_of(code, on=on)
        for kind, is_prohibition in (("prohibited", True), ("control", False)):
            those = tuple(row for row in controls if (row.level == "prohibited") is is_prohibition)
            if those:
                rows[kind] = those
        return rows


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


def packs_of(jurisdiction: str) -> tuple[Pack, ...]:
    """Return the current packs of a country (or of a union such as EU); only these are compiled."""
    return tuple(
        [
            compile_pack(texts)
            for texts in _Shelves.current()
            if jurisdiction == texts.head["jurisdiction"] or jurisdiction in texts.head["countries"]
        ]
    )


def find_pack(jurisdiction: str, *, on: date) -> Pack | None:
    """Return the pack of a country (or of a union such as EU) for the day, if there is one."""
    return next((pack for pack in packs_of(jurisdiction) if pack.validity.covers(on)), None)


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


def with_groups(rows: Sequence[RateRow], groups: Mapping[str, frozenset[str]]) -> tuple[RateRow, ...]:
    """Return the rows with each named group of countries of origin put out in full."""
    if not groups:
        return tuple(rows)
    return tuple(replace(row, origins=_spelled(row.origins, groups)) for row in rows)


def _spelled(origins: frozenset[str], groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(country for name in origins for country in groups.get(name, (name,)))


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
