"""What numbers and accounts must look like; pure."""

from swindow.accounts.rules.bank_accounts import (
    bank_account_text,
    check_bank_account,
    check_representative_id,
)
from swindow.accounts.rules.customs_codes import CODE_SCHEMES, check_customs_code, read_customs_code
from swindow.accounts.rules.registration_numbers import (
    NumberScheme,
    check_registration_number,
    compact_number,
    scheme_of,
)
from swindow.accounts.rules.spellings import is_same_name, is_same_number, number_pattern, plain_name

__all__ = [
    "CODE_SCHEMES",
    "NumberScheme",
    "bank_account_text",
    "check_bank_account",
    "check_customs_code",
    "check_registration_number",
    "check_representative_id",
    "compact_number",
    "is_same_name",
    "is_same_number",
    "number_pattern",
    "plain_name",
    "read_customs_code",
    "scheme_of",
]
