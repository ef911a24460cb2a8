"""Do rows and objects agree? One sentence a finding, for `manage.py check_invariants` and the sweep."""

from collections.abc import Iterator
from datetime import datetime

from swindow.documents import storage
from swindow.documents.errors import StorageUnavailable
from swindow.documents.models import IssuedDocument, StoredFile


def findings() -> Iterator[str]:
    """Yield each row whose object is missing or differs from its hash; reads every object."""
    for name, key, sha256 in _rows_with_objects():
        try:
            found = storage.sha256_of(storage.get(key))
        except StorageUnavailable:
            yield f"{name}: the object {key} cannot be read"
            continue
        if found != sha256:
            yield f"{name}: the object {key} is not the one that was stored"


def orphans(*, before: datetime) -> Iterator[str]:
    """Yield the keys of objects written before that moment which no row names."""
    known = {key for _name, key, _sha256 in _rows_with_objects()}
    # A paper in the making may yet adopt the file that a killed worker left.
    issuing = IssuedDocument.objects.filter(state=IssuedDocument.State.ISSUING)
    unfinished = set(issuing.values_list("number", flat=True))
    for key, written_at in storage.walk():
        if written_at < before and key not in known and unfinished.isdisjoint(key.split("/")):
            yield key


def remove_orphans(*, before: datetime) -> int:
    """Remove such objects; returns how many. `before` must lie well behind any running request."""
    doomed = list(orphans(before=before))
    for key in doomed:
        storage.remove(key)
    return len(doomed)


def _rows_with_objects() -> Iterator[tuple[str, str, str]]:
    files = StoredFile.objects.exclude(storage_key="")
    yield from files.values_list("reference", "storage_key", "sha256").iterator()
    papers = IssuedDocument.objects.exclude(storage_key="")
    yield from papers.values_list("number", "storage_key", "sha256").iterator()
