"""Single cells: codes, days, marked-up texts."""

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from tariffs.schedules.rows import NotRead

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BLANKS = re.compile(r"\s+")
_PADDED = re.compile(r"(\d{10})(?:\s+\d{2})?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?", re.ASCII)
_EUROPEAN = re.compile(r"(\d{2})[-/.](\d{2})[-/.](\d{4})", re.ASCII)
_DEEPEST = 20
_LIST_MARKS = re.compile(r"[|,;\s]+")


def plain(text: str) -> str:
    """Return the text without mark-up and with single blanks."""
    return _BLANKS.sub(" ", _TAG.sub("", text)).strip()


def trimmed(code: str) -> str:
    """Return a code without the pairs of zeros that only fill it up: 0101000000 is heading 0101."""
    while len(code) > 2 and code.endswith("00") and len(code) % 2 == 0:
        code = code[:-2]
    return code


def padded_code(text: str) -> str:
    """Return the trimmed code of ten written digits; raises NotRead for anything else."""
    match = _PADDED.fullmatch(text.strip())
    if match is None:
        raise NotRead(
            _(
                "The code does not have ten digits. A spreadsheet may have taken a leading zero away: keep"
                " the column as text."
            )
        )
    return trimmed(match.group(1))


def day(text: str) -> date | None:
    """Return the day (2026-07-01 or 01-07-2026), None for an empty cell; raises NotRead."""
    if not text:
        return None
    iso, european = _ISO.fullmatch(text), _EUROPEAN.fullmatch(text)
    try:
        if iso:
            return date(*map(int, iso.groups()))
        if european:
            return date(*map(int, reversed(european.groups())))
    except ValueError:
        pass
    raise NotRead(_("“%(text)s” is not a day. Write it as 2026-07-01 or 01-07-2026.") % {"text": text})


def depth(text: str) -> int:
    """Return the indent, written as a number or as dashes; raises NotRead for what cannot be one."""
    if text.isdecimal() and int(text[:3]) <= _DEEPEST:
        return int(text)
    if text and not text.strip("- ") and text.count("-") <= _DEEPEST:
        return text.count("-")
    raise NotRead(_("The indent “%(text)s” is not a number.") % {"text": text})


def after(last: date | None) -> date | None:
    """Return the first day on which a measure no longer holds: authorities print the last one."""
    return None if last is None or last == date.max else last + timedelta(days=1)


def listed(text: str) -> str:
    """Return codes parted by single blanks, however the file parts them."""
    return " ".join(part for part in _LIST_MARKS.split(text) if part)
