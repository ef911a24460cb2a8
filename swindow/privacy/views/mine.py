"""One's own data: what is kept and why, a copy of it, and erasure."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from swindow.accounts.signed_in import person_of
from swindow.accounts.signing_in.second_factor import has_second_factor, step_up
from swindow.documents.errors import StorageUnavailable
from swindow.personal_data import CATALOGUE
from swindow.privacy import lifecycle
from swindow.privacy.copies import read_copy
from swindow.privacy.models import Consent, DataCopy, Erasure
from swindow.problems import Refused
from swindow.vault.errors import Unreadable


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show what is kept, the copies, the consents and how to be forgotten."""
    return _page(request)


@login_required
@require_POST
def copy_ask(request: HttpRequest) -> HttpResponse:
    """Have a copy made by a worker."""
    try:
        lifecycle.ask_for_copy(person_of(request), at=timezone.now())
    except Refused as refusal:
        return _page(request, problems=refusal.problems, status=409)
    messages.success(request, _("The copy is being made. You get a mail when it is ready."))
    return redirect("privacy:mine")


@login_required
@require_POST
@step_up
def copy_download(request: HttpRequest, reference: str) -> HttpResponse:
    """Hand the person's own copy out, after a fresh second step."""
    person = person_of(request)
    copy = get_object_or_404(DataCopy.objects.for_actor(person), reference=reference)
    if not isinstance(copy, DataCopy) or copy.status != DataCopy.Status.READY:
        raise Http404
    try:
        data = read_copy(copy)
    except Unreadable as trouble:
        # Its master key was taken out of the environment within the copy's seven days.
        raise Http404 from trouble
    except StorageUnavailable as trouble:
        return HttpResponse(f"{trouble}\n", status=503, content_type="text/plain; charset=utf-8")
    lifecycle.note_download(copy, by=person, at=timezone.now())
    response = HttpResponse(data, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"{copy.reference}.zip") or ""
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
@step_up
def erasure_ask(request: HttpRequest) -> HttpResponse:
    """Have the person forgotten, after a fresh second step."""
    if request.POST.get("is_sure") != "on":
        return _page(request, is_unsure=True, status=422)
    try:
        lifecycle.ask_for_erasure(person_of(request), at=timezone.now())
    except Refused as refusal:
        return _page(request, problems=refusal.problems, status=409)
    messages.success(
        request, _("Your request is being worked on. You get a mail with the result; then the account ends.")
    )
    return redirect("privacy:mine")


def _page(request: HttpRequest, *, status: int = 200, **shown: Any) -> HttpResponse:
    person = person_of(request)
    erasure = Erasure.objects.for_actor(person).filter(status=Erasure.Status.ASKED).first()
    context = {
        "kinds": CATALOGUE,
        "copies": DataCopy.objects.for_actor(person).order_by("-pk")[:5],
        "consents": Consent.objects.for_actor(person).order_by("-pk"),
        "erasure": erasure,
        "obstacles": [] if erasure else lifecycle.objections_to_erasure(person),
        "has_factor": has_second_factor(person),
    }
    return render(request, "privacy/mine.html", context | shown, status=status)
