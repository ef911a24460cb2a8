"""The countries of import that a mandate or an agent's service can name: those whose law the portal knows.

Tariffs stand on a floor above, so the list is kept here; a test holds the two equal.
"""

from collections.abc import Iterable
from functools import cache

from django.utils.translation import get_language, override, pgettext
from django_countries import countries

DESTINATIONS = (
    "AM", "AT", "AU", "BE", "BG", "BR", "BY", "CA", "CN", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR",
    "GB", "GR", "HR", "HU", "IE", "IN", "IT", "JP", "KG", "KR", "KZ", "LT", "LU", "LV", "MT", "NL", "PL",
    "PT", "RO", "RU", "SE", "SG", "SI", "SK", "US",
)  # fmt: skip


def destination_choices() -> tuple[tuple[str, str], ...]:
    """Return every country of import in the reader's language, by name."""
    return _choices_in(get_language() or "en")


def country_names(codes: Iterable[str]) -> str:
    """Return the names of countries in the reader's language; "" for none."""
    return pgettext("between names", ", ").join(sorted(str(countries.name(code) or code) for code in codes))


@cache
def _choices_in(language: str) -> tuple[tuple[str, str], ...]:
    with override(language):
        names = [(code, str(countries.name(code))) for code in DESTINATIONS]
    return tuple(sorted(names, key=lambda choice: choice[1]))
