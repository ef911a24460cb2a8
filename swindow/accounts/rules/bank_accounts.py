"""What a bank account for refunds and a representative's identity number must look like; pure."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from stdnum import bic as bic_numbers
from stdnum import iban, numdb
from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, ValidationError

from swindow.accounts.rules.registration_numbers import compact_number
from swindow.problems import Problem

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}")
_ACCOUNT = re.compile(r"[A-Z0-9]{4,30}")
_BIC = re.compile(r"[A-Z0-9]{8,11}")
_IDENTITY = re.compile(r"[A-Z0-9]{4,30}")
_RESIDENT = re.compile(r"[0-9]{17}[0-9X]")


def bank_account_text(account: str, *, bic: str) -> str:
    """Return an account as it is kept: the IBAN, or the bank's code and the account number."""
    number, bank = compact_number(account), compact_number(bic)
    return number if not bank or _IBAN.fullmatch(number) else f"{bank} {number}"


def check_bank_account(account: str, *, bic: str) -> Iterator[Problem]:
    """AC-06: an account is an IBAN with right check digits, or a number with the bank's SWIFT code."""
    number, bank = compact_number(account), compact_number(bic)
    if bank and not _is_bic(bank):
        yield _bad_bic()
    elif _IBAN.fullmatch(number):
        yield from _check_iban(number, bank=bank)
    elif not _ACCOUNT.fullmatch(number):
        yield _bad_account()
    elif not bank:
        yield _no_bank()
    elif _has_ibans(bank[4:6]):
        yield _iban_wanted(bank[4:6])


def check_representative_id(number: str, *, country: str) -> Iterator[Problem]:
    """AC-07: in China the identity number has 18 characters and a check digit, elsewhere 4 to 30."""
    compact = compact_number(number)
    if country != "CN":
        if not _IDENTITY.fullmatch(compact):
            yield _identity(
                _("An identity number has 4 to 30 letters and digits."), _("Copy it from the document.")
            )
        return
    try:
        ric.validate(compact if _RESIDENT.fullmatch(compact) else "")
    except InvalidChecksum:
        yield _identity(
            _("The check digit of this number does not match, so a character is mistyped."),
            _("Compare it with the identity card, digit by digit."),
        )
    except ValidationError:
        yield _identity(
            _("This is not a resident identity number (公民身份号码)."),
            _("It has 18 characters: place, date of birth, serial number and check digit."),
        )


def _check_iban(number: str, *, bank: str) -> Iterator[Problem]:
    try:
        iban.validate(number)
    except InvalidChecksum:
        yield _account(
            _("The check digits of this IBAN do not match, so a character is mistyped."),
            _("Compare it with your bank statement, character by character."),
        )
    except ValidationError:
        yield _account(
            _("This is not an IBAN of its country."), _("Copy it from your bank statement, without words.")
        )
    else:
        if bank and bank[4:6] != number[:2]:
            yield _bic(
                _("The SWIFT code is of another country than the IBAN."), _("Correct it, or leave it empty.")
            )


def _is_bic(bank: str) -> bool:
    return bool(_BIC.fullmatch(bank)) and bool(bic_numbers.is_valid(bank))


def _has_ibans(country: str) -> bool:
    return bool(numdb.get("iban").info(country)[0][1])


def _bad_bic() -> Problem:
    return _bic(
        _("This is not a SWIFT code (BIC)."),
        _("It has 8 or 11 characters, like DBSSSGSG: your bank statement shows it."),
    )


def _bad_account() -> Problem:
    return _account(
        _("An account number has 4 to 30 letters and digits."), _("Copy it from your bank statement.")
    )


def _no_bank() -> Problem:
    return _bic(
        _("An account number that is no IBAN needs the SWIFT code (BIC) of the bank."),
        _("Add it: your bank statement shows it."),
    )


def _iban_wanted(country: str) -> Problem:
    return _account(
        _("Accounts in this country (%(country)s) have an IBAN.") % {"country": country},
        _("Give the IBAN: it begins with %(country)s.") % {"country": country},
    )


def _account(message: str, fix: str) -> Problem:
    return Problem("bank_account", "AC-06", message, fix)


def _bic(message: str, fix: str) -> Problem:
    return Problem("bank_bic", "AC-06", message, fix)


def _identity(message: str, fix: str) -> Problem:
    return Problem("representative_id", "AC-07", message, fix)
