"""Origins of measures: countries, programmes of the United States, numbered groups of TARIC."""

from collections.abc import Iterable
from typing import Literal

Applies = Literal["yes", "no", "perhaps"]

# TARIC's groups of everybody: erga omnes, and all third countries. The United Kingdom kept the numbers.
EVERYBODY = frozenset(["1011", "1008"])

# HTS General Note 3(c): programmes with few and fixed partners whose mark is not the country's code. Those
# with lists of beneficiaries (A, D, E, R) and those of goods (B, C, K, L) stay "perhaps".
_PROGRAMMES: dict[str, frozenset[str]] = {
    "P": frozenset(["CR", "DO", "GT", "HN", "NI", "SV"]),
    "P+": frozenset(["CR", "DO", "GT", "HN", "NI", "SV"]),
    "S": frozenset(["CA", "MX"]),
    "S+": frozenset(["CA", "MX"]),
}


def applies_to(origin: str, *, origins: Iterable[str], excluded: Iterable[str]) -> Applies:
    """Say whether a measure is for goods of this country; "perhaps" where a group's members are not known."""
    named = tuple(origins)
    found = _among(origin, named) if named else "yes"
    if found == "no" or origin in excluded:
        return "no"
    return "perhaps" if _among(origin, excluded) == "perhaps" else found


def _among(origin: str, groups: Iterable[str]) -> Applies:
    answers = [_is_member(origin, group) for group in groups]
    if "yes" in answers:
        return "yes"
    return "perhaps" if "perhaps" in answers else "no"


def _is_member(origin: str, group: str) -> Applies:
    if group == origin or group in EVERYBODY:
        return "yes"
    members = _PROGRAMMES.get(group)
    if members is not None:
        return "yes" if origin in members else "no"
    is_country = len(group) == 2 and group.isalpha()
    return "no" if is_country else "perhaps"
