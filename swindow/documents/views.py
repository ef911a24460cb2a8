"""The public pages that tell whether a paper is genuine; no sign-in, no JavaScript, no personal data."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from swindow.documents import verification
from swindow.documents.forms import FileForm, NumberForm
from swindow.documents.throttle import Bucket, address_of
from swindow.documents.verification import Finding, Outcome

_EVERYONE = "everyone"
# Reading a file costs about a second of a child process, a look-up a millisecond.
_LOOK_UPS = (Bucket(per_second=1, burst=40), Bucket(per_second=40, burst=120))
_FILES = (Bucket(per_second=0.1, burst=6), Bucket(per_second=0.7, burst=12))
_STATUS = {Outcome.UNKNOWN: 404}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for number and code, or for the file, and answer."""
    if request.method != "POST":
        return _form_page(request)
    return (
        _verify_file(request)
        if "file" in request.FILES or "check_file" in request.POST
        else _verify_number(request)
    )


@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Answer for the code that a paper carries in its square."""
    if not _allowed(request, _LOOK_UPS):
        return _too_many(request)
    return _answer_page(request, verification.by_code(code))


def _verify_number(request: HttpRequest) -> HttpResponse:
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _form_page(request, status=422, number_form=form)
    if not _allowed(request, _LOOK_UPS):
        return _too_many(request)
    finding = verification.by_number(form.cleaned_data["number"], code=form.cleaned_data["code"])
    if finding.paper:
        return redirect("documents:verify_code", code=finding.paper.code)
    return _answer_page(request, finding)


def _verify_file(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, status=422, file_form=form)
    if not _allowed(request, _FILES):
        return _too_many(request)
    finding = verification.by_file(form.cleaned_data["file"], at=timezone.now())
    return _answer_page(request, finding, by_file=True)


def _form_page(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = {"number_form": NumberForm(), "file_form": FileForm()} | forms
    return render(request, "documents/verify.html", context, status=status)


def _answer_page(request: HttpRequest, finding: Finding, *, by_file: bool = False) -> HttpResponse:
    context: Mapping[str, Any] = {
        "outcome": finding.outcome.value,
        "paper": finding.paper,
        "by_file": by_file,
    }
    return render(request, "documents/verify_answer.html", context, status=_STATUS.get(finding.outcome, 200))


def _too_many(request: HttpRequest) -> HttpResponse:
    response = render(request, "documents/verify_busy.html", status=429)
    response["Retry-After"] = "30"
    return response


def _allowed(request: HttpRequest, buckets: tuple[Bucket, Bucket]) -> bool:
    each, all_together = buckets
    return each.allows(address_of(request)) and all_together.allows(_EVERYONE)
