"""All that the page of a commodity shows: its place, its measures in one country or in every one, papers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from swindow.components import Crumb
from tariffs import nomenclature
from tariffs.commodities import describe
from tariffs.controls import controls_for
from tariffs.forms.browser import Asked
from tariffs.law_names import agency_name, jurisdiction_name, row_name
from tariffs.measures import DUTY, duty_in_words, history_of, measures_below, measures_on
from tariffs.models import ScheduleSource
from tariffs.nomenclature import Entry, NationalLine
from tariffs.pack_parsing import RateRow
from tariffs.packs import Pack, current_packs
from tariffs.papers import paper_names
from tariffs.schedules import looking_up
from tariffs.schedules.national import national_lines, source_for
from tariffs.views.measure_rows import MeasureRow, pack_rows, schedule_rows

MOST_BELOW = 80
_HS = 6
_MOST_ABOVE = 3
_GENERAL_TAXES = frozenset(["vat", "gst", "igst", "icms", "consumption"])


@dataclass(frozen=True, slots=True)
class Place:
    """A code's place: its harmonized entry, its own text, the texts above it, its unit in the schedule."""

    code: str
    hs: Entry
    text: str
    name: str
    above: str = ""
    unit: str = ""
    line_code: str = ""
    is_listed: bool = True

    @property
    def is_national(self) -> bool:
        """Tell whether the code has more digits than the world shares."""
        return len(self.code) > _HS

    @property
    def can_be_declared(self) -> bool:
        """Tell whether it has digits enough for a calculation."""
        return len(self.code) >= _HS


@dataclass(frozen=True, slots=True)
class Choice:
    """A country to look at more closely."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class JurisdictionRow:
    """What one jurisdiction levies, in a line of the comparison; `members` share its law."""

    code: str
    name: str
    duty: str
    taxes: str
    others: Sequence[str]
    has_preference: bool
    members: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Paper:
    """What an agency asks for; `codes` are those below a heading that it concerns, none for all."""

    sentence: str
    agency: str
    papers: str
    is_prohibition: bool
    rule: str
    is_verified: bool
    codes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of one country on one day, those of longer codes, and how they changed."""

    pack: Pack
    rows: Sequence[MeasureRow]
    below: Sequence[MeasureRow]
    hidden: int
    history: Sequence[MeasureRow]
    papers: Sequence[Paper]


@dataclass(frozen=True, slots=True)
class Official:
    """What the country's own published schedule says; without a version none is loaded for the day."""

    source: ScheduleSource
    version: str
    rows: Sequence[MeasureRow]
    history: Sequence[MeasureRow]


def place_of(code: str, *, asked: Asked | None) -> Place:
    """Return the place of a code of 2 to 10 digits whose first six are harmonized. At most three queries."""
    entry = nomenclature.get(code[:_HS])
    name = describe(code, language=get_language() or "en")
    source = source_for(asked.country) if asked and asked.country and len(code) > _HS else None
    line = looking_up.line(code, source=source, on=asked.on) if source and asked else None
    if line is None:
        return Place(code, entry, text=entry.text, name=name, is_listed=len(code) <= _HS)
    # The texts above the line begin with those that the world shares.
    path = [text for text in line.path if text != entry.text][-_MOST_ABOVE:]
    return Place(code, entry, line.description, name, " — ".join(path), line.unit, line_code=line.code)


def note_of(place: Place) -> str:
    """Return what a reader of the code should know, in the reader's language; mostly empty."""
    return place.hs.note_zh if (get_language() or "en").startswith("zh") else place.hs.note


def crumbs_of(place: Place, *, query: str) -> list[Crumb]:
    """Return the way from the tariff's first page to the code."""
    steps = [Crumb(_("Tariff"), reverse("tariffs:tariff"))]
    section = _("Section %(number)s") % {"number": place.hs.section}
    steps.append(
        Crumb(section, f"{reverse('tariffs:tariff')}?section={place.hs.section}#section-{place.hs.section}")
    )
    codes = [entry.code for entry in nomenclature.path(place.hs.code)]
    for code in codes if place.is_national else codes[:-1]:
        steps.append(Crumb(_level(code), address_of(code, query=query)))
    return [*steps, Crumb(_level(place.code))]


def lines_below(place: Place, *, asked: Asked | None) -> list[NationalLine]:
    """Return the lines of the country's schedule below the code. Two queries."""
    if asked is None or not asked.country or len(place.code) < _HS:
        return []
    lines = national_lines(place.hs.code, jurisdiction=asked.country, on=asked.on)
    own = place.line_code or place.code
    return [line for line in lines if line.code.startswith(own) and line.code != own]


