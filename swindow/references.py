"""Public references: a year, a number from the database and a check character, never a row's id."""

from datetime import date

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_MRN_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# ISO 6346 letter values: multiples of eleven are left out.
_ISO6346 = {
    **{str(digit): digit for digit in range(10)},
    **dict(
        zip(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            [value for value in range(10, 39) if value % 11],
            strict=True,
        )
    ),
}


def reference(prefix: str, number: int, *, on: date) -> str:
    """Return for example SW-26-0000017K; the last character catches a mistyped one."""
    body = f"{on:%y}{number:07d}"
    check = _ALPHABET[sum(place * int(digit) for place, digit in enumerate(body, start=2)) % 31]
    return f"{prefix}-{on:%y}-{number:07d}{check}"


def mrn(number: int, *, country: str, on: date) -> str:
    """Return a movement reference number of 18: year, country, 13 characters, check digit.

    The form is that of Annex A of Implementing Regulation (EU) 2015/2447, the check digit ISO 6346's.
    """
    body = f"{on:%y}{country}{_base36(number):0>13}"
    return f"{body}{iso6346_check_digit(body)}"


def iso6346_check_digit(body: str) -> int:
    """Return the check digit of ISO 6346 over letters and digits."""
    total = sum(_ISO6346[character] << place for place, character in enumerate(body))
    return total % 11 % 10


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _MRN_DIGITS[rest] + digits
    return digits or "0"
