"""Taking a file in: size, name, kind, really opening it, virus check, storage, row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Final

import filetype
from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from swindow.documents import sandbox, storage
from swindow.documents.errors import UploadRefused
from swindow.documents.models import StoredFile, new_file_reference
from swindow.documents.rules import EXTENSIONS, clean_name, name_fits
from swindow.documents.scanner import Verdict, scan

# A picture may grow when it is written anew.
_CLEAN_LIMIT = 4 * settings.UPLOAD_MAX_BYTES
_ANOTHER_COPY = _("Open it on your computer, save or print it as a new PDF, and send that.")
_PLAIN_COPY = _("Print it to a new PDF, which leaves such parts out, and send that.")
_SMALLER = _("Send a smaller or simpler copy, under 10 MB.")
# Code of the sandbox -> what is wrong, what to do.
_REASONS: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "empty": (_("This file is empty."), _("Choose the file again.")),
    "too_big": (_("This file is larger than 10 MB."), _SMALLER),
    "kind": (
        _("This file is not a PDF, JPEG or PNG."),
        _("Save it as a PDF, or take a picture of it, and send that."),
    ),
    "name": (
        _("The ending of the file's name does not fit what is in it."),
        _("Save it again as PDF, JPEG or PNG so that the name ends in .pdf, .jpg or .png."),
    ),
    "damaged": (_("This file is damaged and cannot be opened."), _ANOTHER_COPY),
    "too_heavy": (_("This file takes too long to open."), _SMALLER),
    "pdf_encrypted": (
        _("This PDF is protected by a password."),
        _("Remove the protection and send it again."),
    ),
    "pdf_pages": (_("This PDF has no pages, or more than 1,000."), _("Send the pages that are needed.")),
    "pdf_script": (_("This PDF contains a script."), _PLAIN_COPY),
    "pdf_action": (_("This PDF starts an action or opens another file."), _PLAIN_COPY),
    "pdf_attachment": (_("This PDF has other files attached inside it."), _("Send each file by itself.")),
    "pdf_media": (_("This PDF contains sound, film or 3D content."), _PLAIN_COPY),
    "pdf_form": (_("This PDF is an XFA form."), _PLAIN_COPY),
    "picture_pixels": (_("This picture has more than 25 million pixels."), _("Send a smaller picture.")),
    "picture_frames": (_("This picture is animated."), _("Send one still picture.")),
    "infected": (_("The virus check found harmful content in this file."), _("Do not send it again.")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    content_type: str
    clean: bytes


def store_upload(file: IO[bytes], *, owner_id: int, name: str, at: datetime) -> StoredFile:
    """Check, clean and keep a file; raises UploadRefused or StorageUnavailable, and then keeps nothing.

    While the virus scanner does not answer the file is kept in state `quarantined` and cannot be opened.
    """
    received = _read(file)
    shown_name = clean_name(name)
    opened = _open(received, name=shown_name)
    # The bytes as they came, because cleaning could hide from the scanner what it knows.
    verdict = scan(received)
    if verdict is Verdict.INFECTED:
        raise _refusal("infected")
    waits = verdict is Verdict.NO_ANSWER
    return _keep(
        StoredFile(
            owner_id=owner_id,
            original_name=shown_name,
            content_type=opened.content_type,
            size=len(opened.clean),
            sha256=storage.sha256_of(opened.clean),
            received_sha256=storage.sha256_of(received),
            state=StoredFile.State.QUARANTINED if waits else StoredFile.State.CLEAN,
            scanned_at=at if verdict is Verdict.CLEAN else None,
            uploaded_at=at,
        ),
        data=opened.clean,
    )


def scan_waiting(*, at: datetime, limit: int = 100) -> int:
    """Repeat the virus check of the files that wait for it, oldest first; returns how many were decided."""
    waiting = StoredFile.objects.filter(state=StoredFile.State.QUARANTINED).order_by("uploaded_at")
    return sum(_scan_again(file.pk, at=at) for file in waiting[:limit])


@transaction.atomic
def _scan_again(file_id: int, *, at: datetime) -> bool:
    rows = StoredFile.objects.select_for_update(skip_locked=True)
    file = rows.filter(pk=file_id, state=StoredFile.State.QUARANTINED).first()
    verdict = scan(storage.get(file.storage_key)) if file else Verdict.NO_ANSWER
    if file is None or verdict is Verdict.NO_ANSWER:
        return False
    if verdict is Verdict.INFECTED:
        # The object itself is removed by the sweep, once this is committed.
        file.state, file.storage_key = StoredFile.State.REFUSED, ""
        file.refusal_reason = str(_REASONS["infected"][0])
    else:
        file.state = StoredFile.State.CLEAN
    file.scanned_at = at if verdict is not Verdict.NO_SCANNER else None
    file.save(update_fields=["state", "storage_key", "refusal_reason", "scanned_at"])
    return True


def _read(file: IO[bytes]) -> bytes:
    data = file.read(settings.UPLOAD_MAX_BYTES + 1)
    if not data:
        raise _refusal("empty")
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise _refusal("too_big")
    return data


def _open(data: bytes, *, name: str) -> _Opened:
    content_type = filetype.guess_mime(data)
    if content_type == "image/apng":
        raise _refusal("picture_frames")
    if content_type not in EXTENSIONS:
        raise _refusal("kind")
    if not name_fits(name, content_type=content_type):
        raise _refusal("name")
    answer = sandbox.run("open_upload", content_type, data=data)
    if answer is None:
        raise _refusal("too_heavy")
    if "refused" in answer.head:
        raise _refusal(answer.head["refused"])
    if not 0 < len(answer.body) <= _CLEAN_LIMIT:
        raise _refusal("too_heavy")
    return _Opened(content_type=content_type, clean=answer.body)


def _keep(file: StoredFile, *, data: bytes) -> StoredFile:
    file.reference = new_file_reference()
    file.storage_key = f"stored/{file.reference[:2].lower()}/{file.reference}{_suffix(file)}"
    storage.put(file.storage_key, data)
    try:
        with transaction.atomic():
            file.save()
    except BaseException:
        storage.remove(file.storage_key)
        raise
    return file


def _suffix(file: StoredFile) -> str:
    return PurePosixPath(file.original_name).suffix.lower()


def _refusal(code: str) -> UploadRefused:
    message, fix = _REASONS.get(code, _REASONS["damaged"])
    return UploadRefused(message, fix=fix, code=code)