def measures_of(code: str, *, asked: Asked, pack: Pack) -> Measures:
    """Return what the country's pack says of the code. No query."""
    country, on, origin = asked.country, asked.on, asked.origin
    below = measures_below(pack, code, country=country, on=on, origin=origin)
    return Measures(
        pack=pack,
        rows=pack_rows(measures_on(pack, code, country=country, on=on, origin=origin)),
        below=pack_rows(below[:MOST_BELOW]),
        hidden=max(0, len(below) - MOST_BELOW),
        history=pack_rows(history_of(pack, code, country=country, on=on, origin=origin)),
        papers=_papers(code, asked=asked),
    )


def official_of(code: str, *, asked: Asked) -> Official | None:
    """Return what the country's official schedule says; None where none can be loaded. Four queries."""
    source = source_for(asked.country)
    if source is None:
        return None
    version = looking_up.schedule(source=source, on=asked.on)
    if version is None:
        return Official(source, "", (), ())
    origin = asked.origin or None
    measures = looking_up.measures(code, source=source, on=asked.on, origin=origin)
    history = looking_up.history(code, source=source, origin=origin)
    return Official(
        source,
        version.version,
        schedule_rows(measures, source=source),
        schedule_rows(history, source=source),
    )


def jurisdictions_for(code: str, *, asked: Asked) -> list[JurisdictionRow]:
    """Return a line for each jurisdiction with law on the day, by name. No query."""
    packs = (pack for pack in current_packs() if pack.validity.covers(asked.on))
    return sorted(
        (_jurisdiction_row(code, pack=pack, asked=asked) for pack in packs), key=lambda row: row.name
    )


def _jurisdiction_row(code: str, *, pack: Pack, asked: Asked) -> JurisdictionRow:
    # A union's rates are those of no single member.
    country = "" if len(pack.countries) > 1 else pack.countries[0]
    found = measures_on(pack, code, country=country, on=asked.on, origin=asked.origin)
    taxes = [row for row in found if row.type in _GENERAL_TAXES and row.duty]
    others = [row for row in found if row.duty and row.type not in (*_GENERAL_TAXES, DUTY)]
    return JurisdictionRow(
        code=pack.jurisdiction,
        name=jurisdiction_name(pack.jurisdiction),
        duty=duty_in_words(pack, code, country=country, on=asked.on),
        taxes=", ".join(_named(taxes)) or ("" if country else _("by member state")),
        others=_named(others),
        has_preference=any(row.type == DUTY and row.preference for row in found),
        members=sorted((_choice(member, asked=asked) for member in pack.countries), key=lambda one: one.name),
    )


def _named(rows: Sequence[RateRow]) -> list[str]:
    return list(dict.fromkeys(f"{row_name(row.type)} {row.duty.text}" for row in rows if row.duty))


def _choice(country: str, *, asked: Asked) -> Choice:
    return Choice(jurisdiction_name(country), replace(asked, country=country).query)


def _papers(code: str, *, asked: Asked) -> list[Paper]:
    below = [entry.code for entry in nomenclature.subheadings(code)] if len(code) < _HS else []
    found = controls_for(asked.country, [code, *below], on=asked.on, language=get_language() or "en")
    return [
        Paper(
            sentence=control.sentence,
            agency=agency_name(control.agency) if control.agency else "",
            papers=paper_names(control.document_types),
            is_prohibition=control.is_prohibition,
            rule=control.rule,
            is_verified=control.verified,
            codes=() if code in control.commodity_codes else control.commodity_codes,
        )
        for control in found
    ]


def calculator_url(code: str, *, asked: Asked) -> str:
    """Return the address of the calculator with code, countries and day filled in."""
    given = {
        "country": asked.country,
        "day": asked.on.isoformat(),
        "1-commodity_code": code,
        "1-origin": asked.origin,
    }
    return f"{reverse('tariffs:calculator')}?{urlencode({k: v for k, v in given.items() if v})}"


def address_of(code: str, *, query: str = "") -> str:
    """Return the address of a code's page."""
    return reverse("tariffs:commodity", args=[code]) + query


def _level(code: str) -> str:
    words = {2: _("Chapter %(code)s"), 4: _("Heading %(code)s")}
    return words.get(len(code), "%(code)s") % {"code": code if len(code) < 5 else _grouped(code)}


def _grouped(code: str) -> str:
    return " ".join([code[:4], *(code[at : at + 2] for at in range(4, len(code), 2))])
