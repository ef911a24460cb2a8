"""What a company's registration number must look like, country by country; pure."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.au import abn
from stdnum.br import cnpj
from stdnum.ca import bn
from stdnum.ch import uid
from stdnum.cn import uscc
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.gb import vat as gb_vat
from stdnum.il import hp
from stdnum.in_ import gstin, pan
from stdnum.jp import cn as jp_cn
from stdnum.kr import brn
from stdnum.no import orgnr
from stdnum.nz import ird
from stdnum.sg import uen
from stdnum.th import moa
from stdnum.tr import vkn
from stdnum.tw import ubn
from stdnum.us import ein

from swindow.problems import Problem

_EU = frozenset(state.upper() for state in eu_vat.MEMBER_STATES)
_VAT_PREFIXES = {"GR": "EL"}
_SEPARATORS = re.compile(r"[\s./\-\u2010-\u2015\u2212]")
_ANY = re.compile(r"[A-Z0-9]{4,40}")
# Regulation (EU) 2015/2446, Annex B: country code and at most 15 characters.
_EORI = re.compile(r"[A-Z]{2}[A-Z0-9]{1,15}")
_SWISS_VAT = re.compile(r"(?:MWST|TVA|IVA|TPV)$")
_COMPANIES_HOUSE = re.compile(r"(?:\d{8}|[A-Z]{2}\d{6})")


@dataclass(frozen=True, slots=True)
class NumberScheme:
    """A country's number: its name, an example, and what raises ValidationError for a wrong one."""

    name: str | Promise
    example: str
    validate: Callable[[str], Any]


def compact_number(number: str) -> str:
    """Return a number in capitals without spaces, dots, slashes and hyphens; full-width digits are plain."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", number)).upper()


def check_registration_number(number: str, *, country: str) -> Iterator[Problem]:
    """AC-01 to AC-03: a registration number has the form and the check digit of its country."""
    scheme = scheme_of(country)
    compact = compact_number(number)
    if scheme is None:
        if not _ANY.fullmatch(compact):
            yield _any_problem()
        return
    if not _ANY.fullmatch(compact):
        # The libraries below know ASCII only.
        yield _form_problem(scheme)
        return
    if country in _EU and compact[:2] not in (country, _VAT_PREFIXES.get(country)):
        yield _form_problem(scheme)
        return
    try:
        scheme.validate(compact)
    except InvalidChecksum:
        yield _check_digit_problem(scheme)
    except ValidationError:
        yield _form_problem(scheme)


def scheme_of(country: str) -> NumberScheme | None:
    """Return how a country's companies are numbered; None where only the characters are checked."""
    return _EU_SCHEME if country in _EU else _SCHEMES.get(country)


def _validate_eu(number: str) -> None:
    """Accept a VAT number by its check digit, or anything else in the form of an EORI number."""
    try:
        eu_vat.validate(number)
    except InvalidChecksum:
        raise
    except ValidationError:
        if not (_EORI.fullmatch(number) and number[:2] in _EU):
            raise


def _validate_gb(number: str) -> None:
    """Accept a company number, a VAT number, or an EORI number: GB, VAT number, three zeros."""
    if _COMPANIES_HOUSE.fullmatch(number) and not number.startswith("GB"):
        return
    is_eori = number.startswith("GB") and len(number) == 14 and number.endswith("000")
    gb_vat.validate(number[:-3] if is_eori else number)


def _validate_in(number: str) -> None:
    """Accept a GSTIN by its check digit, or the PAN inside of it."""
    (pan if len(number) == 10 else gstin).validate(number)


def _validate_ch(number: str) -> None:
    """Accept a UID, also as VAT number with the letters of one of the languages behind it."""
    uid.validate(_SWISS_VAT.sub("", number))


def _validate_no(number: str) -> None:
    """Accept an organisation number, also as VAT number."""
    orgnr.validate(number.removesuffix("MVA"))


_EU_SCHEME = NumberScheme(gettext_lazy("an EORI or VAT number"), "NL004495445B01", _validate_eu)
_SCHEMES = {
    "AU": NumberScheme(gettext_lazy("an Australian business number (ABN)"), "83 914 571 673", abn.validate),
    "BR": NumberScheme(gettext_lazy("a CNPJ"), "16.727.230/0001-97", cnpj.validate),
    "CA": NumberScheme(gettext_lazy("a business number (BN)"), "12302 6635 RC 0001", bn.validate),
    "CH": NumberScheme(
        gettext_lazy("an enterprise identification number (UID)"), "CHE-100.155.212", _validate_ch
    ),
    "CN": NumberScheme(
        gettext_lazy("a unified social credit code (统一社会信用代码)"), "91110000600037341L", uscc.validate
    ),
    "GB": NumberScheme(gettext_lazy("a company, VAT or EORI number"), "GB980780684000", _validate_gb),
    "IL": NumberScheme(gettext_lazy("a company number"), "516179157", hp.validate),
    "IN": NumberScheme(gettext_lazy("a GSTIN or a PAN"), "27AAPFU0939F1ZV", _validate_in),
    "JP": NumberScheme(gettext_lazy("a corporate number (法人番号)"), "5-8356-7825-6246", jp_cn.validate),
    "KR": NumberScheme(
        gettext_lazy("a business registration number (사업자등록번호)"), "116-82-00276", brn.validate
    ),
    "NO": NumberScheme(gettext_lazy("an organisation number"), "988 077 917", _validate_no),
    "NZ": NumberScheme(gettext_lazy("an IRD number"), "49-091-850", ird.validate),
    "SG": NumberScheme(gettext_lazy("a unique entity number (UEN)"), "00192200M", uen.validate),
    "TH": NumberScheme(gettext_lazy("a company registration number"), "0 10 5 536 11201 4", moa.validate),
    "TR": NumberScheme(gettext_lazy("a tax number (VKN)"), "4540536920", vkn.validate),
    "TW": NumberScheme(gettext_lazy("a unified business number (統一編號)"), "00501503", ubn.validate),
    "US": NumberScheme(gettext_lazy("an employer identification number (EIN)"), "91-1144442", ein.validate),
}


def _any_problem() -> Problem:
    return Problem(
        "registration_number",
        "AC-01",
        _("A registration number has 4 to 40 letters and digits."),
        _("Copy it from your trade register."),
    )


def _form_problem(scheme: NumberScheme) -> Problem:
    return Problem(
        "registration_number",
        "AC-02",
        _("This is not %(name)s.") % {"name": scheme.name},
        _("It looks like %(example)s: copy it from your business licence or tax registration.")
        % {"example": scheme.example},
    )


def _check_digit_problem(scheme: NumberScheme) -> Problem:
    return Problem(
        "registration_number",
        "AC-03",
        _("The check digit of this number does not match, so a character is mistyped."),
        _("Compare it with your papers, character by character: it is %(name)s.") % {"name": scheme.name},
    )
