"""Rotation: bring everything under the newest keys, in short transactions, while the portal works.

A batch that is done stays done, so a run that was stopped goes on where it was. What cannot be opened is
counted and left as it is: it must not keep the rest under an old key.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection, transaction
from django.utils.module_loading import import_string

from swindow.vault.errors import Unreadable
from swindow.vault.keys import index_keys, master_keys
from swindow.vault.models import Secret, SubjectKey
from swindow.vault.secrets import index_of, opened, unwrap_subject_key, wrap_subject_key

BATCH = 1000
_Row = TypeVar("_Row", SubjectKey, Secret)
_log = logging.getLogger(__name__)
# What other apps keep wrapped in rows of their own: `() -> int` wraps it anew and returns how many.
WRAPPED_ELSEWHERE = ("swindow.accounts.rewrapping.rewrap_second_factors",)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one short transaction did."""

    done: int
    unreadable: int
    last: int


def rotate() -> Iterator[tuple[str, Batch]]:
    """Wrap every subject key and index every secret anew; yield after each committed batch."""
    for name, step in (("keys", rewrap), ("indexes", reindex)):
        yield from ((name, batch) for batch in _batches(step))
    for path in WRAPPED_ELSEWHERE:
        yield path.rpartition("_")[2], Batch(done=import_string(path)(), unreadable=0, last=0)


@transaction.atomic
def rewrap(*, after: int, limit: int = BATCH) -> Batch:
    """Wrap the next subject keys under the newest master key; what is sealed under them stays as it is."""
    newest = master_keys().newest
    old = SubjectKey.objects.select_for_update().filter(pk__gt=after, destroyed_at=None)
    rows = list(old.exclude(master_key=newest).order_by("pk")[:limit])
    fresh = list(_each(rows, _wrapped_anew))
    _write(
        """
        UPDATE vault_subjectkey AS old SET wrapped = new.wrapped, master_key = %s
        FROM unnest(%s::bigint[], %s::bytea[]) AS new (id, wrapped) WHERE old.id = new.id
        """,
        newest,
        fresh,
    )
    return _batch(rows, fresh, after=after)


@transaction.atomic
def reindex(*, after: int, limit: int = BATCH) -> Batch:
    """Index the next secrets under the newest index key; until then the old key finds them."""
    ring = index_keys()
    old = Secret.objects.select_for_update(of=("self",)).select_related("key").filter(pk__gt=after)
    rows = list(old.filter(key__destroyed_at=None).exclude(index_key=ring.newest).order_by("pk")[:limit])
    key = ring.keys[ring.newest]
    fresh = list(_each(rows, lambda secret: index_of(secret.field, opened(secret), key=key)))
    _write(
        """
        UPDATE vault_secret AS old SET index = new.index, index_key = %s
        FROM unnest(%s::bigint[], %s::text[]) AS new (id, index) WHERE old.id = new.id
        """,
        ring.newest,
        fresh,
    )
    return _batch(rows, fresh, after=after)


def _batches(step: Callable[..., Batch]) -> Iterator[Batch]:
    batch = step(after=0)
    while batch.done or batch.unreadable:
        yield batch
        batch = step(after=batch.last)


def _each(rows: Sequence[_Row], make: Callable[[_Row], bytes | str]) -> Iterator[tuple[int, bytes | str]]:
    for row in rows:
        try:
            yield row.pk, make(row)
        except Unreadable:
            _log.exception("unreadable", extra={"row": f"{row._meta.db_table}:{row.pk}"})


def _wrapped_anew(key: SubjectKey) -> bytes:
    return wrap_subject_key(unwrap_subject_key(bytes(key.wrapped), subject=key.subject), subject=key.subject)


def _write(statement: str, newest: str, fresh: Sequence[tuple[int, bytes | str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [newest, [pk for pk, _ in fresh], [value for _, value in fresh]])


def _batch(rows: Sequence[_Row], fresh: Sequence[object], *, after: int) -> Batch:
    last = rows[-1].pk if rows else after
    return Batch(done=len(fresh), unreadable=len(rows) - len(fresh), last=last)
