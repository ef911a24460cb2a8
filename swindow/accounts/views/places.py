"""In which of the person's companies an act may be done: by the company's kind and the person's role."""

from collections.abc import Sequence

from django.http import Http404

from swindow.accounts.models import Membership, Organisation, Role, User

OWNERS = (Role.OWNER,)
# Whoever may lodge may also deal with agents' requests and ask for help.
DEALERS = (Role.OWNER, Role.DECLARANT)
ANYBODY = tuple(Role)


def place_of(
    person: User, *, kinds: Sequence[str], roles: Sequence[str], company: int | None = None
) -> Organisation | None:
    """Return the person's company of these kinds in which they have one of these roles."""
    places = Membership.objects.filter(user=person, role__in=roles, organisation__kind__in=kinds)
    if company is not None:
        places = places.filter(organisation=company)
    place = places.select_related("organisation").order_by("organisation__name").first()
    return place.organisation if place else None


def own_place(
    person: User, *, kinds: Sequence[str], roles: Sequence[str], company: int | None = None
) -> Organisation:
    """Return it, or answer 404."""
    place = place_of(person, kinds=kinds, roles=roles, company=company)
    if place is None:
        raise Http404
    return place
