"""The seller's declarations, newest first, by what they wait for."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from declarations.labels import State, mode_icon, states_of
from declarations.models import Declaration, DeclarationQuerySet, GoodsItem
from declarations.views.access import declared_by, offered, sellers_of
from declarations.views.paging import Slice, slice_of
from declarations.views.standing import FILTERS, standing_as, standings
from declarations.views.titles import title_of
from swindow.components import Tab


@dataclass(frozen=True, slots=True)
class Entry:
    """A declaration in a list."""

    declaration: Declaration
    title: str
    states: Sequence[State]
    icon: str


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """List declarations by keyset pages; ?state= filters by what they wait for."""
    code = request.GET.get("state", "")
    code = code if code in FILTERS else ""
    url = reverse("declarations:list")
    declarations = standing_as(declared_by(request), code)
    page: Slice[Declaration] = slice_of(with_goods(declarations), request, url=url, keep={"state": code})
    context = {
        "page": page,
        "entries": entries(page.rows),
        "tabs": _tabs(url, code),
        "state": code,
        "may": offered(request, sellers_of(request)),
    }
    return render(request, "declarations/list.html", context)


def with_goods(declarations: DeclarationQuerySet) -> DeclarationQuerySet:
    """Read along what a list shows of each declaration."""
    goods = GoodsItem.objects.only("declaration_id", "line_no", "description").order_by("line_no")
    return declarations.select_related("declarant", "consignment").prefetch_related(
        Prefetch("goods_items", queryset=goods.filter(line_no__lte=5))
    )


def entries(declarations: Sequence[Declaration]) -> list[Entry]:
    """Return declarations as entries of a list."""
    found = standings(declarations)
    return [
        Entry(
            declaration,
            title_of(declaration, list(declaration.goods_items.all())),
            states_of(found[declaration.pk]),
            mode_icon(declaration.consignment.transport_mode),
        )
        for declaration in declarations
    ]


def _tabs(url: str, code: str) -> list[Tab]:
    return [
        Tab(label, f"{url}?{urlencode({'state': key})}" if key else url, is_current=key == code)
        for key, label in FILTERS.items()
    ]
