"""The work queue: who waits, how urgent it is, and who has it."""

from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from declarations.labels import authority_name
from inspection.forms import QueueForm
from inspection.models import Lane
from inspection.queue import COUNT_UP_TO, QueueCounts, QueueWish, count_queue, read_queue
from inspection.views.access import officer_of

_PARAMETERS = {"is_mine": "mine", "search": "q"}


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show one page of the queue, as filtered."""
    officer, authorities = officer_of(request)
    wish = QueueForm(request.GET).wish(authorities=authorities)
    page = read_queue(wish, officer=officer)
    counts = count_queue(wish.authority, officer=officer)
    context = {
        "wish": wish,
        "reviews": page.reviews,
        "authority_label": authority_name(wish.authority),
        "authorities": _authorities(authorities, wish),
        "lanes": _lanes(counts, wish),
        "mine": {
            "url": _address(replace(wish, is_mine=not wish.is_mine, after="")),
            "count": _capped(counts.mine),
        },
        "first_url": _address(replace(wish, after="")) if wish.after else "",
        "next_url": _address(replace(wish, after=page.next_after)) if page.next_after else "",
        "now": timezone.now(),
    }
    return render(request, "inspection/queue.html", context)


def _authorities(authorities: frozenset[str], wish: QueueWish) -> list[dict[str, Any]]:
    return [
        {
            "label": authority_name(code),
            "url": _address(QueueWish(authority=code)),
            "is_current": code == wish.authority,
        }
        for code in sorted(authorities)
    ]


def _lanes(counts: QueueCounts, wish: QueueWish) -> list[dict[str, Any]]:
    labels = {Lane.RED: _("Red"), Lane.AMBER: _("Amber"), Lane.GREEN: _("Green")}
    return [
        {
            "code": lane.value,
            "label": label,
            "count": _capped(getattr(counts, lane.value)),
            "is_current": wish.lane == lane,
            # A second press takes the filter away.
            "url": _address(replace(wish, lane="" if wish.lane == lane else lane.value, after="")),
        }
        for lane, label in labels.items()
    ]


def _capped(count: int) -> str:
    return f"{COUNT_UP_TO:,}+" if count > COUNT_UP_TO else str(count)


def _address(wish: QueueWish) -> str:
    chosen = {_PARAMETERS.get(name, name): value for name, value in asdict(wish).items() if value}
    if wish.is_mine:
        chosen["mine"] = "1"
    return "?" + urlencode(chosen)
