"""In which capacity somebody acts for a declarant, and what that allows."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from swindow.accounts.models import Act, Mandate, Membership, Organisation, Role, User, may_do
from swindow.problems import NotAllowed, Problem

# The least role that allows an act: what to ask an owner for.
_LEAST_ROLE = {
    Act.VIEW: Role.VIEWER,
    Act.PREPARE: Role.PREPARER,
    Act.LODGE: Role.DECLARANT,
    Act.PAY: Role.FINANCE,
    Act.DOWNLOAD: Role.VIEWER,
    Act.ANSWER: Role.PREPARER,
}


@dataclass(frozen=True, slots=True)
class Warrant:
    """A place in a company: the declarant's own, or an agent's that holds its mandate."""

    company: Organisation
    role: str
    mandate: Mandate | None = None

    @property
    def acts(self) -> frozenset[str]:
        """Return what the role allows, under a mandate only what that allows too."""
        by_role = {act for act in Act.values if may_do(self.role, act)}
        if self.mandate is None:
            return frozenset(by_role)
        return frozenset(by_role & {Act.VIEW.value, *self.mandate.scopes})

    @property
    def representative(self) -> Organisation | None:
        """Return the agent that declares for the seller; nobody in the own right."""
        return self.company if self.mandate else None

    def covers(self, country: str) -> bool:
        """Tell whether it is good for a country of import."""
        return self.mandate is None or not self.mandate.countries or country in self.mandate.countries


@dataclass(frozen=True, slots=True)
class Powers:
    """Everything that lets one person act for one declarant; empty for whoever may not even see it."""

    warrants: tuple[Warrant, ...] = ()

    @property
    def acts(self) -> frozenset[str]:
        """Return what the person may do."""
        return frozenset().union(*(warrant.acts for warrant in self.warrants))

    @property
    def reads_questions(self) -> bool:
        """Tell whether authorities' questions are for this person; for agents the mandate says so."""
        return any(warrant.mandate is None or Act.ANSWER in warrant.acts for warrant in self.warrants)

    def within(self, country: str) -> "Powers":
        """Return what is left of them for one country of import."""
        return Powers(tuple(warrant for warrant in self.warrants if warrant.covers(country)))

    def allowing(self, act: str) -> Warrant | None:
        """Return the warrant for an act, if there is one."""
        return next((warrant for warrant in self.warrants if act in warrant.acts), None)

    def demand(self, act: str, *, path: str = "") -> Warrant:
        """Return the warrant for an act; raises NotAllowed (AC-40 role, AC-41 mandate, AC-42)."""
        warrant = self.allowing(act)
        if warrant is None:
            raise NotAllowed(_refusal(self.warrants, act, path=path))
        return warrant

    def refusal(self, act: str) -> Problem | None:
        """Return why an act is not allowed, and who could allow it; None when it is."""
        return None if self.allowing(act) else _refusal(self.warrants, act, path="")


def not_for_country(powers: Powers, *, path: str) -> Problem:
    """Return the problem (AC-42) of somebody whose mandates are for other countries of import."""
    mandates = [warrant.mandate for warrant in powers.warrants if warrant.mandate]
    return Problem(
        path,
        "AC-42",
        _("Your mandate is not for this country of import; it is for: %(countries)s.")
        % {"countries": "; ".join(f"{each.reference} {', '.join(each.countries)}" for each in mandates)},
        _("Choose one of them, or ask the seller to extend the mandate."),
    )


def powers_for(user: User, sellers: Collection[int]) -> dict[int, Powers]:
    """Return what a person may do for each of some declarants: two statements whatever their number.

    Who belongs to a declarant acts for it in the own right, never under a mandate.
    """
    own = Membership.objects.filter(user=user, organisation__in=sellers).select_related("organisation")
    found: dict[int, list[Warrant]] = defaultdict(list)
    for place in own:
        found[place.organisation_id].append(Warrant(place.organisation, place.role))
    others = set(sellers) - found.keys()
    for mandate in _held_by(user, others) if others else ():
        role = mandate.role_of_actor  # type: ignore[attr-defined]
        found[mandate.seller_id].append(Warrant(mandate.agent, role, mandate))
    return {seller: Powers(tuple(found[seller])) for seller in sellers}


def keep_mandates(user: User, sellers: Collection[int]) -> None:
    """Let no mandate end under which the person acts for these declarants, until the transaction does.

    Shared, so that an agent's colleagues do not wait for one another; whoever ends a mandate waits.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT mandate.id FROM accounts_mandate AS mandate
            JOIN accounts_membership AS place ON place.organisation_id = mandate.agent_id
            WHERE place.user_id = %s AND mandate.seller_id = ANY(%s) AND mandate.revoked_at IS NULL
            ORDER BY mandate.id FOR SHARE OF mandate
            """,
            [user.pk, list(sellers)],
        )


def _held_by(user: User, sellers: Collection[int]) -> list[Mandate]:
    held = Mandate.objects.live().filter(seller__in=sellers, agent__memberships__user=user)
    role = F("agent__memberships__role")
    return list(held.select_related("agent", "seller").annotate(role_of_actor=role).order_by("pk"))


def _refusal(warrants: Sequence[Warrant], act: str, *, path: str) -> Problem:
    if not warrants:
        text = _("You may not act for this company.")
        return Problem(path, "AC-42", text, _("Ask it for a mandate, or for a place in it."))
    mandate = warrants[0].mandate
    if mandate is not None and act not in (Act.VIEW, *mandate.scopes):
        return _mandate_lacks(mandate, str(Act(act).label), path=path)
    return _role_lacks(warrants[0], act, path=path)


def _mandate_lacks(mandate: Mandate, what: str, *, path: str) -> Problem:
    words = {"mandate": mandate.reference, "what": what}
    return Problem(
        path,
        "AC-41",
        _("The mandate %(mandate)s does not allow this: %(what)s.") % words,
        _("Ask %(seller)s to extend it, or to do it themselves.") % {"seller": mandate.seller},
    )


def _role_lacks(warrant: Warrant, act: str, *, path: str) -> Problem:
    words = {"role": Role(warrant.role).label, "company": warrant.company, "what": Act(act).label}
    asked = {"company": warrant.company, "role": _LEAST_ROLE[Act(act)].label}
    return Problem(
        path,
        "AC-40",
        _("Your role %(role)s at %(company)s does not allow this: %(what)s.") % words,
        _("Ask an owner of %(company)s for the role %(role)s, or to do it themselves.") % asked,
    )
