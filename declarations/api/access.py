"""What a caller may touch: what the own sellers declare; everything else is a 404."""

import re
from typing import cast

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from declarations.models import Declaration, DeclarationQuerySet
from swindow.accounts.models import Membership, Organisation, OrganisationQuerySet, User
from swindow.problems import Problem, Refused

_REFERENCE = re.compile(r"[A-Z]{2,3}-[0-9]{2}-[0-9]{7,12}[0-9A-Z]")


def caller(request: Request) -> User:
    """Return whose token it is."""
    return cast(User, request.user)


def own_sellers(user: User) -> OrganisationQuerySet:
    """Return the sellers that the caller may declare for."""
    return Organisation.objects.acted_for_by(user).filter(kind=Organisation.Kind.SELLER).distinct()


def own_declarations(user: User) -> DeclarationQuerySet:
    """Return what the caller declares, never what an officer examines."""
    return Declaration.objects.for_actor(user).filter(declarant__in=own_sellers(user))


def own_declaration(request: Request, reference: str) -> Declaration:
    """Return one declaration of the caller's; raises NotFound for any other reference."""
    if not is_reference(reference):
        raise NotFound
    found = (
        own_declarations(caller(request))
        .select_related("declarant", "consignment")
        .filter(reference=reference)
    )
    declaration = found.first()
    if declaration is None:
        raise NotFound
    return declaration


def is_reference(text: str) -> bool:
    """Tell whether a text has the form of a public reference, before the database sees it."""
    return _REFERENCE.fullmatch(text) is not None


def seller_for(user: User, reference: str, *, path: str) -> Organisation:
    """Return the seller that is meant; without a reference the only one. Raises Refused."""
    sellers = own_sellers(user)
    if reference:
        found = sellers.filter(reference=reference).first() if is_reference(reference) else None
        if found is None:
            fix = _("Use the reference of your company, or of a seller who gave you a mandate.")
            raise Refused(
                [Problem(path, "seller", _("There is no such seller, or you may not act for it."), fix)]
            )
        return found
    choices = list(sellers.order_by("reference")[:2])
    if len(choices) != 1:
        fix = _("Name the seller by its reference.")
        raise Refused([Problem(path, "seller", _("You act for no seller, or for several."), fix)])
    return choices[0]


def representative_for(user: User, seller: Organisation) -> Organisation | None:
    """Return the caller's own company when it declares for another by mandate, else None."""
    if Membership.objects.filter(user=user, organisation=seller).exists():
        return None
    mandated = seller.mandates_given.live().filter(agent__memberships__user=user)
    mandate = mandated.select_related("agent").order_by("pk").first()
    return mandate.agent if mandate else None
