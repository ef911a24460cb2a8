"""An agent is given power to act for a seller, takes it or not, and loses it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from swindow.accounts.lifecycle.pairs import announce_to_both, lock_pair
from swindow.accounts.models import MANDATED_ACTS, Mandate, Organisation, User
from swindow.copying import next_ids
from swindow.problems import Problem, Refused
from swindow.references import reference


@dataclass(frozen=True, slots=True)
class MandateTerms:
    """What a mandate allows and how long: no countries mean all, no limit and no end mean none."""

    scopes: tuple[str, ...] = tuple(act.value for act in MANDATED_ACTS)
    countries: tuple[str, ...] = ()
    value_limit: Decimal | None = None
    value_currency: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@transaction.atomic
def give_mandate(
    seller: Organisation, *, agent: Organisation, terms: MandateTerms, by: User, at: datetime
) -> Mandate:
    """Offer an agent the power to act for a seller; giving the same twice changes nothing.

    Raises Refused: AC-30 for who is no verified agent, AC-31 while the agent holds one on other terms,
    AC-34 for who declares nothing.
    """
    seller, agent = lock_pair(seller.pk, agent.pk)
    _check_parties(seller, agent)
    held = Mandate.objects.select_for_update(no_key=True).filter(seller=seller, agent=agent, revoked_at=None)
    earlier = held.first()
    if earlier and not earlier.has_expired_at(at):
        if _has_terms(earlier, terms, at=at):
            return earlier
        raise Refused([_holds_one_already(earlier)])
    if earlier:
        _close(earlier, by=by, at=at)
    return _give(seller, agent, terms=terms, by=by, at=at)


@transaction.atomic
def change_mandate(mandate: Mandate, *, terms: MandateTerms, by: User, at: datetime) -> Mandate:
    """End a mandate and offer it anew on other terms; the agent has to accept those.

    Raises Refused (AC-32) when it ended meanwhile, AC-30 when the agent is not verified any more.
    """
    seller, agent, mandate = _locked(mandate)
    if mandate.revoked_at is not None:
        newer = Mandate.objects.filter(seller=seller, agent=agent, revoked_at=None).first()
        if newer and _has_terms(newer, terms, at=at):
            return newer
        raise Refused([_ended_meanwhile()])
    if _has_terms(mandate, terms, at=at) and not mandate.has_expired_at(at):
        return mandate
    _check_parties(seller, agent)
    _close(mandate, by=by, at=at)
    announce_to_both(
        seller, agent, "mandate.ended", by=by, at=at, mandate=mandate.reference, side="seller", anew="yes"
    )
    return _give(seller, agent, terms=terms, by=by, at=at)


@transaction.atomic
def accept_mandate(mandate: Mandate, *, by: User, at: datetime) -> Mandate:
    """Take the power that a seller offered; accepting twice changes nothing.

    Raises Refused: AC-32 when it was ended or ran out, AC-33 when the agent is not verified.
    """
    seller, agent, mandate = _locked(mandate)
    if mandate.revoked_at is not None or mandate.has_expired_at(at):
        raise Refused([_ended_meanwhile()])
    if mandate.accepted_at is not None:
        return mandate
    if not agent.is_verified:
        raise Refused([_cannot_accept_yet()])
    mandate.accepted_by, mandate.accepted_at = by, at
    mandate.save(update_fields=["accepted_by", "accepted_at"])
    announce_to_both(seller, agent, "mandate.accepted", by=by, at=at, mandate=mandate.reference)
    return mandate


@transaction.atomic
def decline_mandate(mandate: Mandate, *, by: User, at: datetime) -> Mandate:
    """Refuse the power that a seller offered; raises Refused (AC-32) for one accepted or ended before."""
    seller, agent, mandate = _locked(mandate)
    if mandate.is_declined:
        return mandate
    if not mandate.is_waiting:
        raise Refused([_accepted_meanwhile() if mandate.revoked_at is None else _ended_meanwhile()])
    mandate.is_declined = True
    _close(mandate, by=by, at=at)
    announce_to_both(seller, agent, "mandate.declined", by=by, at=at, mandate=mandate.reference)
    return mandate


@transaction.atomic
def end_mandate(mandate: Mandate, *, by: User, at: datetime) -> Mandate:
    """End an agent's power at once, by either side; ending it twice changes nothing."""
    seller, agent, mandate = _locked(mandate)
    if mandate.revoked_at is not None:
        return mandate
    _close(mandate, by=by, at=at)
    side = "agent" if agent.memberships.filter(user=by).exists() else "seller"
    announce_to_both(seller, agent, "mandate.ended", by=by, at=at, mandate=mandate.reference, side=side)
    return mandate


