"""How long a verification holds; pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from swindow.problems import Problem

USUAL_YEARS, MOST_YEARS = 2, 5
# From then on a company may send the same data again, and is told so by mail.
RENEWAL = timedelta(days=30)


def usual_end(today: date) -> date:
    """Return the last day of a verification that begins today."""
    return _years_later(today, USUAL_YEARS)


def latest_end(today: date) -> date:
    """Return the last day that an officer may choose."""
    return _years_later(today, MOST_YEARS)


def check_valid_until(until: date, *, today: date) -> Iterator[Problem]:
    """AC-72: a verification ends after today, and within five years."""
    if not today < until <= latest_end(today):
        yield Problem(
            "valid_until",
            "AC-72",
            _("A verification ends after today and within %(years)d years.") % {"years": MOST_YEARS},
            _("Choose another day."),
        )


def may_renew(until: date | None, *, today: date) -> bool:
    """Tell whether a verification ends so soon that the company may ask for the next one."""
    return until is not None and until - RENEWAL <= today


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # The 29th of February.
        return day.replace(year=day.year + years, day=28)
