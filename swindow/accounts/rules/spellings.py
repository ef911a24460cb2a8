"""In how many ways one company's number and name can be written; pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from swindow.accounts.rules.registration_numbers import compact_number

_MARKS = re.compile(r"[\u0300-\u036f]")
_DROPPED = re.compile(r"['’`´.·]")
_PUNCTUATION = re.compile(r"[\W_]+")
# What stands before or behind a name says what kind of company it is, not which.
_FORMS = frozenset(
    (
        *("ab", "ag", "aps", "as", "asa", "bhd", "bv", "bvba", "co", "company", "corp", "corporation"),
        *("gmbh", "inc", "incorporated", "jsc", "kft", "kg", "kk", "lda", "limited", "llc", "llp", "ltd"),
        *("ltda", "nv", "oy", "oyj", "plc", "pte", "private", "pty", "pvt", "sa", "sarl", "sas", "sdn"),
        *("sl", "spa", "sro", "srl", "spzoo", "zoo"),
    )
)
_ASIAN_FORMS = re.compile("(?:股份)?有限(?:责任)?公司|股份有限公司|株式会社|有限会社|주식회사|公司$")


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How the core of a number is read out of each spelling, and how every spelling of it looks."""

    read: re.Pattern[str]
    write: str


_SPELLINGS: Mapping[str, _Spelling] = {
    # VAT: key and SIREN. EORI: SIRET, which is SIREN and establishment.
    "FR": _Spelling(
        re.compile(r"FR(?:[0-9A-Z]{2}([0-9]{9})|([0-9]{9})[0-9]{5}|([0-9]{9}))"),
        "FR([0-9A-Z]{2})?%s([0-9]{5})?",
    ),
    "NL": _Spelling(re.compile(r"NL([0-9]{9})(?:B[0-9]{2})?"), "NL%s(B[0-9]{2})?"),
    "PL": _Spelling(re.compile(r"PL([0-9]{10})(?:[0-9]{5})?"), "PL%s([0-9]{5})?"),
    "BE": _Spelling(re.compile(r"BE0?([0-9]{9})"), "BE0?%s"),
    "GR": _Spelling(re.compile(r"(?:EL|GR)([0-9]{9})"), "(EL|GR)%s"),
    "GB": _Spelling(re.compile(r"(?:GB)?([0-9]{9})(?:[0-9]{3})?"), "(GB)?%s([0-9]{3})?"),
    "CA": _Spelling(re.compile(r"([0-9]{9})(?:[A-Z]{2}[0-9]{4})?"), "%s([A-Z]{2}[0-9]{4})?"),
    # The root of eight names the company, what follows its branch.
    "BR": _Spelling(re.compile(r"([0-9A-Z]{8})[0-9A-Z]{4}[0-9]{2}"), "%s[0-9A-Z]{4}[0-9]{2}"),
    # Each state gives its own GSTIN around the same PAN.
    "IN": _Spelling(
        re.compile(r"(?:[0-9]{2})?([A-Z]{5}[0-9]{4}[A-Z])(?:[0-9A-Z]{3})?"), "([0-9]{2})?%s([0-9A-Z]{3})?"
    ),
    "CH": _Spelling(re.compile(r"(?:CHE)?([0-9]{9})(?:MWST|TVA|IVA|TPV)?"), "(CHE)?%s(MWST|TVA|IVA|TPV)?"),
    "NO": _Spelling(re.compile(r"([0-9]{9})(?:MVA)?"), "%s(MVA)?"),
    "NZ": _Spelling(re.compile(r"0?([1-9][0-9]{7,8})"), "0?%s"),
}


def number_pattern(number: str, *, country: str) -> str:
    """Return a regular expression of every spelling of a company's number, EORI and VAT forms included."""
    compact = compact_number(number)
    spelling = _SPELLINGS.get(country)
    found = spelling.read.fullmatch(compact) if spelling else None
    if spelling is None or found is None:
        return f"^{re.escape(compact)}$"
    core = next(group for group in found.groups() if group)
    return f"^{spelling.write % core}$"


def is_same_number(number: str, other: str, *, country: str) -> bool:
    """Tell whether two numbers of one country name the same company."""
    return re.fullmatch(number_pattern(number, country=country), compact_number(other)) is not None


def plain_name(name: str) -> str:
    """Return a company's name without case, accents, punctuation, spaces and legal form."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", name)).casefold()
    # Composed again, because Korean syllables come apart as accents do.
    plain = _ASIAN_FORMS.sub(" ", unicodedata.normalize("NFC", plain))
    words = _PUNCTUATION.sub(" ", _DROPPED.sub("", plain)).split()
    kept = [word for word in words if word not in _FORMS]
    return "".join(kept or words)


def is_same_name(name: str, other: str) -> bool:
    """Tell whether two names differ in nothing but spelling."""
    return plain_name(name) == plain_name(other) != ""
