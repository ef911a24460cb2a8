"""What a number that an authority or tax scheme gave to a company must look like; pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.au import abn
from stdnum.eu import oss
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum, InvalidFormat, ValidationError
from stdnum.gb import vat as gb_vat
from stdnum.sg import uen
from stdnum.us import ein

from swindow.accounts.models import CustomsCode
from swindow.accounts.rules.registration_numbers import compact_number
from swindow.problems import Problem

Scheme = CustomsCode.Scheme

_PLAIN = re.compile(r"[A-Z0-9]{2,30}")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_EU = frozenset(state.upper() for state in eu_vat.MEMBER_STATES)
# Regulation (EU) 2015/2446, Annex B: country code and at most 15 characters.
_EORI = re.compile(r"[A-Z]{2}[A-Z0-9]{1,15}")
_GB_EORI = re.compile(r"GB[0-9]{12}")
# Administrative division, economic zone, kind of enterprise, serial number.
_CN_CUSTOMS = re.compile(r"[0-9]{4}[0-9A-Z]{6}")
# CBP Form 5106: employer's number and suffix, or year, district and port with a serial number.
_EIN_SUFFIX = re.compile(r"[0-9]{2}-?[0-9]{7}[0-9A-Z]{2}")
_CBP_ASSIGNED = re.compile(r"[0-9]{6}-?[0-9]{5}")
_SOCIAL_SECURITY = re.compile(r"[0-9]{3}-[0-9]{2}-[0-9]{4}(?:-?[0-9A-Z]{2})?")
_AU_REFERENCE = re.compile(r"[0-9]{12}")
_SG_GST = re.compile(r"M[0-9R][0-9]{7}[0-9A-Z]")


class _Special(Exception):
    """The number is of another kind; says of which and what to give instead."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message, self.fix = message, fix


@dataclass(frozen=True, slots=True)
class CodeScheme:
    """A scheme's number: in words, an example, and what returns its one spelling or raises."""

    name: str | Promise
    example: str
    read: Callable[[str], str]


def read_customs_code(number: str, *, scheme: str) -> str:
    """Return the one spelling under which a number is kept; what is wrong with it stays as it is."""
    try:
        return CODE_SCHEMES[scheme].read(_tidy(number))
    except (ValidationError, _Special):
        return compact_number(number)


def check_customs_code(number: str, *, scheme: str) -> Iterator[Problem]:
    """AC-04 and AC-05: a customs code has the form and the check digit of its scheme."""
    form = CODE_SCHEMES[scheme]
    try:
        form.read(_tidy(number))
    except _Special as special:
        yield Problem(scheme, "AC-04", special.message, special.fix)
    except InvalidChecksum:
        yield Problem(
            scheme,
            "AC-05",
            _("The check digit of this number does not match, so a character is mistyped."),
            _("Compare it with your papers, character by character: it is %(name)s.") % {"name": form.name},
        )
    except ValidationError:
        yield Problem(
            scheme,
            "AC-04",
            _("This is not %(name)s.") % {"name": form.name},
            _("It looks like %(example)s: copy it from the letter of registration.")
            % {"example": form.example},
        )


def _tidy(number: str) -> str:
    """Return the number without spaces, but with the hyphens that tell American numbers apart."""
    hyphened = "-".join(compact_number(part) for part in _DASHES.sub("-", number).split("-"))
    if not _PLAIN.fullmatch(hyphened.replace("-", "")):
        raise InvalidFormat
    return hyphened.strip("-")


def _eori(number: str) -> str:
    compact = number.replace("-", "")
    if compact.startswith("GB"):
        raise _Special(
            _("This is an EORI number of the United Kingdom."), _("Give it in the field for that country.")
        )
    if not (_EORI.fullmatch(compact) and compact[:2] in _EU):
        raise InvalidFormat
    return compact


