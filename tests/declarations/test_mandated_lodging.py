"""Under which mandate a declaration is lodged, within which limits, and what the database refuses."""

from datetime import date, timedelta
from decimal import Decimal
from threading import Event as Signal
from threading import Thread

import psycopg2
import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.urls import reverse

from declarations import lifecycle
from declarations.models import Declaration, GoodsItem, Status
from swindow.accounts.lifecycle import end_mandate
from swindow.accounts.models import Mandate, Organisation, User
from swindow.events.models import Event
from swindow.problems import Problem
from tariffs.exchange.listing import rate
from tests import builders, servers
from tests.builders import NOW
from tests.declarations.acting import agent_for


def codes(problems: dict[int, tuple[Problem, ...]]) -> set[str]:
    return {problem.code for found in problems.values() for problem in found}


def lodged_by(person: User, *drafts: Declaration) -> set[str]:
    """Lodge and return the codes of what was refused."""
    return codes(lifecycle.lodge([draft.pk for draft in drafts], by=person, at=NOW))


def draft_worth(seller: User, price: str, **fields: object) -> Declaration:
    """Make a draft of one line of two pieces."""
    return builders.draft(seller, goods=[builders.goods_item(1, price=price)], **fields)


@pytest.mark.django_db
def test_lodging_keeps_the_representative_and_the_mandate(seller: User) -> None:
    person, draft = agent_for(seller), builders.draft(seller)
    assert lodged_by(person, draft) == set()
    draft.refresh_from_db()
    mandate = Mandate.objects.get(agent=builders.company_of(person))
    assert (draft.representative, draft.mandate) == (mandate.agent, mandate)
    event = Event.objects.get(subject_id=draft.pk, kind="declaration.accepted")
    assert event.actor == f"user:{person.pk} {mandate.reference}"


@pytest.mark.django_db
def test_the_seller_that_lodges_what_an_agent_prepared_acts_for_itself(seller: User) -> None:
    draft = builders.draft(seller, representative=builders.company_of(agent_for(seller)))
    assert lodged_by(seller, draft) == set()
    draft.refresh_from_db()
    assert (draft.representative, draft.mandate) == (None, None)


@pytest.mark.django_db
def test_an_agent_lodges_for_many_sellers_each_under_its_own_mandate(seller: User, rival: User) -> None:
    person = agent_for(seller)
    other = builders.mandate(builders.company_of(rival), builders.company_of(person))
    ours, theirs = builders.draft(seller), builders.draft(rival)
    assert lodged_by(person, ours, theirs) == set()
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert theirs.mandate == other
    assert ours.mandate != other
    assert Event.objects.filter(actor__endswith=other.reference).get().subject_id == theirs.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"scopes": ["prepare", "pay"]}, "AC-41"),
        ({"countries": ["AU"]}, "AC-42"),
        ({"revoked_at": NOW}, "AC-42"),
        ({"accepted_at": None}, "AC-42"),
        ({"valid_to": NOW - timedelta(seconds=1)}, "AC-42"),
        ({"valid_from": NOW + timedelta(days=3650)}, "AC-42"),
    ],
)
def test_nothing_is_lodged_outside_the_mandate(seller: User, terms: dict[str, object], code: str) -> None:
    person, draft = agent_for(seller, **terms), builders.draft(seller)
    assert lodged_by(person, draft) == {code}
    draft.refresh_from_db()
    assert draft.is_draft


@pytest.mark.django_db
def test_a_stranger_and_a_preparer_lodge_nothing(seller: User, rival: User) -> None:
    draft = builders.draft(seller)
    assert lodged_by(rival, draft) == {"AC-42"}
    assert lodged_by(builders.member(builders.company_of(seller), role="preparer"), draft) == {"AC-40"}


@pytest.mark.django_db
def test_every_problem_is_told_at_once(seller: User) -> None:
    person = agent_for(seller, value_limit=Decimal("1.00"), value_currency="EUR")
    assert lodged_by(person, builders.draft(seller, consignee_name="")) == {"DE-50", "DE-02"}


@pytest.mark.django_db
def test_an_agent_that_is_not_verified_any_more_lodges_nothing(seller: User) -> None:
    person = agent_for(seller)
    Organisation.objects.filter(memberships__user=person).update(suspended_at=NOW)
    assert lodged_by(person, builders.draft(seller)) == {"DE-52"}


@pytest.mark.django_db
@pytest.mark.parametrize(("limit", "codes_"), [("25.00", set()), ("24.99", {"DE-50"}), ("25.01", set())])
def test_the_limit_itself_is_within(seller: User, limit: str, codes_: set[str]) -> None:
    """Two pieces of 12.50."""
    person = agent_for(seller, value_limit=Decimal(limit), value_currency="EUR")
    assert lodged_by(person, draft_worth(seller, "12.50")) == codes_


