"""The organisation's own history, for everybody who belongs to it."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from swindow.accounts.history import lines_of
from swindow.accounts.signed_in import person_of
from swindow.accounts.views.page import company_of
from swindow.accounts.views.tabs import organisation_tabs
from swindow.events.models import Event

_PAGE = 25
_MOST_DIGITS = 9


@login_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Show what happened to the company, the newest first."""
    company = company_of(person_of(request))
    if company is None:
        raise Http404
    chain = Event.objects.filter(subject_kind="organisation", subject_id=company.pk)
    events, has_newer, has_older = _slice(chain, request)
    address = reverse("accounts:history")
    context = {
        "company": company,
        "tabs": organisation_tabs(company, current="history"),
        "lines": lines_of(company, events),
        "newer_url": f"{address}?after={events[0].seq}" if has_newer else "",
        "older_url": f"{address}?before={events[-1].seq}" if has_older else "",
    }
    return render(request, "accounts/history.html", context)


def _slice(chain: "QuerySet[Event]", request: HttpRequest) -> tuple[list[Event], bool, bool]:
    before, after = _place(request, "before"), _place(request, "after")
    if after and not before:
        found = list(chain.filter(seq__gt=after).order_by("seq")[: _PAGE + 1])
        shown = found[:_PAGE][::-1]
        return shown, len(found) > _PAGE, bool(shown)
    within = chain.filter(seq__lt=before) if before else chain
    found = list(within.order_by("-seq")[: _PAGE + 1])
    shown = found[:_PAGE]
    return shown, bool(before and shown), len(found) > _PAGE


def _place(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else 0
