"""The file store behind one door: whole objects in, whole objects out, one error when it fails."""

import contextlib
import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage

from swindow.documents.errors import StorageUnavailable

FOLDERS = ("stored", "issued")
_PARTIAL = ".part-"
_log = logging.getLogger(__name__)


class DurableFileStorage(FileSystemStorage):
    """A folder in which a file is whole and on the disk, or not there, whatever is killed."""

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, partial = tempfile.mkstemp(dir=target.parent, prefix=_PARTIAL)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(partial).replace(target)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        return name


def sha256_of(data: bytes) -> str:
    """Return the hash as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def put(key: str, data: bytes) -> None:
    """Store an object; repeating it with the same bytes changes nothing. Raises StorageUnavailable."""
    with _guarded("put", key):
        if default_storage.exists(key):
            if _read(key) == data:
                return
            default_storage.delete(key)
        saved = default_storage.save(key, ContentFile(data))
        if saved != key:
            default_storage.delete(saved)
            raise OSError(f"the store kept {key} under another name")


def get(key: str) -> bytes:
    """Return an object's bytes; raises StorageUnavailable, also when it is missing."""
    with _guarded("get", key):
        return _read(key)


def open_object(key: str) -> File:
    """Open an object for reading; raises StorageUnavailable, also when it is missing."""
    with _guarded("open", key):
        return default_storage.open(key, "rb")


def remove(key: str) -> None:
    """Remove an object; one that is gone already is no error."""
    with _guarded("remove", key):
        default_storage.delete(key)


def keys_under(folder: str) -> list[str]:
    """Return the keys of the objects directly in a folder, which need not exist."""
    with _guarded("list", folder):
        return [f"{folder}/{name}" for name in _listed(folder)[1]]


def walk() -> Iterator[tuple[str, datetime]]:
    """Yield each object's key and the time when it was written, partial files included."""
    pending = list(FOLDERS)
    while pending:
        folder = pending.pop()
        with _guarded("list", folder):
            folders, names = _listed(folder)
        pending += [f"{folder}/{name}" for name in folders]
        for name in names:
            key = f"{folder}/{name}"
            # A file that vanishes between listing and asking was removed by its owner.
            with contextlib.suppress(FileNotFoundError):
                yield key, default_storage.get_modified_time(key)


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return folders, [name for name in names if name]


def _read(key: str) -> bytes:
    with default_storage.open(key, "rb") as file:
        return bytes(file.read())


@contextlib.contextmanager
def _guarded(action: str, key: str) -> Iterator[None]:
    try:
        yield
    except SuspiciousFileOperation:
        raise
    except (OSError, BotoCoreError, ClientError) as error:
        _log.exception("file store failed", extra={"action": action, "key": key})
        raise StorageUnavailable from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
