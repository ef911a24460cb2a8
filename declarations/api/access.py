"""What a caller may touch: what the own sellers declare; everything else is a 404."""

import re
from typing import cast

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from declarations.acting import act_for, admit, declared_for
from declarations.models import Declaration
from swindow.accounts.models import Act, Organisation, OrganisationQuerySet, User
from swindow.problems import Problem, Refused

_REFERENCE = re.compile(r"[A-Z]{2,3}-[0-9]{2}-[0-9]{7,12}[0-9A-Z]")


def caller(request: Request) -> User:
    """Return whose token it is."""
    return cast(User, request.user)


def own_declaration(request: Request, reference: str, *, act: str = Act.VIEW) -> Declaration:
    """Return one declaration with which the caller may do the act.

    Raises NotFound for what the caller may not see, NotAllowed (AC-40, AC-41) for what only others may do.
    """
    if not is_reference(reference):
        raise NotFound
    found = declared_for(caller(request)).select_related("declarant", "consignment")
    declaration = found.filter(reference=reference).first()
    if declaration is None:
        raise NotFound
    admit(caller(request), declaration, act=act)
    return declaration


def is_reference(text: str) -> bool:
    """Tell whether a text has the form of a public reference, before the database sees it."""
    return _REFERENCE.fullmatch(text) is not None


def seller_for(user: User, reference: str, *, path: str) -> Organisation:
    """Return the seller to prepare something for; without a reference the only one.

    Raises Refused for an unknown one, NotAllowed (AC-40, AC-41) for one that the caller may only see.
    """
    seller = _seller(user, reference, path=path)
    act_for(user, seller, act=Act.PREPARE, path=path)
    return seller


def _seller(user: User, reference: str, *, path: str) -> Organisation:
    sellers = _sellers(user)
    if reference:
        found = sellers.filter(reference=reference).first() if is_reference(reference) else None
        if found is None:
            fix = _("Use the reference of your company, or of a seller who gave you a mandate.")
            raise Refused(
                [Problem(path, "seller", _("There is no such seller, or you may not act for it."), fix)]
            )
        return found
    choices = list(_sellers(user, Act.PREPARE).order_by("reference")[:2] or sellers[:2])
    if len(choices) != 1:
        fix = _("Name the seller by its reference.")
        raise Refused([Problem(path, "seller", _("You act for no seller, or for several."), fix)])
    return choices[0]


def _sellers(user: User, act: str = Act.VIEW) -> OrganisationQuerySet:
    return Organisation.objects.acted_for_by(user, act).declarants()
