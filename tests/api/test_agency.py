"""An agency's machine reads its feed and decides; a decision sent twice changes nothing."""

from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection, transaction

from declarations import lifecycle
from declarations.models import Declaration
from inspection.lifecycle import open_reviews
from swindow.accounts.models import FormerMembership
from swindow.events.models import Event
from swindow.events.outbox import NewEvent, record
from tests import builders
from tests.api.callers import Caller, paths_of


def lodge(count: int = 1) -> list[Declaration]:
    seller = builders.seller()
    drafts = [builders.draft(seller) for _ in range(count)]
    lifecycle.lodge([draft.pk for draft in drafts], by=seller, at=builders.NOW)
    open_reviews([draft.pk for draft in drafts], at=builders.NOW)
    return drafts


def word(declaration: Declaration, **changes: str) -> dict[str, str]:
    return {"declaration": declaration.reference, "decision": "approve", "reason_code": "C00"} | changes


@pytest.mark.django_db
def test_a_decision_lifts_the_hold_once() -> None:
    builders.reference_data()
    (declaration,) = lodge()
    machine = Caller(builders.officer("customs"))
    first = machine.post("agency/decisions", {"decisions": [word(declaration)]}).json()["outcomes"][0]
    assert (first["is_effective"], first["status"]) == (True, "approved")
    refusal = word(declaration, decision="refuse", reason_code="C21", reason="No.")
    second = machine.post("agency/decisions", {"decisions": [refusal]}).json()["outcomes"][0]
    assert second == first | {"is_effective": False}
    assert Event.objects.filter(kind="hold.lifted").count() == 1


@pytest.mark.django_db
def test_a_refusal_needs_a_sentence_and_rejects() -> None:
    builders.reference_data()
    (declaration,) = lodge()
    machine = Caller(builders.officer("customs"))
    bare = machine.post("agency/decisions", {"decisions": [word(declaration, decision="refuse")]})
    assert paths_of(bare) == {"decisions.1.reason": "invalid"}
    whole = word(declaration, decision="refuse", reason_code="C21", reason="Not as declared.")
    machine.post("agency/decisions", {"decisions": [whole]})
    declaration.refresh_from_db()
    assert (declaration.status, declaration.reason) == ("rejected", "Not as declared.")


@pytest.mark.django_db
def test_only_own_goods_can_be_decided_and_each_once() -> None:
    builders.reference_data()
    first, second = lodge(2)
    machine = Caller(builders.officer("quarantine"))
    answer = machine.post("agency/decisions", {"decisions": [word(first)]})
    assert paths_of(answer) == {"decisions.1.declaration": "not_found"}
    customs = Caller(builders.officer("customs"))
    twice = {"decisions": [word(first), word(second), word(first)]}
    assert paths_of(customs.post("agency/decisions", twice)) == {"decisions.3.declaration": "named_twice"}
    assert not Event.objects.filter(kind="hold.lifted").exists()


@pytest.mark.django_db
def test_nobody_decides_about_their_own_company() -> None:
    builders.reference_data()
    (declaration,) = lodge()
    officer = builders.officer("customs")
    FormerMembership.objects.create(
        user=officer, organisation=declaration.declarant, role="declarant", left_at=builders.NOW
    )
    answer = Caller(officer).post("agency/decisions", {"decisions": [word(declaration)]})
    assert paths_of(answer) == {"decisions.1.declaration": "IN-01"}


@pytest.mark.django_db
def test_sellers_find_nothing_here() -> None:
    machine = Caller(builders.seller())
    assert machine.get("agency/events").status_code == 404
    assert machine.post("agency/decisions", {"decisions": []}).status_code == 404


@pytest.mark.usefixtures("own_database")
def test_the_feed_leaves_nothing_out_when_transactions_overtake() -> None:
    builders.reference_data()
    early, late = lodge(2)
    machine = Caller(builders.officer("customs"))
    start = machine.get("agency/events").json()
    assert [event["kind"] for event in start["events"]] == ["declaration.accepted"] * 2 + [
        "reviews.opened"
    ] * 2
    assert machine.get(f"agency/events?after={start['next']}").json() == {"events": [], "next": start["next"]}

    written, may_commit = Signal(), Signal()

    def slow() -> None:
        with transaction.atomic():
            record([NewEvent("declaration", early.pk, "hold.lifted", "portal")], at=builders.NOW)
            written.set()
            may_commit.wait(10)
        connection.close()

    thread = Thread(target=slow)
    thread.start()
    written.wait(10)
    with transaction.atomic():
        record([NewEvent("declaration", late.pk, "hold.lifted", "portal")], at=builders.NOW)
    # The later number is committed, the earlier one not yet: neither may be shown.
    meanwhile = machine.get(f"agency/events?after={start['next']}").json()
    may_commit.set()
    thread.join()
    assert meanwhile["events"] == []
    after = machine.get(f"agency/events?after={start['next']}").json()["events"]
    assert [event["declaration"] for event in after] == [early.reference, late.reference]
    assert Caller(builders.officer("quarantine")).get("agency/events").json()["events"] == []
