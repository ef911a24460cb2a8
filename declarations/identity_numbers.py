"""Which identity number of a private buyer the law of import asks for, and how it must look; pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.br import cpf
from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from swindow.problems import Problem
from tariffs.jurisdictions import pack_jurisdiction

PATH = "parties.consignee_id"
_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015]")
# GB/T 2260 by their first two digits; 81 to 83 are residents of Hong Kong, Macao and Taiwan, 9 foreigners.
_PROVINCES = (
    *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
    *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65"),
    *("71", "81", "82", "83", "9"),
)


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A jurisdiction's number of a person; `form` bounds its characters, `validate` checks its digits."""

    name: str | Promise
    help: str | Promise
    form: re.Pattern[str]
    validate: Callable[[str], Any]
    # Asked for where carriers and customs use it; needed where a declaration without it is not accepted.
    is_needed: bool = False


def identity_number_of(country: str) -> IdentityNumber | None:
    """Return what a country of import asks of private buyers; None where the law names no number."""
    return _NUMBERS.get(pack_jurisdiction(country))


def compact_identity_number(number: str) -> str:
    """Return a number in capitals without spaces, points and hyphens."""
    return _SEPARATORS.sub("", number).upper()


def check_identity_number(number: str, *, country: str) -> Iterator[Problem]:
    """DE-34: an identity number has the form and the check digits of the country of import.

    The problem never repeats the number.
    """
    asked = identity_number_of(country)
    compact = compact_identity_number(number)
    if asked is None:
        fix = _("Leave it out: what is not needed is not kept.")
        yield Problem(PATH, "DE-34", _("This country asks for no identity number of the buyer."), fix)
    elif not asked.form.fullmatch(compact) or not _is_valid(asked, compact):
        yield Problem(
            PATH,
            "DE-34",
            _("This is not %(name)s.") % {"name": asked.name},
            _("Compare it with the buyer's card and type it again; for safety it is not shown here."),
        )


def masked(hint: str) -> str:
    """Return a number as everybody sees it: its last characters behind points."""
    return f"••••••••••{hint}" if hint else ""


def _validate_resident(number: str) -> None:
    """Check province, birthday and check digit of a Chinese number.

    stdnum also wants the county to have existed in the year of birth. The code is that of the day of
    registration, so it would refuse whoever was born before their county was founded.
    """
    if not number.startswith(_PROVINCES):
        raise InvalidComponent
    ric.get_birth_date(number)
    if number[-1] != ric.calc_check_digit(number):
        raise InvalidChecksum


def _is_valid(asked: IdentityNumber, compact: str) -> bool:
    try:
        asked.validate(compact)
    except ValidationError:
        return False
    return True


_NUMBERS = {
    # Retail import, announcement 194 of 2018: the identity of the orderer is checked before anything else.
    "CN": IdentityNumber(
        gettext_lazy("a resident identity number of China (居民身份证号码)"),
        gettext_lazy("Of the person who ordered: 18 characters, the last one may be X."),
        re.compile(r"[0-9]{17}[0-9X]", re.ASCII),
        _validate_resident,
        is_needed=True,
    ),
    "KR": IdentityNumber(
        gettext_lazy("a personal customs clearance code of Korea"),
        gettext_lazy("P and twelve digits. Without it leave the field empty."),
        re.compile(r"P[0-9]{12}", re.ASCII),
        # Its check digit is not published.
        str,
    ),
    "BR": IdentityNumber(
        gettext_lazy("a taxpayer number of Brazil (CPF)"),
        gettext_lazy("Eleven digits. Without it leave the field empty."),
        re.compile(r"[0-9]{11}", re.ASCII),
        cpf.validate,
    ),
}
