"""The ledger of who has seen whose data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

_NOTE = """
    INSERT INTO vault_look (subject, viewer_id, capacity, what, reference, hour, first_at, times)
    SELECT subject, %(viewer)s, %(capacity)s, %(what)s, %(reference)s,
           date_trunc('hour', %(at)s::timestamptz, 'UTC'), %(at)s, 1
    FROM unnest(%(subjects)s::text[]) AS subject
    ON CONFLICT (subject, viewer_id, what, reference, hour) DO UPDATE SET times = vault_look.times + 1
"""
# Pages of the same record within an hour are one record; another hour is another opening. A file is told
# from the record that it belongs to by a second word.
_OPENED = """
    SELECT count(DISTINCT split_part(reference, ' ', 1))
               FILTER (WHERE first_at > %(at)s - interval '1 minute'),
           count(DISTINCT (split_part(reference, ' ', 1), hour))
    FROM vault_look WHERE viewer_id = %(viewer)s AND first_at > %(at)s - interval '1 day'
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """How many records somebody opened within the last minute and the last day."""

    minute: int
    day: int


def note(subject: str, *, viewer: int, capacity: str, what: str, reference: str, at: datetime) -> None:
    """Write that a person saw data of a subject; the same look in the same hour counts on one line.

    `capacity` says who that was to the subject: "agency:customs", "organisation:15", "portal".
    """
    note_all([subject], viewer=viewer, capacity=capacity, what=what, reference=reference, at=at)


def note_all(
    subjects: Sequence[str], *, viewer: int, capacity: str, what: str, reference: str, at: datetime
) -> None:
    """Write one look at the data of several different subjects, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE,
            {
                "subjects": list(subjects),
                "viewer": viewer,
                "capacity": capacity,
                "what": what,
                "reference": reference,
                "at": at,
            },
        )


def opened_by(viewer: int, *, at: datetime) -> Opened:
    """Count the records that a person opened lately; one indexed query."""
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, {"viewer": viewer, "at": at})
        minute, day = cursor.fetchone()
    return Opened(minute, day)
