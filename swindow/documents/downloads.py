"""Handing files out: other apps decide who may have one, and answer with `download_response`."""

from django.core.files.base import File
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from swindow.documents import storage
from swindow.documents.errors import FileNotReady, StorageUnavailable
from swindow.documents.models import IssuedDocument, StoredFile

_ISSUED_NAME = "{number}.pdf"


def open_stored(file: StoredFile) -> File:
    """Open an uploaded file; raises FileNotReady unless it is clean, or StorageUnavailable."""
    if file.state != StoredFile.State.CLEAN:
        raise FileNotReady
    return storage.open_object(file.storage_key)


def open_issued(document: IssuedDocument) -> File:
    """Open an issued paper, also a replaced or withdrawn one; raises FileNotReady or StorageUnavailable."""
    if not document.storage_key:
        raise FileNotReady
    return storage.open_object(document.storage_key)


def download_response(item: StoredFile | IssuedDocument) -> FileResponse:
    """Answer with the file as a download that no browser runs, embeds or keeps; call it after authorising."""
    if isinstance(item, StoredFile):
        return _response(open_stored(item), name=item.original_name, content_type=item.content_type)
    name = _ISSUED_NAME.format(number=item.number)
    return _response(open_issued(item), name=name, content_type="application/pdf")


def view_response(file: StoredFile) -> FileResponse:
    """Answer with a file for a frame of our own pages; `sandbox` keeps it from running anything."""
    response = _response(open_stored(file), name=file.original_name, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(False, file.original_name) or "inline"
    _allow_our_frames(response)
    return response


def trouble_response(trouble: FileNotReady | StorageUnavailable) -> HttpResponse:
    """Answer, in a frame or alone, that the file cannot be opened at the moment."""
    response = HttpResponse(f"{trouble}\n", status=503, content_type="text/plain; charset=utf-8")
    _allow_our_frames(response)
    return response


def _allow_our_frames(response: HttpResponseBase) -> None:
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'self'"
    response["X-Frame-Options"] = "SAMEORIGIN"


def _response(file: File, *, name: str, content_type: str) -> FileResponse:
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