@pytest.mark.django_db
def test_another_currency_is_converted_by_the_published_rate_of_the_day(seller: User) -> None:
    used = rate("EUR", "CNY", jurisdiction="NL", on=date(2026, 11, 23))
    worth = (Decimal("25.00") * used.numerator / used.denominator).quantize(Decimal("0.01"))
    # Within a cent of the exact product on either side.
    above, below = worth + Decimal("0.01"), worth - Decimal("0.01")
    person = agent_for(seller, value_limit=below, value_currency="CNY")
    draft = draft_worth(seller, "12.50")
    refused = lifecycle.lodge([draft.pk], by=person, at=NOW)[draft.pk]
    assert [problem.code for problem in refused] == ["DE-50"]
    assert f"{below} CNY" in refused[0].message
    assert f"Ask {draft.declarant} to lodge this one" in refused[0].fix
    Mandate.objects.update(value_limit=above)
    assert lodged_by(person, draft) == set()


@pytest.mark.django_db
def test_without_a_published_rate_nothing_is_lodged(seller: User) -> None:
    person = agent_for(seller, value_limit=Decimal("1000000"), value_currency="XPF")
    assert lodged_by(person, builders.draft(seller)) == {"DE-51"}


@pytest.mark.django_db
def test_the_limit_is_told_before_anything_is_sent(seller: User) -> None:
    person = agent_for(seller, value_limit=Decimal("10.00"), value_currency="EUR")
    mandate = Mandate.objects.get(agent=builders.company_of(person))
    draft, client = draft_worth(seller, "12.50"), Client()
    client.force_login(person)
    address = reverse("declarations:check", args=[draft.reference])
    sentence = f"The goods are worth 25.00 EUR; the mandate {mandate.reference} goes up to 10.00 EUR."
    assert sentence in client.get(address).text
    sent = {"seen": draft.saved_at.isoformat(), "is_true": "on"}
    answer = client.post(address, sent)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    # The seller has no limit.
    client.force_login(seller)
    assert sentence not in client.get(address).text


def accept(draft: Declaration, **fields: object) -> None:
    """Go around lodge()."""
    mrn = f"26NL{draft.pk:014d}"
    Declaration.objects.filter(pk=draft.pk).update(status=Status.ACCEPTED, accepted_at=NOW, mrn=mrn, **fields)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "terms",
    [
        {"revoked_at": NOW},
        {"accepted_at": None},
        {"valid_to": NOW},
        {"valid_from": NOW + timedelta(seconds=1)},
        {"scopes": ["prepare"]},
        {"countries": ["AU"]},
    ],
)
def test_the_database_accepts_under_no_mandate_that_is_not_in_force(
    seller: User, terms: dict[str, object]
) -> None:
    draft, agent = builders.draft(seller), builders.organisation(kind="agent")
    mandate = builders.mandate(draft.declarant, agent, **terms)
    with pytest.raises(IntegrityError, match="no mandate in force"), transaction.atomic():
        accept(draft, representative=agent, mandate=mandate)


@pytest.mark.django_db
def test_the_database_accepts_under_no_foreign_mandate_and_without_one_from_no_agent(
    seller: User, rival: User
) -> None:
    draft, agent = builders.draft(seller), builders.organisation(kind="agent")
    foreign = builders.mandate(builders.company_of(rival), agent)
    for mandate in (foreign, None):
        with pytest.raises(IntegrityError, match="no mandate in force"), transaction.atomic():
            accept(draft, representative=agent, mandate=mandate)
    accept(draft, representative=agent, mandate=builders.mandate(draft.declarant, agent))


@pytest.mark.django_db
def test_who_lodged_is_never_rewritten(seller: User) -> None:
    draft = builders.draft(seller)
    assert lodged_by(agent_for(seller), draft) == set()
    for change in ({"mandate": None}, {"representative": None}):
        with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
            Declaration.objects.filter(pk=draft.pk).update(**change)


def test_a_mandate_does_not_end_while_something_is_lodged_under_it(own_database: str) -> None:
    """Without the shared lock the foreign key alone would let it end."""
    seller = builders.seller()
    person, draft = agent_for(seller), builders.draft(seller)
    other = psycopg2.connect(servers.database_url(own_database, role="DATABASE_OWNER_URL"))
    with transaction.atomic():
        assert lodged_by(person, draft) == set()
        with pytest.raises(psycopg2.errors.LockNotAvailable), other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
            cursor.execute("UPDATE accounts_mandate SET revoked_at = now()")
    other.close()


def test_who_lodges_while_the_mandate_ends_waits_and_is_refused(own_database: str) -> None:
    seller = builders.seller()
    person, draft = agent_for(seller), builders.draft(seller)
    ending, refused = Signal(), []

    def lodge() -> None:
        ending.wait(10)
        refused.append(lodged_by(person, draft))
        connection.close()

    thread = Thread(target=lodge)
    thread.start()
    with transaction.atomic():
        end_mandate(Mandate.objects.get(), by=seller, at=NOW)
        ending.set()
        thread.join(0.5)
        assert thread.is_alive(), "it did not wait"
    thread.join(10)
    assert refused == [{"AC-42"}]
    assert Declaration.objects.get(pk=draft.pk).is_draft


def test_the_number_of_lines_does_not_matter_for_one_limit(seller: User) -> None:
    """The limit is for the declaration, not for each line."""
    goods: list[GoodsItem] = [builders.goods_item(1, price="6.00"), builders.goods_item(2, price="6.51")]
    person = agent_for(seller, value_limit=Decimal("25.01"), value_currency="EUR")
    assert lodged_by(person, builders.draft(seller, goods=goods)) == {"DE-50"}
