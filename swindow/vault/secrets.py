"""Seal a value for a row, show it again, find equal ones, and forget."""

import hashlib
import hmac
import secrets as random
import unicodedata
from datetime import datetime

from django.db import transaction

from swindow.vault.errors import Forgotten
from swindow.vault.keys import KEY_BYTES, decrypt, encrypt, index_keys, unwrap, wrap, wrapped_by
from swindow.vault.models import Secret, SubjectKey


@transaction.atomic
def seal(subject: str, *, row: str, field: str, value: str, at: datetime) -> None:
    """Keep a value of a subject sealed for one field of one row, in place of an earlier one.

    Raises Forgotten when the subject was erased, KeysMissing, and ValueError for an empty value.
    """
    if not value:
        raise ValueError("there is nothing to seal: call forget() for a value that was taken away")
    key = _key_of(subject, at=at)
    ring = index_keys()
    Secret.objects.update_or_create(
        row=row,
        field=field,
        defaults={
            "key": key,
            "sealed": encrypt(_opened(key), value.encode(), bound_to=_place(row, field, key)),
            "index": index_of(field, value, key=ring.keys[ring.newest]),
            "index_key": ring.newest,
            "hint": _hint(value),
            "sealed_at": at,
        },
    )


def reveal(row: str, field: str) -> str:
    """Return the value in clear, or "" when there is none or it was erased; raises Unreadable.

    The caller notes the look and shows the value in one answer only.
    """
    secret = Secret.objects.select_related("key").filter(row=row, field=field).first()
    return opened(secret) if secret and secret.key.destroyed_at is None else ""


def opened(secret: Secret) -> str:
    """Return what a secret seals; raises Unreadable."""
    place = _place(secret.row, secret.field, secret.key)
    return decrypt(_opened(secret.key), bytes(secret.sealed), bound_to=place).decode()


def hint_of(row: str, field: str) -> str:
    """Return the last characters by which people recognise the value, or ""."""
    found = Secret.objects.filter(row=row, field=field, key__destroyed_at=None)
    return found.values_list("hint", flat=True).first() or ""


def rows_with(field: str, value: str) -> set[str]:
    """Return the rows whose field holds the same value, however it was spelled."""
    wanted = [index_of(field, value, key=key) for key in index_keys().keys.values()]
    found = Secret.objects.filter(field=field, index__in=wanted, key__destroyed_at=None)
    return set(found.values_list("row", flat=True))


def forget(row: str, field: str) -> None:
    """Remove one sealed value; one that is gone already is no error."""
    Secret.objects.filter(row=row, field=field).delete()


@transaction.atomic
def forget_subject(subject: str, *, at: datetime) -> int:
    """Destroy the subject's key, so that no backup opens its values again; return how many there were."""
    # Made when missing, so that a seal that is under way finds it destroyed.
    key = _row_of(subject, at=at)
    count, _ = Secret.objects.filter(key=key).delete()
    if key.destroyed_at is None:
        key.wrapped, key.destroyed_at = b"", at
        key.save(update_fields=["wrapped", "destroyed_at"])
    return count


def index_of(field: str, value: str, *, key: bytes) -> str:
    """Return the blind index of a value: equal for equal values of one field, and telling nothing else."""
    return hmac.new(key, f"{field}|{normalised(value)}".encode(), hashlib.sha256).hexdigest()


def normalised(value: str) -> str:
    """Return the value without the freedom that people have in spelling it."""
    wide = unicodedata.normalize("NFKC", value)
    return "".join(character for character in wide.upper() if character.isalnum()) or wide


def wrap_subject_key(key: bytes, *, subject: str) -> bytes:
    """Wrap a subject's data key, bound to the subject."""
    return wrap(key, bound_to=f"vault_subjectkey|{subject}")


def unwrap_subject_key(wrapped: bytes, *, subject: str) -> bytes:
    """Open a subject's data key; raises Unreadable."""
    return unwrap(wrapped, bound_to=f"vault_subjectkey|{subject}")


def _key_of(subject: str, *, at: datetime) -> SubjectKey:
    key = _row_of(subject, at=at)
    if key.destroyed_at is not None:
        raise Forgotten(f"The data of {subject} were erased on {key.destroyed_at:%Y-%m-%d}.")
    return key


def _row_of(subject: str, *, at: datetime) -> SubjectKey:
    """Return the subject's key row locked; two first seals at once make one."""
    found = SubjectKey.objects.select_for_update().filter(subject=subject)
    row = found.first()
    if row is None:
        SubjectKey.objects.bulk_create([_fresh_key(subject, at=at)], ignore_conflicts=True)
        row = found.get()
    return row


def _fresh_key(subject: str, *, at: datetime) -> SubjectKey:
    wrapped = wrap_subject_key(random.token_bytes(KEY_BYTES), subject=subject)
    return SubjectKey(subject=subject, wrapped=wrapped, master_key=wrapped_by(wrapped), made_at=at)


def _opened(key: SubjectKey) -> bytes:
    return unwrap_subject_key(bytes(key.wrapped), subject=key.subject)


def _place(row: str, field: str, key: SubjectKey) -> bytes:
    # A ciphertext that is copied to another row, field or subject does not open there.
    return f"vault_secret|{row}|{field}|{key.pk}".encode()


def _hint(value: str) -> str:
    plain = normalised(value)
    if len(plain) < 4:
        return ""
    return plain[-4:] if len(plain) >= 8 else plain[-2:]
