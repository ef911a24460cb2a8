"""The client whose business an agent looks at now; without a choice, all of them."""

from django.http import HttpRequest

from swindow.accounts.models import AGENTS, Mandate, Organisation, OrganisationQuerySet, User

_KEY = "client"
_ANSWER = "_swindow_client"


def clients_of(user: User) -> OrganisationQuerySet:
    """Return the sellers that the user's agency acts for today, by name."""
    agencies = Organisation.objects.for_actor(user).filter(kind__in=AGENTS)
    held = Mandate.objects.for_actor(user).live().filter(agent__in=agencies.values("pk"))
    return Organisation.objects.filter(pk__in=held.values("seller")).order_by("name", "pk")


def chosen_client(request: HttpRequest) -> str | None:
    """Return the reference of the one client that the agent chose, while its mandate lasts."""
    if not hasattr(request, _ANSWER):
        # A page asks several times, for its rows, its forms and its frame.
        setattr(request, _ANSWER, _still_a_client(request, request.session.get(_KEY, "")))
    chosen: str | None = getattr(request, _ANSWER)
    return chosen


def choose_client(request: HttpRequest, reference: str) -> bool:
    """Keep to one client from now on, or to all of them for ""; answers False for a stranger."""
    if not reference:
        request.session.pop(_KEY, None)
        return True
    is_client = _still_a_client(request, reference) is not None
    if is_client:
        request.session[_KEY] = reference
    return is_client


def _still_a_client(request: HttpRequest, reference: str) -> str | None:
    if not reference or not request.user.is_authenticated:
        return None
    is_client = clients_of(request.user).filter(reference=reference).exists()
    return reference if is_client else None
