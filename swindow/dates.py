"""Days and moments as people read them, each language in its own order."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext


def when(moment: datetime | None) -> str:
    """Write a moment with its time zone: 23 November 2026, 14:00 UTC."""
    return _moment(moment, pgettext("date format", "j F Y, H:i T"))


def when_short(moment: datetime | None) -> str:
    """Write a moment of these days: 23 Nov, 14:00."""
    return _moment(moment, pgettext("short date format", "j M, H:i"))


def day(value: date | datetime | None) -> str:
    """Write a day: 23 November 2026."""
    return date_format(value, pgettext("day format", "j F Y")) if value else ""


def day_short(value: date | datetime | None) -> str:
    """Write a day of these weeks: 23 Nov."""
    return date_format(value, pgettext("short day format", "j M")) if value else ""


def _moment(moment: datetime | None, form: str) -> str:
    return date_format(timezone.localtime(moment), form) if moment else ""
