"""Editions of the Harmonized System and the days from which they are in force."""

from datetime import date

EDITION = "HS2022"
"""The edition whose texts this package holds."""

# Amendments under Article 16 of the HS Convention, edition by edition.
_IN_FORCE = (
    (date(2028, 1, 1), "HS2028"),
    (date(2022, 1, 1), "HS2022"),
    (date(2017, 1, 1), "HS2017"),
    (date(2012, 1, 1), "HS2012"),
)


def edition_for(*, on: date) -> str:
    """Return the edition in force on the day (HS Convention, Article 16); raises ValueError before 2012."""
    for first_day, edition in _IN_FORCE:
        if on >= first_day:
            return edition
    raise ValueError(f"No edition of the Harmonized System before 2012 is kept here; {on} is too early.")