def _locked(mandate: Mandate) -> tuple[Organisation, Organisation, Mandate]:
    seller, agent = lock_pair(mandate.seller_id, mandate.agent_id)
    # Who lodges under the mandate holds it FOR SHARE, so this waits for them and they for this.
    return seller, agent, Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)


def _give(
    seller: Organisation, agent: Organisation, *, terms: MandateTerms, by: User, at: datetime
) -> Mandate:
    number = next_ids("accounts_mandate_id_seq", 1)[0]
    mandate = Mandate.objects.create(
        pk=number,
        reference=reference("MAN", number, on=at.date()),
        seller=seller,
        agent=agent,
        scopes=list(terms.scopes),
        countries=list(terms.countries),
        value_limit=terms.value_limit,
        value_currency=terms.value_currency,
        given_by=by,
        given_at=at,
        valid_from=terms.valid_from or at,
        valid_to=terms.valid_to,
    )
    announce_to_both(seller, agent, "mandate.given", by=by, at=at, mandate=mandate.reference)
    return mandate


def _close(mandate: Mandate, *, by: User, at: datetime) -> None:
    mandate.revoked_by, mandate.revoked_at = by, at
    mandate.save(update_fields=["revoked_by", "revoked_at", "is_declined"])


def _has_terms(mandate: Mandate, terms: MandateTerms, *, at: datetime) -> bool:
    # Of two clicks the later one may bring the earlier time.
    has_begun = mandate.valid_from <= max(at, mandate.given_at)
    return (
        (mandate.valid_from == terms.valid_from if terms.valid_from else has_begun)
        and set(mandate.scopes) == set(terms.scopes)
        and set(mandate.countries) == set(terms.countries)
        and (mandate.value_limit, mandate.value_currency) == (terms.value_limit, terms.value_currency)
        and mandate.valid_to == terms.valid_to
    )


def _check_parties(seller: Organisation, agent: Organisation) -> None:
    problems = []
    if not agent.is_agent or not agent.is_verified:
        message = _("This company is not a verified agent.")
        fix = _("Choose another one from the directory, or ask the agent to have itself verified.")
        problems.append(Problem("agent", "AC-30", message, fix))
    if not seller.is_declarant:
        message = _("Only sellers and platforms appoint agents.")
        problems.append(Problem("agent", "AC-34", message))
    if problems:
        raise Refused(problems)


def _holds_one_already(mandate: Mandate) -> Problem:
    return Problem(
        "agent",
        "AC-31",
        _("This agent holds your mandate %(mandate)s already.") % {"mandate": mandate.reference},
        _("Open it above to change its terms or to end it."),
    )


def _ended_meanwhile() -> Problem:
    return Problem(
        "mandate",
        "AC-32",
        _("This mandate has ended meanwhile."),
        _("Nothing was changed. If it is still wanted, the seller gives a new one."),
    )


def _accepted_meanwhile() -> Problem:
    return Problem(
        "mandate",
        "AC-32",
        _("A colleague has accepted this mandate meanwhile."),
        _("End it, if you do not want to act for the seller."),
    )


def _cannot_accept_yet() -> Problem:
    return Problem(
        "mandate",
        "AC-33",
        _("Only a verified agent can accept a mandate."),
        _("Have your company verified on the page Organisation, then accept."),
    )
