"""Files come in and go out: every one through a view that asks whose it is."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from declarations.forms.documents import UploadForm
from swindow.accounts.models import Organisation
from swindow.documents.downloads import download_response
from swindow.documents.errors import FileNotReady, StorageUnavailable, UploadRefused
from swindow.documents.models import IssuedDocument, StoredFile
from swindow.documents.uploads import store_upload

_RETRY_AFTER_SECONDS = "60"


def take_file(form: UploadForm, *, owner: Organisation) -> StoredFile | None:
    """Return the form's file, now stored or stored before; a refusal stands beside the field.

    Raises StorageUnavailable when nothing can be stored at the moment.
    """
    uploaded = form.files.get(form.add_prefix("file"))
    if uploaded is None:
        return _stored_before(form, owner=owner)
    try:
        file = store_upload(uploaded, owner_id=owner.pk, name=uploaded.name or "", at=timezone.now())
    except UploadRefused as refusal:
        form.errors.pop("file", None)
        form.add_error("file", ValidationError(f"{refusal.message} {refusal.fix}", code="refused"))
        return None
    # What is received stays received while other fields are mended.
    form.replace_value("stored", file.reference)
    form.errors.pop("file", None)
    return file


def serve(request: HttpRequest, item: StoredFile | IssuedDocument) -> HttpResponseBase:
    """Answer with a file, or say why it cannot be had at the moment."""
    try:
        return download_response(item)
    except FileNotReady as error:
        return unavailable(request, str(error.message))
    except StorageUnavailable as error:
        return unavailable(request, str(error.message))


def unavailable(request: HttpRequest, message: str) -> HttpResponse:
    """Say that files cannot be saved or read now."""
    response = render(request, "declarations/unavailable.html", {"message": message}, status=503)
    response.headers["Retry-After"] = _RETRY_AFTER_SECONDS
    return response


def _stored_before(form: UploadForm, *, owner: Organisation) -> StoredFile | None:
    reference = str(form.data.get(form.add_prefix("stored"), ""))
    if not reference or "\0" in reference:
        return None
    file = StoredFile.objects.filter(owner_id=owner.pk, reference=reference).first()
    if file is None:
        form.add_error("file", ValidationError(_("Choose the file again."), code="gone"))
    return file
