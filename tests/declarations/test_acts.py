"""Each page asks for its act: whoever may only see gets a 403 with the fix, whoever may not see a 404."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from declarations.models import Declaration
from swindow.accounts.models import Act, FormerMembership, Mandate, Membership, User
from swindow.events.models import Event
from tests import builders
from tests.declarations.acting import (
    CASES,
    Call,
    Desk,
    agent_for,
    desk_of,
    differences,
    somebody,
    statuses_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
# Page -> its act, what it is about, method, what is sent, and the answer to whoever may.
PAGES: Mapping[str, tuple[str, str, str, dict[str, str], int]] = {
    "detail": ("view", "draft", "get", {}, 200),
    "check": ("view", "draft", "get", {}, 200),
    "inspection": ("view", "draft", "get", {}, 200),
    "parties": ("prepare", "draft", "get", {}, 200),
    "transport": ("prepare", "draft", "post", {"transport_mode": "post"}, 422),
    "goods": ("prepare", "draft", "get", {}, 200),
    "line_new": ("prepare", "draft", "get", {}, 200),
    "documents": ("prepare", "draft", "get", {}, 200),
    "tax": ("prepare", "draft", "get", {}, 200),
    "line_forget": ("prepare", "draft", "post", {}, 302),
    "pay": ("pay", "held", "post", {"method": "card"}, 302),
}


@pytest.fixture
def desk(seller: User, own_files: Path) -> Desk:
    return desk_of(seller)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(name: str, declaration: Declaration, *parts: object) -> str:
    return reverse(f"declarations:{name}", args=[declaration.reference, *parts])


def pages(desk: Desk, client: Client) -> Sequence[Call]:
    """Return one call of every page."""
    file = desk.held.documents.get().file.reference
    seen = {"seen": desk.draft.saved_at.isoformat(), "is_true": "on"}
    others = [
        ("lodge", Act.LODGE, "post", url("check", desk.draft), seen, 302),
        ("answer", Act.ANSWER, "post", url("answer", desk.held, "customs"), {"customs-answer": "So."}, 302),
        # The row of an upload is there and its object is not: "not now" means "you may".
        ("file", Act.DOWNLOAD, "get", url("file", desk.held, file), {}, 503),
        ("own file", Act.VIEW, "get", url("file", desk.draft, _file(desk.draft)), {}, 503),
        ("paper", Act.DOWNLOAD, "get", url("paper", desk.released, desk.paper), {}, 200),
        ("new", Act.PREPARE, "get", reverse("declarations:new"), {}, 200),
        ("product_new", Act.PREPARE, "get", reverse("declarations:product_new"), {}, 200),
        ("product", Act.VIEW, "get", _product(desk), {}, 200),
        ("product changed", Act.PREPARE, "post", _product(desk), {}, 422),
    ]
    of_one = [
        (name, act, method, url(name, getattr(desk, which)), sent, status)
        for name, (act, which, method, sent, status) in PAGES.items()
    ]
    return [
        Call(name, act, partial(getattr(client, method), address, sent), status)
        for name, act, method, address, sent, status in [*of_one, *others]
    ]


def _file(declaration: Declaration) -> str:
    return str(declaration.documents.get().file.reference)


def _product(desk: Desk) -> str:
    return reverse("declarations:product_edit", args=[desk.product.reference])


def test_every_page_lets_do_what_role_and_mandate_allow(desk: Desk) -> None:
    wrong = differences(desk, lambda person: pages(desk, browser(person)))
    assert not wrong, "\n".join(wrong)


def test_what_is_found_in_lists_and_what_is_admitted_agree(desk: Desk) -> None:
    for case, acts in CASES:
        person = somebody(desk, case)
        found = {act for act in Act.values if desk.draft in Declaration.objects.allowing(person, act)}
        assert found == acts, case
        assert browser(person).get(url("detail", desk.draft)).context["may"] == acts, case


def test_what_is_allowed_is_offered_and_nothing_else(desk: Desk) -> None:
    wrong = []
    for case, acts in CASES:
        for act, page, address in offers(desk, browser(somebody(desk, case))):
            if (address in page) != (act in acts):
                wrong.append(f"{case} {act}: {address}")
    assert not wrong, "\n".join(wrong)


def offers(desk: Desk, client: Client) -> Sequence[tuple[str, str, str]]:
    """Return act, page, and the address or field on it that offers the act."""
    draft, held = client.get(url("detail", desk.draft)).text, client.get(url("detail", desk.held)).text
    released, check = client.get(url("detail", desk.released)).text, client.get(url("check", desk.draft)).text
    return (
        ("prepare", draft, url("parties", desk.draft)),
        ("prepare", draft, url("goods", desk.draft)),
        ("prepare", draft, url("line_remove", desk.draft, 1)),
        ("prepare", draft, url("documents", desk.draft)),
        ("prepare", check, url("transport", desk.draft)),
        ("prepare", client.get(reverse("declarations:list")).text, reverse("declarations:new")),
        ("prepare", client.get(reverse("declarations:products")).text, reverse("declarations:product_new")),
        ("pay", held, url("pay", desk.held)),
        ("answer", held, url("answer", desk.held, "customs")),
        ("download", held, url("file", desk.held, _file(desk.held))),
        ("download", released, url("paper", desk.released, desk.paper)),
        ("lodge", check, 'name="is_true"'),
    )


def test_the_refusal_says_whom_to_ask_for_which_role(desk: Desk) -> None:
    company = builders.company_of(desk.seller)
    answer = browser(builders.member(company, role="viewer")).get(url("parties", desk.draft))
    assert answer.status_code == 403
    assert f"Your role Viewer at {company} does not allow this: Prepare declarations." in answer.text
    assert f"Ask an owner of {company} for the role Preparer" in answer.text


def test_the_refusal_names_the_mandate_and_the_seller(desk: Desk) -> None:
    person = agent_for(desk.seller, scopes=["prepare"])
    mandate = Mandate.objects.get(agent=builders.company_of(person))
    answer = browser(person).post(url("pay", desk.held), {"method": "card"})
    assert answer.status_code == 403
    assert f"The mandate {mandate.reference} does not allow this: Pay charges." in answer.text
    assert f"Ask {desk.draft.declarant} to extend it" in answer.text
    checked = browser(person).get(url("check", desk.draft)).text
    assert f"The mandate {mandate.reference} does not allow this: Lodge declarations." in checked


def test_who_types_while_the_role_is_taken_away_is_told_in_words(desk: Desk) -> None:
    person = builders.member(builders.company_of(desk.seller), role="preparer")
    client = browser(person)
    Membership.objects.filter(user=person).update(role="viewer")
    answer = client.post(f"{url('parties', desk.draft)}?autosave=1", {"order_number": "X"})
    assert answer.status_code == 403
    assert "Your role Viewer" in answer.json()["message"]


def test_an_agent_whose_mandate_ended_gets_404_at_once(desk: Desk) -> None:
    person = agent_for(desk.seller)
    client, mandate = browser(person), Mandate.objects.filter(agent__memberships__user=person)
    assert client.get(url("detail", desk.draft)).status_code == 200
    for ended in ({"revoked_at": timezone.now()}, {"valid_to": timezone.now()}, {"accepted_at": None}):
        with transaction.atomic():
            mandate.update(**ended)
            statuses = statuses_of(pages(desk, client))
            listed = client.get(reverse("declarations:list")).text
            transaction.set_rollback(True)
        # Without any client left there is nobody to begin something for.
        begun = {name: statuses.pop(name) for name in ("new", "product_new")}
        assert set(begun.values()) == {302}
        assert set(statuses.values()) == {404}, ended
        assert desk.draft.reference not in listed


def test_an_agent_for_one_country_finds_nothing_of_the_others(seller: User) -> None:
    here, there = builders.draft(seller, jurisdiction="NL"), builders.draft(seller, jurisdiction="AU")
    client = browser(agent_for(seller, countries=["NL", "DE"]))
    assert client.get(url("detail", here)).status_code == 200
    assert client.get(url("detail", there)).status_code == 404
    assert client.post(url("check", there), {}).status_code == 404
    listed = client.get(reverse("declarations:list")).text
    assert here.reference in listed
    assert there.reference not in listed


def test_an_agent_begins_nothing_outside_its_countries(seller: User) -> None:
    client = browser(agent_for(seller, countries=["NL"]))
    typed = {"jurisdiction": "AU", "lrn": "AG-1"}
    answer = client.post(reverse("declarations:new"), typed)
    assert answer.status_code == 422
    assert "not for this country of import" in str(answer.context["form"].errors["jurisdiction"])
    assert not Declaration.objects.exists()
    assert client.post(reverse("declarations:new"), typed | {"jurisdiction": "NL"}).status_code == 302


def test_who_belongs_to_the_seller_never_acts_under_a_mandate(desk: Desk) -> None:
    """Otherwise a viewer would lodge for the own company through an agent."""
    person = agent_for(desk.seller)
    Membership.objects.create(user=person, organisation=desk.draft.declarant, role="viewer")
    answer = browser(person).get(url("parties", desk.draft))
    assert answer.status_code == 403
    assert "Your role Viewer" in answer.text


def test_every_act_of_an_agent_names_the_mandate(desk: Desk) -> None:
    person = agent_for(desk.seller)
    client, mandate = browser(person), Mandate.objects.get(agent=builders.company_of(person))
    client.post(url("answer", desk.held, "customs"), {"customs-answer": "So."})
    client.post(url("pay", desk.held), {"method": "card"})
    client.post(reverse("declarations:new"), {"jurisdiction": "NL", "lrn": "AG-1"})
    client.post(url("check", desk.draft), {"seen": desk.draft.saved_at.isoformat(), "is_true": "on"})
    made = Event.objects.filter(actor=f"user:{person.pk} {mandate.reference}")
    assert set(made.values_list("kind", flat=True)) == {
        "request.answered",
        "payment.requested",
        "declaration.drafted",
        "declaration.accepted",
    }
    desk.draft.refresh_from_db()
    assert desk.draft.mandate == mandate
    assert desk.draft.representative == builders.company_of(person)
    assert Declaration.objects.get(lrn="AG-1").representative == builders.company_of(person)


def test_the_seller_reads_who_acted_under_which_mandate(desk: Desk) -> None:
    person = agent_for(desk.seller)
    mandate = Mandate.objects.get(agent=builders.company_of(person))
    browser(person).post(url("answer", desk.held, "customs"), {"customs-answer": "So."})
    shown = browser(desk.seller).get(url("detail", desk.held)).text
    assert f"Mira Vos ({mandate.agent}, {mandate.reference})" in shown


def test_an_agent_without_questions_does_not_read_them(desk: Desk) -> None:
    question = "Why 2.30 kg?"
    silent = browser(agent_for(desk.seller, scopes=["prepare", "lodge"])).get(url("detail", desk.held))
    assert question not in silent.text
    assert "Your mandate does not include questions." in silent.text
    reading = browser(agent_for(desk.seller, scopes=["answer"])).get(url("detail", desk.held))
    assert question in reading.text
    viewer = builders.member(builders.company_of(desk.seller), role="viewer")
    assert question in browser(viewer).get(url("detail", desk.held)).text


def test_a_chosen_client_narrows_what_an_agent_sees(desk: Desk, rival: User) -> None:
    person = agent_for(desk.seller)
    builders.mandate(builders.company_of(rival), builders.company_of(person))
    other = builders.draft(rival)
    client = browser(person)
    listed = client.get(reverse("declarations:list")).text
    assert desk.draft.reference in listed
    assert other.reference in listed
    session = client.session
    session["client"] = builders.company_of(rival).reference
    session.save()
    for page in ("list", "overview", "products"):
        shown = client.get(reverse(f"declarations:{page}")).text
        assert desk.draft.reference not in shown
        assert desk.product.reference not in shown
    assert other.reference in client.get(reverse("declarations:list")).text
    assert "declarant" not in client.get(reverse("declarations:new")).context["form"].fields


def test_a_former_colleague_finds_nothing(desk: Desk) -> None:
    person = builders.member(builders.company_of(desk.seller), role="declarant")
    client = browser(person)
    assert client.get(url("detail", desk.draft)).status_code == 200
    place = Membership.objects.get(user=person)
    left = timezone.now() - timedelta(seconds=1)
    FormerMembership.objects.create(
        user=person, organisation=place.organisation, role=place.role, left_at=left
    )
    place.delete()
    assert client.get(url("detail", desk.draft)).status_code == 404
