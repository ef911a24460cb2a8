"""An agent's desk and the client switcher: no client beside another, unless all of them are asked for."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from declarations import lifecycle
from declarations.lifecycle import Question
from declarations.models import Declaration, Product
from swindow.accounts.lifecycle import end_mandate
from swindow.accounts.models import Mandate, User
from tests import builders
from tests.builders import NOW

pytestmark = pytest.mark.django_db

DESK, CHOOSE = "/desk/", "/desk/client/"
WORDS = {"first": ("Kestrel", "Teapot"), "second": ("Ostrich", "Lantern")}


@pytest.fixture
def first(db: None) -> User:
    return builders.seller(name="Kestrel")


@pytest.fixture
def second(db: None) -> User:
    return builders.seller(name="Ostrich")


@pytest.fixture
def agent(first: User, second: User) -> User:
    """An agent with two clients, each with a product and a draft of its own words."""
    agency = builders.organisation(kind="agent", name="Harbour Brokers")
    for seller, (_name, goods) in zip((first, second), WORDS.values(), strict=True):
        builders.mandate(builders.company_of(seller), agency)
        a_product(seller, goods)
        a_draft(seller, goods)
    return builders.member(agency, name="Mira Vos")


def a_product(seller: User, description: str) -> Product:
    product = Product(
        seller=builders.company_of(seller),
        sku=f"{description}-1",
        description=description,
        commodity_code="610910",
        origin="CN",
        unit_price=Decimal("12.50"),
        currency="EUR",
        net_mass_kg=Decimal("0.200"),
    )
    return lifecycle.register_product(product, at=NOW)


def a_draft(seller: User, description: str) -> Declaration:
    return builders.draft(seller, goods=[builders.goods_item(1, description=description)])


def as_person(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def choose(browser: Client, seller: User | None, **more: str) -> int:
    reference = builders.company_of(seller).reference if seller else ""
    return int(browser.post(CHOOSE, {"client": reference, **more}).status_code)


def bodies(browser: Client) -> Iterator[tuple[str, str]]:
    """Return the pages that list what clients have, without the frame's own menu of clients."""
    for name in ("overview", "list", "products", "new", "product_new", "desk"):
        address = reverse(f"declarations:{name}")
        page = browser.get(address)
        assert page.status_code == 200, address
        yield name, page.content.decode().partition("<main")[2].partition("</main>")[0]


def test_a_chosen_client_is_never_seen_beside_another(agent: User, first: User, second: User) -> None:
    browser = as_person(agent)
    for seller, own, foreign in (
        (first, WORDS["first"], WORDS["second"]),
        (second, WORDS["second"], WORDS["first"]),
    ):
        assert choose(browser, seller) == 302
        for name, body in bodies(browser):
            assert not [word for word in foreign if word in body], name
        assert own[1] in browser.get(reverse("declarations:products")).content.decode()
        assert own[1] in browser.get(reverse("declarations:list")).content.decode()


def test_among_all_clients_each_row_names_its_own(agent: User, first: User, second: User) -> None:
    for name, body in bodies(as_person(agent)):
        if name in ("list", "products", "overview"):
            for row in body.split("<tr>")[1:]:
                for company, goods in WORDS.values():
                    assert (goods in row) == (company in row), name
    body = as_person(agent).get(reverse("declarations:list")).content.decode()
    assert body.count("Teapot") == body.count("Lantern") == 1


def test_the_switcher_offers_every_client_and_marks_the_chosen(agent: User, first: User) -> None:
    browser = as_person(agent)
    page = browser.get(reverse("declarations:list"))
    offered = page.content.decode().partition("</header>")[0]
    assert "All clients" in offered
    assert all(builders.company_of(each).reference in offered for each in (first,))
    choose(browser, first)
    assert browser.get(DESK).context["portal"].client == builders.company_of(first)
    assert choose(browser, None) == 302
    assert browser.get(DESK).context["portal"].client is None


def test_there_is_no_switcher_with_one_client(seller: User, broker: User) -> None:
    for person in (seller, broker):
        page = as_person(person).get(reverse("declarations:list")).content.decode()
        assert 'action="/desk/client/"' not in page.partition("</header>")[0]


