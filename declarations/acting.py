"""Who acts for whom in a request: what is seen, what may be done with it, and under which mandate."""

from declarations.looks import note_agent
from declarations.models import Declaration, DeclarationQuerySet
from swindow.accounts.models import Act, Organisation, User
from swindow.accounts.warrants import Warrant, not_for_country, powers_for
from swindow.problems import NotAllowed


def declared_for(user: User) -> DeclarationQuerySet:
    """Return what the user's company and its clients declare, never what an officer examines."""
    sellers = Organisation.objects.acted_for_by(user).declarants()
    return Declaration.objects.allowing(user, Act.VIEW).filter(declarant__in=sellers)


def admit(user: User, declaration: Declaration, *, act: str) -> None:
    """Let a user do an act with a declaration, from here on under the mandate that allows it.

    Raises NotAllowed (AC-40, AC-41). What else the user may do stands in `declaration.powers`.
    """
    powers = powers_for(user, [declaration.declarant_id])[declaration.declarant_id]
    declaration.powers = powers.within(str(declaration.jurisdiction))
    user.acting_under = declaration.powers.demand(act).mandate
    note_agent(user, declaration)


def act_for(user: User, seller: Organisation, *, act: str, country: str = "", path: str = "") -> Warrant:
    """Let a user do an act for a seller, from here on under the mandate that allows it.

    Raises NotAllowed: AC-40 for the role, AC-41 for the mandate, AC-42 for its countries.
    """
    powers = powers_for(user, [seller.pk])[seller.pk]
    left = powers.within(country) if country else powers
    if powers.warrants and not left.warrants:
        raise NotAllowed(not_for_country(powers, path=path))
    warrant = left.demand(act, path=path)
    user.acting_under = warrant.mandate
    return warrant
