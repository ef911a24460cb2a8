"""The twenty-one sections of the Harmonized System, in short words: what goods an agent knows."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

SECTIONS: dict[int, Promise] = {
    1: _("Live animals, meat, fish, dairy and eggs"),
    2: _("Plants, fruit, vegetables, cereals, coffee and tea"),
    3: _("Fats and oils"),
    4: _("Prepared food, drinks and tobacco"),
    5: _("Minerals, ores and fuels"),
    6: _("Chemicals, medicines, cosmetics and fertilisers"),
    7: _("Plastics and rubber"),
    8: _("Leather, furs, bags and travel goods"),
    9: _("Wood, cork and basketware"),
    10: _("Paper, books and printed matter"),
    11: _("Textiles and clothing"),
    12: _("Shoes, hats, umbrellas and artificial flowers"),
    13: _("Stone, ceramics and glass"),
    14: _("Pearls, gems, precious metals and jewellery"),
    15: _("Base metals, tools and hardware"),
    16: _("Machines, electrical goods and electronics"),
    17: _("Vehicles, aircraft and ships"),
    18: _("Optical, medical and measuring instruments, clocks, music"),
    19: _("Arms and ammunition"),
    20: _("Furniture, lamps, toys and sports goods"),
    21: _("Works of art and antiques"),
}
_ROMAN = (
    *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI"),
    *("XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX", "XXI"),
)


def section_choices() -> list[tuple[str, str]]:
    """Return the sections with their Roman numbers."""
    return [(str(number), section_title(number)) for number in SECTIONS]


def section_title(number: int) -> str:
    """Return for example "XI Textiles and clothing"."""
    return f"{_ROMAN[number - 1]} {SECTIONS[number]}"


def section_names(numbers: Iterable[int]) -> str:
    """Return the titles of sections in their order; "" for none."""
    return pgettext("between sections", "; ").join(section_title(number) for number in sorted(numbers))
