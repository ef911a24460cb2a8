"""Commodity codes: their form, and a short name in everyday words."""

from tariffs.packs import current_packs
from tariffs.rules import is_commodity_code

__all__ = ["clean_code", "describe", "is_commodity_code"]


def clean_code(text: str) -> str:
    """Return the code without the dots and spaces that people write; it may still be no code."""
    return "".join(character for character in text.strip() if character not in " .·-")


def describe(code: str, *, language: str = "en") -> str:
    """Return the short name of the most special heading that a pack names; empty when none does."""
    for length in range(len(code), 3, -1):
        for pack in current_packs():
            names = pack.names.get(code[:length])
            if names is not None:
                return names["zh" if language.startswith("zh") else "en"]
    return ""