def test_nobody_chooses_whom_they_do_not_act_for(agent: User, rival: User, seller: User) -> None:
    browser = as_person(agent)
    assert choose(browser, rival) == 404
    assert choose(as_person(rival), seller) == 404
    assert browser.post(CHOOSE, {"client": "a\0b"}).status_code == 404


def test_the_choice_leads_back_to_our_own_pages_only(agent: User, first: User) -> None:
    browser = as_person(agent)
    reference = builders.company_of(first).reference
    for asked, url in (
        ("/products/", "/products/"),
        ("https://elsewhere.example/", DESK),
        ("//elsewhere.example/", DESK),
        ("", DESK),
    ):
        assert browser.post(CHOOSE, {"client": reference, "next": asked}).url == url


def test_a_client_whose_mandate_ended_is_gone_at_once(agent: User, first: User, second: User) -> None:
    browser = as_person(agent)
    choose(browser, first)
    mandate = Mandate.objects.get(seller=builders.company_of(first))
    end_mandate(mandate, by=first, at=timezone.now())
    for name, body in bodies(browser):
        assert not [word for word in WORDS["first"] if word in body], name
    assert choose(browser, first) == 404


def test_the_desk_counts_what_waits_at_each_client(agent: User, first: User, reference_data: None) -> None:
    declaration = builders.draft(first, payment_method="card")
    assert not lifecycle.lodge([declaration.pk], by=first, at=NOW)
    lifecycle.ask([Question(declaration.pk, "customs", "Q12", "Which?")], by="agency:customs", at=NOW)
    rows = {row.mandate.seller.name[:7]: row for row in as_person(agent).get(DESK).context["clients"]}
    assert [pile.count for pile in rows["Kestrel"].piles] == [1, 1, 1]
    assert [pile.count for pile in rows["Ostrich"].piles] == [0, 0, 1]


def test_what_a_mandate_does_not_allow_is_not_counted(agent: User, first: User) -> None:
    Mandate.objects.filter(seller=builders.company_of(first)).update(scopes=["pay"])
    rows = {row.mandate.seller.name[:7]: row for row in as_person(agent).get(DESK).context["clients"]}
    assert [str(pile.label) for pile in rows["Kestrel"].piles] == ["To pay"]
    assert len(rows["Ostrich"].piles) == 3


def test_declarations_into_other_countries_are_not_counted(agent: User, first: User) -> None:
    Mandate.objects.filter(seller=builders.company_of(first)).update(countries=["SG"])
    rows = {row.mandate.seller.name[:7]: row for row in as_person(agent).get(DESK).context["clients"]}
    assert [pile.count for pile in rows["Kestrel"].piles] == [0, 0, 0]


def test_the_desk_asks_as_often_for_ten_clients_as_for_two(agent: User) -> None:
    browser = as_person(agent)
    browser.get(DESK)
    with CaptureQueriesContext(connection) as few:
        browser.get(DESK)
    for number in range(8):
        seller = builders.seller(name=f"Client {number}")
        builders.mandate(builders.company_of(seller), builders.company_of(agent))
        a_draft(seller, "Box")
    with CaptureQueriesContext(connection) as many:
        answer = browser.get(DESK)
    assert len(answer.context["clients"]) == 10
    assert len(many) == len(few) <= 20


def test_the_desk_is_for_agents_alone(seller: User, customs_officer: User, agent: User) -> None:
    for person in (seller, customs_officer):
        assert as_person(person).get(DESK).status_code == 404
    carrier = builders.member(builders.organisation(kind="carrier", name="Swift Lines"))
    assert as_person(carrier).get(DESK).status_code == 200
    assert as_person(agent).get(reverse("home")).url == DESK


def test_an_offered_mandate_waits_on_the_desk(agent: User, rival: User, first: User) -> None:
    offered = builders.mandate(builders.company_of(rival), builders.company_of(agent), accepted_at=None)
    browser = as_person(agent)
    assert offered.reference in browser.get(DESK).content.decode()
    # It is another seller's, so it is hidden beside a chosen client.
    choose(browser, first)
    assert offered.reference not in browser.get(DESK).content.decode()
