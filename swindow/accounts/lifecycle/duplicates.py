"""Whether a company is here already; the only question about other companies that a stranger may ask.

The answers say that there is one, never which.
"""

from dataclasses import dataclass

from swindow.accounts.models import CustomsCode, Organisation
from swindow.accounts.rules import number_pattern, plain_name


@dataclass(frozen=True, slots=True)
class Likeness:
    """What another company has in common with the one that is described."""

    has_number: bool
    has_name: bool


def find_likeness(*, name: str, number: str, country: str, besides: int | None) -> Likeness:
    """Compare with all others of the country: the number in any spelling, the name without its form."""
    own = besides or 0
    others = Organisation.objects.filter(country=country).exclude(pk=own)
    pattern = number_pattern(number, country=country)
    codes = CustomsCode.objects.exclude(organisation=own).filter(number__regex=pattern)
    has_number = others.filter(registration_number__regex=pattern).exists() or codes.exists()
    wanted = plain_name(name)
    names = others.values_list("name", flat=True).iterator()
    # Compared here, because only Python knows the spellings; it happens once a registration.
    return Likeness(has_number, bool(wanted) and any(plain_name(other) == wanted for other in names))


def is_code_taken(number: str, *, besides: int) -> bool:
    """Tell whether another company has registered with this number, or given it as its own code."""
    codes = CustomsCode.objects.exclude(organisation=besides).filter(number=number)
    country = number[:2] if number[:2].isalpha() else ""
    others = Organisation.objects.filter(country=country).exclude(pk=besides)
    pattern = number_pattern(number, country=country)
    return codes.exists() or (bool(country) and others.filter(registration_number__regex=pattern).exists())
