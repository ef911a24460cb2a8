"""Who has seen our data."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from swindow.privacy.ledger import looks_at
from swindow.privacy.views.mine import person_of

_LARGEST = 2**63 - 1


@login_required
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Show the ledger of the person and of the person's companies, newest first."""
    before = request.GET.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 20 else None
    page = looks_at(person_of(request), before=None if start is None else min(start, _LARGEST))
    return render(request, "privacy/looks.html", {"page": page, "is_continued": start is not None})
