"""Each operation asks for its act: the same two tables as the pages."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from declarations.models import Declaration
from swindow.accounts.models import Mandate, User
from swindow.events.models import Event
from tests import builders
from tests.api.callers import Caller, paths_of
from tests.declarations.acting import Call, Desk, agent_for, desk_of, differences, statuses_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
_PRODUCT = {
    "sku": "S-9",
    "description": "Cotton T-shirt",
    "commodity_code": "610910",
    "origin": "CN",
    "unit_price": "12.50",
    "currency": "EUR",
    "net_mass_kg": "0.200",
}


@pytest.fixture
def desk(seller: User, own_files: Path) -> Desk:
    return desk_of(seller)


def operations(desk: Desk, machine: Caller) -> Sequence[Call]:
    """Return one call of every operation."""
    draft, held = f"declarations/{desk.draft.reference}", f"declarations/{desk.held.reference}"
    stated = {"lrn": "PO-9", "jurisdiction": "NL"}
    return [
        Call("read", "view", lambda: machine.get(draft), 200),
        Call("assessment", "view", lambda: machine.get(f"{draft}/assessment"), 200),
        Call("timeline", "view", lambda: machine.get(f"{held}/timeline"), 200),
        Call("papers", "view", lambda: machine.get(f"declarations/{desk.released.reference}/papers"), 200),
        Call("product", "view", lambda: machine.get(f"products/{desk.product.reference}"), 200),
        Call("draft", "prepare", lambda: machine.post("declarations", stated), 201),
        Call("put", "prepare", lambda: machine.send("PUT", draft, stated), 200),
        Call("patch", "prepare", lambda: machine.send("PATCH", draft, {"lrn": "PO-8"}), 200),
        Call("register", "prepare", lambda: machine.post("products", _PRODUCT), 201),
        Call("lodge", "lodge", lambda: machine.post(f"{draft}/lodge", key="k1"), 201),
        Call("pay", "pay", lambda: machine.post(f"{held}/pay", key="k2"), 201),
        Call("answer", "answer", lambda: machine.post(f"{held}/questions/1/answer", {"answer": "So."}), 200),
        Call("paper", "download", lambda: machine.get(_paper(desk)), 200),
    ]


def _paper(desk: Desk) -> str:
    return f"declarations/{desk.released.reference}/papers/{desk.paper}"


def test_every_operation_lets_do_what_role_and_mandate_allow(desk: Desk) -> None:
    wrong = differences(desk, lambda person: operations(desk, Caller(person)))
    assert not wrong, "\n".join(wrong)


def test_the_refusal_is_a_problem_with_its_number_and_fix(desk: Desk) -> None:
    viewer = Caller(builders.member(desk.draft.declarant, role="viewer"))
    (problem,) = viewer.post(f"declarations/{desk.draft.reference}/lodge", key="k").json()["errors"]
    assert problem["code"] == "AC-40"
    assert problem["fix"].startswith(f"Ask an owner of {desk.draft.declarant} for the role Declarant")
    person = agent_for(desk.seller, scopes=["prepare"])
    mandate = Mandate.objects.get(agent=builders.company_of(person))
    (problem,) = Caller(person).post(f"declarations/{desk.held.reference}/pay", key="k").json()["errors"]
    assert problem["code"] == "AC-41"
    assert mandate.reference in problem["message"]


def test_whoever_may_only_see_is_told_at_the_field_of_the_seller(desk: Desk) -> None:
    viewer = Caller(builders.member(desk.draft.declarant, role="viewer"))
    named = {"lrn": "PO-9", "jurisdiction": "NL", "declarant": desk.draft.declarant.reference}
    assert paths_of(viewer.post("declarations", named)) == {"declarant": "AC-40"}
    assert paths_of(viewer.post("products", _PRODUCT)) == {"seller": "AC-40"}


def test_an_ended_mandate_is_404_at_the_next_call(desk: Desk) -> None:
    person = agent_for(desk.seller)
    machine, mandates = Caller(person), Mandate.objects.filter(agent__memberships__user=person)
    address = f"declarations/{desk.draft.reference}"
    assert machine.get(address).status_code == 200
    mandates.update(revoked_at=builders.NOW)
    statuses = statuses_of(operations(desk, machine))
    # There is no client left whom something could be made for.
    assert {statuses.pop("draft"), statuses.pop("register")} == {422}
    assert set(statuses.values()) == {404}
    assert machine.get("declarations").json()["results"] == []


def test_a_draft_neither_begins_nor_moves_outside_the_countries_of_the_mandate(seller: User) -> None:
    machine = Caller(agent_for(seller, countries=["NL"]))
    stated = {"lrn": "PO-1", "jurisdiction": "NL"}
    reference = machine.post("declarations", stated).json()["reference"]
    for answer in (
        machine.post("declarations", {"lrn": "PO-2", "jurisdiction": "AU"}),
        machine.send("PUT", f"declarations/{reference}", stated | {"jurisdiction": "AU"}),
        machine.send("PATCH", f"declarations/{reference}", {"jurisdiction": "AU"}),
    ):
        assert (answer.status_code, paths_of(answer)) == (403, {"jurisdiction": "AC-42"})
    assert str(Declaration.objects.get().jurisdiction) == "NL"


def test_an_agent_without_questions_does_not_read_them(desk: Desk) -> None:
    address = f"declarations/{desk.held.reference}/questions"
    silent = Caller(agent_for(desk.seller, scopes=["prepare", "lodge", "pay", "download"])).get(address)
    assert (silent.status_code, paths_of(silent)) == (403, {"": "AC-41"})
    for person in (
        agent_for(desk.seller, scopes=["answer"]),
        builders.member(desk.held.declarant, role="viewer"),
    ):
        assert Caller(person).get(address).json()["results"][0]["question"] == "Why 2.30 kg?"


def test_the_timeline_and_the_chain_name_the_mandate(desk: Desk) -> None:
    person = agent_for(desk.seller)
    mandate = Mandate.objects.get(agent=builders.company_of(person))
    reference = desk.draft.reference
    assert Caller(person).post(f"declarations/{reference}/lodge", key="k").status_code == 201
    drafted, accepted = Caller(desk.seller).get(f"declarations/{reference}/timeline").json()["events"]
    assert (drafted["actor"], drafted["mandate"]) == ("person", "")
    assert (accepted["actor"], accepted["mandate"]) == ("person", mandate.reference)
    event = Event.objects.get(subject_id=desk.draft.pk, kind="declaration.accepted")
    assert event.actor == f"user:{person.pk} {mandate.reference}"
