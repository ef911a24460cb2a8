"""An agent's desk: its clients with what waits at each, mandates to accept, and sellers who ask for help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from declarations.models import Declaration
from declarations.views.paging import Slice, slice_of
from declarations.views.standing import is_asked, is_to_pay
from swindow.accounts.clients import chosen_client
from swindow.accounts.models import AGENTS, Act, HelpRequest, Mandate, Organisation, User
from swindow.accounts.signed_in import person_of
from swindow.accounts.wording import country_words, limit_words, scope_words

_MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Pile:
    """How many declarations wait for one thing; the address opens the client's list of them."""

    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client with its mandate in words and what waits there."""

    mandate: Mandate
    scopes: str
    limits: str
    piles: Sequence[Pile]


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """Show an agent its clients, or the one that it keeps to."""
    user = person_of(request)
    agent = Organisation.objects.for_actor(user).filter(kind__in=AGENTS).order_by("name").first()
    if agent is None:
        raise Http404
    chosen = chosen_client(request)
    mandates = Mandate.objects.for_actor(user).filter(agent=agent).select_related("seller")
    live = mandates.live().filter(seller__reference=chosen) if chosen else mandates.live()
    page: Slice[Mandate] = slice_of(live, request, url=reverse("declarations:desk"))
    asked = HelpRequest.objects.for_actor(user).filter(agent=agent, status=HelpRequest.Status.OPEN)
    context = {
        "agent": agent,
        "is_kept": chosen is not None,
        "page": page,
        "clients": _client_rows(page.rows, user),
        # Another seller's offer or request is no business of the one client that is chosen.
        "waiting": []
        if chosen
        else [(each, scope_words(each)) for each in mandates.waiting().order_by("pk")],
        "asked": [] if chosen else asked.select_related("seller").order_by("pk")[:_MOST_SHOWN],
    }
    return render(request, "declarations/desk.html", context)


def _client_rows(mandates: Sequence[Mandate], user: User) -> list[ClientRow]:
    counts = _counts([mandate.seller_id for mandate in mandates], user)
    return [
        ClientRow(mandate, scope_words(mandate), _limits(mandate), _piles(mandate, counts))
        for mandate in mandates
    ]


def _counts(sellers: Sequence[int], user: User) -> dict[int, Mapping[str, int]]:
    """Count for all clients in one statement; released declarations wait for nothing and are left out."""
    open_ = Declaration.objects.allowing(user, Act.VIEW).filter(
        declarant__in=sellers, status__in=("draft", "accepted")
    )
    waiting = (
        open_.order_by()
        .values("declarant")
        .annotate(
            question=Count("pk", filter=is_asked()),
            payment=Count("pk", filter=is_to_pay()),
            draft=Count("pk", filter=Q(status="draft")),
        )
    )
    return {
        declarant: {"question": question, "payment": payment, "draft": draft}
        for declarant, question, payment, draft in waiting.values_list(
            "declarant", "question", "payment", "draft"
        )
    }


def _piles(mandate: Mandate, counts: Mapping[int, Mapping[str, int]]) -> list[Pile]:
    """Return what waits for this agent: what the mandate does not allow is not its work."""
    labels = {
        "question": (Act.ANSWER, _("Questions")),
        "payment": (Act.PAY, _("To pay")),
        "draft": (Act.PREPARE, _("Drafts")),
    }
    found, url = counts.get(mandate.seller_id, {}), reverse("declarations:list")
    return [
        Pile(label, found.get(code, 0), f"{url}?state={code}")
        for code, (act, label) in labels.items()
        if act in mandate.scopes
    ]


def _limits(mandate: Mandate) -> str:
    parts = [country_words(mandate.countries)]
    if mandate.value_limit is not None:
        parts.append(limit_words(mandate))
    return pgettext("between sections", "; ").join(parts)
