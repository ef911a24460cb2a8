"""The simulated trade register: it knows the companies of reference/registry.csv, and believes all others.

A number that is not in the table is "found" under the very name that was given, because there is no real
register to ask: nobody must take that answer for a check. A real register replaces this file alone.
"""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

from swindow.accounts.lifecycle import RegistryAnswer
from swindow.accounts.models import Verification
from swindow.accounts.rules import is_same_name, is_same_number

_TABLE = Path(__file__).resolve().parent / "reference" / "registry.csv"
_SHORTEST_SECONDS, _LONGEST_SECONDS = 10, 60
Registry = Verification.Registry


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the register: `standing` is active, struck_off or unknown."""

    country: str
    number: str
    name: str
    standing: str


def look_up(*, country: str, number: str, name: str) -> RegistryAnswer:
    """Return what the register says about a number and a name."""
    alike = (one for one in _listed(country) if is_same_number(one.number, number, country=country))
    found = next(alike, None)
    if found is None:
        return RegistryAnswer(Registry.FOUND, name)
    if found.standing == "unknown":
        return RegistryAnswer(Registry.NOT_FOUND)
    if found.standing == "struck_off":
        return RegistryAnswer(Registry.STRUCK_OFF, found.name)
    agrees = is_same_name(found.name, name)
    return RegistryAnswer(Registry.FOUND if agrees else Registry.NAME_DIFFERS, found.name)


def answer_time(case_id: int) -> timedelta:
    """Return how long the register takes for a case, repeatable by the seed; nothing at pace 0."""
    digest = hashlib.sha256(f"{settings.AGENCY_SEED}|registry|{case_id}".encode()).digest()
    share = int.from_bytes(digest[:4]) / 2**32
    spread = _LONGEST_SECONDS - _SHORTEST_SECONDS
    return timedelta(seconds=(_SHORTEST_SECONDS + share * spread) * settings.AGENCY_PACE)


def _listed(country: str) -> Sequence[Listed]:
    return [one for one in _register() if one.country == country]


@cache
def _register() -> tuple[Listed, ...]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Listed(**row) for row in csv.DictReader(file))
