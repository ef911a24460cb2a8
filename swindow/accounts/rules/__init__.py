"""What numbers and accounts must look like; pure."""

from swindow.accounts.rules.registration_numbers import (
    NumberScheme,
    check_registration_number,
    compact_number,
    scheme_of,
)

__all__ = ["NumberScheme", "check_registration_number", "compact_number", "scheme_of"]
