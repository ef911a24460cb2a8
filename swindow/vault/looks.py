"""The ledger of who has seen whose data."""

from datetime import datetime

from django.db import connection

_NOTE = """
    INSERT INTO vault_look (subject, viewer_id, capacity, what, reference, hour, first_at, times)
    VALUES (%(subject)s, %(viewer)s, %(capacity)s, %(what)s, %(reference)s,
            date_trunc('hour', %(at)s::timestamptz, 'UTC'), %(at)s, 1)
    ON CONFLICT (subject, viewer_id, what, reference, hour) DO UPDATE SET times = vault_look.times + 1
"""


def note(subject: str, *, viewer: int, capacity: str, what: str, reference: str, at: datetime) -> None:
    """Write that a person saw data of a subject; the same look in the same hour counts on one line.

    `capacity` says who that was to the subject: "agency:customs", "organisation:15", "portal".
    """
    facts: dict[str, str | int | datetime] = {"subject": subject, "viewer": viewer, "capacity": capacity}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, facts | {"what": what, "reference": reference, "at": at})
