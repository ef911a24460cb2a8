"""The countries of import that a pack covers today."""

from dataclasses import dataclass

from django_countries import countries

from tariffs.packs import current_packs, packs_of


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A country of import: its code, its name in the reader's language, its pack and currency."""

    code: str
    name: str
    pack: str
    currency: str


def jurisdictions() -> tuple[Jurisdiction, ...]:
    """Return the countries that goods can be declared to, by name."""
    found = [
        Jurisdiction(
            code=code,
            name=str(countries.name(code)),
            pack=pack.jurisdiction,
            currency=pack.currency_for(code),
        )
        for pack in current_packs()
        for code in pack.countries
    ]
    return tuple(sorted(found, key=lambda country: country.name))


def pack_jurisdiction(country: str) -> str:
    """Return the jurisdiction whose pack rules the country (NL: EU); empty when none does."""
    return next((pack.jurisdiction for pack in packs_of(country)), "")


def currency_of(country: str) -> str:
    """Return the currency in which the country assesses; empty when no pack covers it."""
    return next((pack.currency_for(country) for pack in packs_of(country)), "")


def rule_sentence(jurisdiction: str, rule: str, *, language: str = "en") -> str:
    """Return the one sentence of a numbered rule; empty when the current packs do not know it."""
    for pack in packs_of(jurisdiction):
        if rule in pack.rules:
            return pack.sentence(rule, language=language)
    return ""
