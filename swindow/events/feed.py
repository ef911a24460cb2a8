"""Reading events in their order without leaving one out."""

import time

from django.db import connection

_PATIENCE_SECONDS = 1.0
_LOOK_SECONDS = 0.01


def settled_until() -> int:
    """Return an event number up to which no further event can appear; 0 while a writer takes too long.

    Numbers are drawn before commit: a reader that has seen 7 would never ask for a 6 that is committed
    later. Whoever draws one keeps its lock on the sequence until the end of the transaction. So: read the
    last number first, then see who writes, and wait for exactly those.
    """
    last = _last_number()
    writers = _writers()
    ends_at = time.monotonic() + _PATIENCE_SECONDS
    while writers:
        if time.monotonic() > ends_at:
            return 0
        time.sleep(_LOOK_SECONDS)
        writers &= _writers()
    return last


def _last_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM events_event_id_seq")
        return int(cursor.fetchone()[0])


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT held.virtualtransaction FROM pg_locks AS held
            WHERE held.locktype = 'relation' AND held.relation = 'events_event_id_seq'::regclass
              AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND held.mode = 'RowExclusiveLock' AND held.pid <> pg_backend_pid()
            """
        )
        return {writer for (writer,) in cursor.fetchall()}
