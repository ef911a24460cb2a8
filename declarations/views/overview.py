"""The seller's desk: what needs them now, and for a new seller the first steps."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from declarations.models import DeclarationQuerySet, Product
from declarations.views.access import declared_by, offered, sellers_of
from declarations.views.listing import Entry, entries, with_goods
from declarations.views.standing import FILTERS, standing_as
from swindow.accounts.models import Act, Organisation, User
from swindow.accounts.signed_in import person_of
from swindow.components import Task, TaskGroup, TaskList, Text

_MOST_COUNTED = 100
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with its link; hundreds are not counted on."""

    label: Text
    count: str
    url: str


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Show questions, payments due, drafts and recent releases, or the first steps."""
    user = person_of(request)
    declarations, sellers = declared_by(request), sellers_of(request)
    may = offered(request, sellers)
    context = {
        "tiles": [_tile(declarations, code) for code in ("question", "payment", "draft", "progress")],
        "questions": _newest(declarations, "question"),
        "payments": _newest(declarations, "payment"),
        "drafts": _newest(declarations, "draft"),
        "released": _newest(declarations, "released"),
        "first_steps": _first_steps(user, declarations, sellers, may=may),
        "has_seller": bool(sellers),
        "may": may,
    }
    return render(request, "declarations/overview.html", context)


def _tile(declarations: DeclarationQuerySet, code: str) -> Tile:
    count = standing_as(declarations, code)[: _MOST_COUNTED + 1].count()
    shown = str(count) if count <= _MOST_COUNTED else f"{_MOST_COUNTED}+"
    return Tile(FILTERS[code], shown, f"{reverse('declarations:list')}?state={code}")


def _newest(declarations: DeclarationQuerySet, code: str) -> list[Entry]:
    rows = with_goods(standing_as(declarations, code)).newest_first()[:_MOST_SHOWN]
    return entries(list(rows))


def _first_steps(
    user: User, declarations: DeclarationQuerySet, sellers: Sequence[Organisation], *, may: Container[str]
) -> TaskList | None:
    if declarations.exclude(status="draft").exists():
        return None
    company = sellers[0] if sellers else None
    is_open = bool(sellers) and Act.PREPARE in may
    has_product = bool(sellers) and Product.objects.for_actor(user).exists()
    begun = declarations.newest_first().first() if sellers else None
    steps = [
        _company_step(company),
        _verification_step(company),
        _product_step(is_open=is_open, is_done=has_product),
        _declaration_step(is_open=is_open, reference=begun.reference if begun else ""),
    ]
    return TaskList([TaskGroup(_("From registration to your first release"), steps)])


def _company_step(company: Organisation | None) -> Task:
    url = reverse("accounts:organisation")
    if company:
        return Task("ok", _("Company data"), company.name, url)
    return Task("todo", _("Company data"), _("Who you are, with one identity document"), url)


def _verification_step(company: Organisation | None) -> Task:
    title, url = _("Verification"), reverse("accounts:organisation")
    if company is None:
        return Task("lock", title, _("An officer looks at your company data"))
    if company.is_verified:
        return Task("ok", title, _("An officer has verified your company"), url)
    return Task("warn", title, _("An officer is looking at it. You can prepare everything meanwhile."), url)


def _product_step(*, is_open: bool, is_done: bool) -> Task:
    title, description = _("First product"), _("Description, commodity code, origin, price and mass")
    if is_done:
        return Task("ok", title, description, reverse("declarations:products"))
    if not is_open:
        return Task("lock", title, description)
    return Task("todo", title, description, reverse("declarations:product_new"))


def _declaration_step(*, is_open: bool, reference: str) -> Task:
    title, description = _("First declaration"), _("Everything saves by itself; submit when it is complete")
    if not is_open:
        return Task("lock", title, description)
    if reference:
        return Task(
            "warn", title, _("Begun and not submitted yet"), reverse("declarations:detail", args=[reference])
        )
    return Task("todo", title, description, reverse("declarations:new"))