def _gb_eori(number: str) -> str:
    compact = number.replace("-", "")
    if not _GB_EORI.fullmatch(compact):
        raise InvalidFormat
    if compact.endswith("000"):
        # Built on the VAT number, whose check digits it keeps.
        gb_vat.validate(compact[2:11])
    return compact


def _cn_customs(number: str) -> str:
    return _matched(_CN_CUSTOMS, number.replace("-", ""))


def _us_importer(number: str) -> str:
    if _SOCIAL_SECURITY.fullmatch(number):
        raise _Special(
            _("This is a social security number, which belongs to a person; we do not keep it here."),
            _("Give the employer's number with its suffix, or ask CBP for an assigned number (Form 5106)."),
        )
    if re.fullmatch(r"[0-9]{2}-?[0-9]{7}", number):
        raise _Special(
            _("The suffix of two characters is missing."),
            _("Add it after the employer's number, as in 91-114444200."),
        )
    compact = number.replace("-", "")
    if number[6:7] != "-" and _EIN_SUFFIX.fullmatch(compact):
        try:
            ein.validate(compact[:9])
        except ValidationError:
            if number[2:3] == "-":
                raise
        else:
            return f"{compact[:2]}-{compact[2:]}"
    _matched(_CBP_ASSIGNED, number)
    return f"{compact[:6]}-{compact[6:]}"


def _ioss(number: str) -> str:
    compact = number.replace("-", "")
    if re.fullmatch(r"IN[0-9]{10}", compact):
        raise _Special(
            _("This is an intermediary's own number (IN…), which no declaration may bear."),
            _("Give the IOSS number that the intermediary got for your company; it begins with IM."),
        )
    if compact.startswith("EU"):
        raise _Special(
            _("This is a number of the non-Union scheme for services (EU…), not for goods."),
            _("Give the number of the import scheme; it begins with IM."),
        )
    return oss.validate(_matched(re.compile(r"IM[0-9]{10}"), compact))


def _gb_vat(number: str) -> str:
    compact = number.replace("-", "").removeprefix("GB")
    return f"GB{gb_vat.validate(compact)}"


def _au_gst(number: str) -> str:
    compact = number.replace("-", "")
    # Simplified registration gives a reference number of twelve digits instead of an ABN.
    return compact if _AU_REFERENCE.fullmatch(compact) else abn.validate(compact)


def _sg_ovr(number: str) -> str:
    compact = number.replace("-", "")
    return compact if _SG_GST.fullmatch(compact) else uen.validate(compact)


def _matched(form: re.Pattern[str], number: str) -> str:
    if not form.fullmatch(number):
        raise InvalidFormat
    return number


CODE_SCHEMES: Mapping[str, CodeScheme] = {
    Scheme.EORI: CodeScheme(
        gettext_lazy("an EORI number of a member state of the European Union"), "NL004495445", _eori
    ),
    Scheme.GB_EORI: CodeScheme(
        gettext_lazy("an EORI number of the United Kingdom: GB and 12 digits"), "GB980780684000", _gb_eori
    ),
    Scheme.CN_CUSTOMS: CodeScheme(
        gettext_lazy("a customs registration code of China (海关编码), 10 characters"),
        "4403960123",
        _cn_customs,
    ),
    Scheme.US_IMPORTER: CodeScheme(
        gettext_lazy("an importer number: an employer's number with suffix, or one assigned by CBP"),
        "91-114444200",
        _us_importer,
    ),
    Scheme.IOSS: CodeScheme(gettext_lazy("an IOSS number: IM and 10 digits"), "IM5280001234", _ioss),
    Scheme.GB_VAT: CodeScheme(gettext_lazy("a VAT number of the United Kingdom"), "GB980780684", _gb_vat),
    Scheme.AU_GST: CodeScheme(
        gettext_lazy("an ABN of 11 digits, or a reference number (ARN) of 12"), "83 914 571 673", _au_gst
    ),
    Scheme.SG_OVR: CodeScheme(
        gettext_lazy("a GST registration number or a unique entity number"), "M90312345A", _sg_ovr
    ),
}
