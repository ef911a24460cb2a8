"""The tree of HS 2022: from a section down to a subheading and back."""

from bisect import bisect_left
from functools import cache

from tariffs.nomenclature.entries import Entry, Section, all_entries, all_sections


class UnknownCode(LookupError):
    """The code is not in HS 2022."""


def get(code: str) -> Entry:
    """Return the chapter, heading or subheading of 2, 4 or 6 digits; raises UnknownCode."""
    entry = all_entries().get(code)
    if entry is None:
        raise UnknownCode(f"{code!r} is not a chapter, heading or subheading of HS 2022.")
    return entry


def exists(code: str) -> bool:
    """Say whether HS 2022 has this chapter, heading or subheading."""
    return code in all_entries()


def sections() -> tuple[Section, ...]:
    """Return the 21 sections."""
    return all_sections()


def children(code: str) -> tuple[Entry, ...]:
    """Return the entries directly below a section (Roman number), chapter or heading; raises UnknownCode."""
    for section in all_sections():
        if section.number == code:
            return tuple(get(chapter) for chapter in section.chapters)
    return _children().get(get(code).code, ())


def parent(code: str) -> Entry | None:
    """Return the entry above; None for a chapter; raises UnknownCode."""
    above = get(code).parent
    return get(above) if above else None


def path(code: str) -> tuple[Entry, ...]:
    """Return chapter, heading and subheading that lead to the code, itself last; raises UnknownCode."""
    get(code)
    return tuple(get(code[:length]) for length in (2, 4, 6) if length <= len(code))


def subheadings(code: str = "") -> tuple[Entry, ...]:
    """Return every subheading that begins with the code, in order; all 5,612 without one."""
    return tuple(entry for entry in search_prefix(code) if entry.level == 6)


def search_prefix(prefix: str) -> tuple[Entry, ...]:
    """Return every entry whose code begins with the digits (6109.10 as well as 610910), in order."""
    digits = "".join(character for character in prefix if character not in " .·-")
    if digits and not (digits.isascii() and digits.isdigit()):
        return ()
    codes = _codes()
    first, last = bisect_left(codes, digits), bisect_left(codes, digits + ":")
    return tuple(all_entries()[code] for code in codes[first:last])


@cache
def _codes() -> tuple[str, ...]:
    return tuple(all_entries())


@cache
def _children() -> dict[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = {}
    for entry in all_entries().values():
        found.setdefault(entry.parent, []).append(entry)
    return {code: tuple(entries) for code, entries in found.items()}
