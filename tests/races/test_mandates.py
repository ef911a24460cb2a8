"""Two at once with one mandate: one order of events, and never in force after its end."""

from functools import partial

import pytest
from django.utils import timezone

from swindow.accounts.lifecycle import (
    MandateTerms,
    accept_mandate,
    change_mandate,
    decline_mandate,
    end_mandate,
    give_mandate,
)
from swindow.accounts.models import Mandate, User
from swindow.events.models import Event
from swindow.problems import Refused
from tests import builders
from tests.races.test_decisions import TRIALS, at_once

pytestmark = pytest.mark.usefixtures("own_database")


def people() -> tuple[User, User]:
    """Make a seller and an agent who have nothing to do with one another yet."""
    return builders.seller(), builders.member(builders.organisation(kind="agent", name="Harbour Brokers"))


def give(seller: User, agent: User, *scopes: str) -> Mandate:
    company, agency = builders.company_of(seller), builders.company_of(agent)
    return give_mandate(
        company, agent=agency, terms=MandateTerms(scopes=scopes), by=seller, at=timezone.now()
    )


def kinds(mandate: Mandate) -> list[str]:
    """Return what the seller's chain says of the mandate, in its order."""
    events = Event.objects.filter(
        subject_kind="organisation", subject_id=mandate.seller_id, payload__mandate=mandate.reference
    )
    return list(events.order_by("seq").values_list("kind", flat=True))


def test_a_mandate_accepted_while_the_seller_ends_it_is_not_in_force_afterwards() -> None:
    seller, agent = people()
    for _trial in range(TRIALS):
        mandate = give(seller, agent, "lodge")
        accepted, _ended = at_once(
            partial(accept_mandate, mandate, by=agent, at=timezone.now()),
            partial(end_mandate, mandate, by=seller, at=timezone.now()),
        )
        assert not Mandate.objects.live().filter(pk=mandate.pk).exists()
        if isinstance(accepted, Refused):
            assert kinds(mandate) == ["mandate.given", "mandate.ended"]
        else:
            assert isinstance(accepted, Mandate), accepted
            assert kinds(mandate) == ["mandate.given", "mandate.accepted", "mandate.ended"]


def test_of_two_colleagues_of_whom_one_accepts_and_one_declines_exactly_one_wins() -> None:
    seller, agent = people()
    for _trial in range(TRIALS):
        mandate = give(seller, agent, "lodge")
        results = at_once(
            partial(accept_mandate, mandate, by=agent, at=timezone.now()),
            partial(decline_mandate, mandate, by=agent, at=timezone.now()),
        )
        assert sorted(type(result).__name__ for result in results) == ["Mandate", "Refused"]
        assert len(kinds(mandate)) == 2


def test_old_terms_accepted_while_the_seller_changes_them_are_not_in_force() -> None:
    seller, agent = people()
    for _trial in range(TRIALS):
        mandate = give(seller, agent, "lodge")
        accepted, new = at_once(
            partial(accept_mandate, mandate, by=agent, at=timezone.now()),
            partial(
                change_mandate, mandate, terms=MandateTerms(scopes=("pay",)), by=seller, at=timezone.now()
            ),
        )
        assert isinstance(accepted, Mandate | Refused), accepted
        assert isinstance(new, Mandate), new
        assert not Mandate.objects.live().filter(seller=mandate.seller).exists()
        assert Mandate.objects.get(seller=mandate.seller, revoked_at=None) == new
        end_mandate(new, by=seller, at=timezone.now())


def test_two_owners_who_appoint_the_same_agent_at_once_give_one_mandate() -> None:
    seller, agent = people()
    for _trial in range(TRIALS):
        results = at_once(partial(give, seller, agent, "lodge"), partial(give, seller, agent, "lodge"))
        assert results[0] == results[1] == Mandate.objects.get(revoked_at=None)
        end_mandate(Mandate.objects.get(revoked_at=None), by=seller, at=timezone.now())
