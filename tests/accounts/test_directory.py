"""The public directory of agents, an agent's own entry, and requests for help."""

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from swindow.accounts.lifecycle import (
    Service,
    accept_help,
    ask_for_help,
    decline_help,
    describe_service,
    withdraw_help,
)
from swindow.accounts.models import AgentProfile, HelpRequest, Organisation, User
from swindow.accounts.sections import SECTIONS
from swindow.events.models import Event
from swindow.problems import Refused
from tests import builders
from tests.accounts.test_mandates import as_person, deliver

pytestmark = pytest.mark.django_db

DIRECTORY, PROFILE, ASK = "/agents/", "/organisation/profile/", "/help/"
STATUS = HelpRequest.Status


def listed(name: str = "Harbour Brokers", **facts: object) -> User:
    """Make a verified agent that shows itself."""
    person = builders.member(builders.organisation(kind="agent", name=name), name="Mira Vos")
    service = {
        "countries": ("NL",),
        "goods": (11,),
        "languages": "English, 中文",
        "about": "Fast parcels.",
        "is_listed": True,
    }
    described = Service(**(service | facts))  # type: ignore[arg-type]
    describe_service(builders.company_of(person), service=described, by=person, at=timezone.now())
    return person


@pytest.fixture
def agent(db: None) -> User:
    return listed()


@pytest.fixture
def asking(seller: User, agent: User) -> HelpRequest:
    return ask(seller, agent)


def ask(seller: User, agent: User, text: str = "Toys to Rotterdam.") -> HelpRequest:
    return ask_for_help(
        builders.company_of(seller),
        agent=builders.company_of(agent),
        countries=("DE", "NL"),
        text=text,
        by=seller,
        at=timezone.now(),
    )


def names(client: Client, **sought: str) -> list[str]:
    answer = client.get(DIRECTORY, sought)
    assert answer.status_code == 200
    return [row[0].name.rpartition(" ")[0] for row in answer.context["agents"]]


def page_of(agent: User) -> str:
    return reverse("accounts:directory_agent", args=[builders.company_of(agent).reference])


def form(agent: User, text: str = "Toys to Rotterdam.", **answers: object) -> dict[str, object]:
    return {"agent": builders.company_of(agent).reference, "text": text, **answers}


def help_page(asking: HelpRequest) -> str:
    return reverse("accounts:help", args=[asking.reference])


def test_anybody_reads_the_directory(client: Client, agent: User) -> None:
    assert names(client) == ["Harbour Brokers"]
    page = client.get(page_of(agent)).content.decode()
    assert "Fast parcels." in page
    assert "XI Textiles and clothing" in page
    assert "Netherlands" in page
    assert "Send the request" not in page


def test_the_directory_is_read_in_chinese(client: Client, agent: User) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert "荷兰" in client.get(page_of(agent)).content.decode()


def test_only_verified_agents_who_want_it_are_shown(client: Client) -> None:
    shown, hidden, suspended, expired = (listed(name) for name in ("Shown", "Hidden", "Suspended", "Expired"))
    AgentProfile.objects.filter(organisation=builders.company_of(hidden)).update(is_listed=False)
    for person, fact in (
        (suspended, {"suspended_at": timezone.now()}),
        (expired, {"verified_until": "2020-01-01"}),
    ):
        Organisation.objects.filter(pk=builders.company_of(person).pk).update(**fact)
    assert names(client) == ["Shown"]
    assert client.get(page_of(shown)).status_code == 200
    for person in (hidden, suspended, expired):
        assert client.get(page_of(person)).status_code == 404


def test_filters_find_by_country_goods_and_words(client: Client) -> None:
    listed("Anchor", countries=("NL", "DE"), goods=(11,), about="Night shifts")
    listed("Beacon", countries=("GB",), goods=())
    listed("Canal", countries=("NL",), goods=(16,), languages="Nederlands")
    assert names(client, country="NL") == ["Anchor", "Canal"]
    # Whoever names no goods takes all goods.
    assert names(client, goods="11") == ["Anchor", "Beacon"]
    assert names(client, q="night SHIFTS") == ["Anchor"]
    assert names(client, q="nederlands") == ["Canal"]
    assert names(client, country="NL", goods="16") == ["Canal"]
    assert names(client, country="SG") == []
    assert "No agent matches" in client.get(DIRECTORY, {"country": "SG"}).content.decode()


@pytest.mark.parametrize(
    "sought",
    [{"country": "ZZ"}, {"goods": "99"}, {"goods": "x"}, {"q": "a\0b"}, {"after": "a\0b"}, {"q": "x" * 99}],
)
def test_a_wrong_filter_filters_nothing(client: Client, agent: User, sought: dict[str, str]) -> None:
    assert names(client, **sought) == ["Harbour Brokers"]


def test_an_empty_directory_says_so(client: Client, db: None) -> None:
    assert "No agent shows itself yet" in client.get(DIRECTORY).content.decode()


def test_the_directory_is_read_page_by_page(client: Client) -> None:
    for number in range(25):
        listed(f"Agent {number:02d}")
    first = client.get(DIRECTORY, {"country": "NL"})
    second = client.get(first.context["more_url"])
    shown = [row[0].name for page in (first, second) for row in page.context["agents"]]
    assert (len(first.context["agents"]), len(second.context["agents"])) == (20, 5)
    assert shown == sorted(shown)
    assert len(set(shown)) == 25
    assert "country=NL" in first.context["more_url"]
    assert second.context["more_url"] == ""


def test_an_agent_fills_in_its_entry(client: Client) -> None:
    person = builders.member(builders.organisation(kind="carrier", name="Swift Lines"))
    browser = as_person(person)
    assert browser.get(PROFILE).status_code == 200
    entry = {
        "is_listed": "on",
        "countries": ["NL", "GB"],
        "goods": ["20"],
        "languages": "English",
        "about": "Sea.",
    }
    assert browser.post(PROFILE, entry).status_code == 302
    assert names(client) == ["Swift Lines"]
    profile = AgentProfile.objects.get()
    assert (profile.countries, profile.goods) == (["GB", "NL"], [20])
    assert browser.post(PROFILE, {**entry, "is_listed": ""}).status_code == 302
    assert names(client) == []


def test_an_entry_lacks_nothing_that_sellers_look_for(agent: User) -> None:
    answer = as_person(agent).post(PROFILE, {"is_listed": "on", "goods": ["22"]})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"countries", "about", "goods"}
    assert AgentProfile.objects.get().about == "Fast parcels."


def test_the_entry_is_the_owners_of_an_agent_alone(seller: User, agent: User) -> None:
    clerk = builders.member(builders.company_of(agent), role="declarant")
    for person in (seller, clerk):
        assert as_person(person).get(PROFILE).status_code == 404
        assert as_person(person).post(PROFILE, {"about": "x"}).status_code == 404


def test_a_seller_asks_and_the_agent_accepts_and_is_appointed(seller: User, agent: User) -> None:
    browser, other = as_person(seller), as_person(agent)
    page = browser.get(page_of(agent)).content.decode()
    assert f'action="{ASK}"' in page
    assert f'value="{builders.company_of(agent).reference}"' in page
    answer = browser.post(ASK, form(agent, countries=["NL", "DE"]))
    asking = HelpRequest.objects.get()
    assert answer.url == help_page(asking)
    assert asking.reference in other.get("/desk/").content.decode()
    assert other.post(help_page(asking), {"verdict": "accept", "reply": "Gladly."}).status_code == 302
    page = browser.get(help_page(asking)).content.decode()
    assert "Gladly." in page
    link = f"/organisation/agents/?request={asking.reference}"
    assert link in page
    initial = browser.get(link).context["form"].initial
    assert (initial["agent"], initial["countries"]) == (asking.agent.reference, ["DE", "NL"])
    assert asking.reference not in other.get("/desk/").content.decode()


def test_declining_takes_words(agent: User, asking: HelpRequest) -> None:
    browser = as_person(agent)
    answer = browser.post(help_page(asking), {"verdict": "decline"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"reply"}
    assert browser.post(help_page(asking), {"verdict": "decline", "reply": "Too far."}).status_code == 302
    asking.refresh_from_db()
    assert (asking.status, asking.reply, asking.replied_by) == (STATUS.DECLINED, "Too far.", agent)


def test_a_request_is_answered_once(seller: User, agent: User, asking: HelpRequest) -> None:
    now = timezone.now()
    accept_help(asking, reply="Yes.", by=agent, at=now)
    accept_help(asking, reply="Yes.", by=agent, at=now)
    with pytest.raises(Refused, match="stands differently"):
        decline_help(asking, reply="No.", by=agent, at=now)
    with pytest.raises(Refused, match="stands differently"):
        withdraw_help(asking, by=seller, at=now)
    assert as_person(seller).post(f"{help_page(asking)}withdraw/").status_code == 409
    kinds = Event.objects.filter(subject_id=asking.seller_id).values_list("kind", flat=True)
    assert list(kinds.order_by("seq")) == ["help.asked", "help.accepted"]


def test_a_seller_withdraws_and_asks_anew(seller: User, agent: User, asking: HelpRequest) -> None:
    browser = as_person(seller)
    for _click in range(2):
        assert browser.post(f"{help_page(asking)}withdraw/").status_code == 302
    assert as_person(agent).post(help_page(asking), {"verdict": "accept"}).status_code == 409
    assert ask(seller, agent).status == STATUS.OPEN


def test_asking_twice_is_one_request(seller: User, agent: User, asking: HelpRequest) -> None:
    assert ask(seller, agent) == asking
    answer = as_person(seller).post(ASK, form(agent, "Something else."))
    assert answer.status_code == 409
    assert "rule AC-81" in answer.content.decode()
    assert HelpRequest.objects.count() == 1


def test_nobody_asks_more_than_ten_agents_at_a_time(seller: User) -> None:
    for number in range(10):
        ask(seller, listed(f"Agent {number}"))
    with pytest.raises(Refused, match="ten agents"):
        ask(seller, listed("One more"))


def test_who_left_the_directory_cannot_be_asked(seller: User, agent: User) -> None:
    AgentProfile.objects.update(is_listed=False)
    assert as_person(seller).post(ASK, form(agent)).status_code == 404
    with pytest.raises(Refused, match="not in the directory"):
        ask(seller, agent)


def test_owners_and_declarants_ask_and_others_do_not(seller: User, colleague: User, agent: User) -> None:
    viewer = builders.member(builders.company_of(seller), role="viewer")
    stranger = Client().post(ASK, form(agent))
    assert stranger.url.startswith("/accounts/login/?next=")
    for person, status in ((viewer, 404), (agent, 404), (colleague, 302)):
        assert as_person(person).post(ASK, form(agent)).status_code == status
    assert "Send the request" not in as_person(viewer).get(page_of(agent)).content.decode()


def test_a_request_is_between_the_two(
    seller: User, colleague: User, rival: User, agent: User, asking: HelpRequest
) -> None:
    other = listed("Another")
    people = (seller, colleague, agent, rival, other)
    assert [as_person(each).get(help_page(asking)).status_code for each in people] == [200] * 3 + [404] * 2
    assert as_person(seller).post(help_page(asking), {"verdict": "accept"}).status_code == 404
    for person in (agent, rival, other):
        assert as_person(person).post(f"{help_page(asking)}withdraw/").status_code == 404
    appoint = as_person(rival).get("/organisation/agents/", {"request": asking.reference})
    assert "countries" not in appoint.context["form"].initial


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_other_side_is_told_of_a_request(
    seller: User, agent: User, mailoutbox: list[EmailMessage], language: str
) -> None:
    User.objects.update(preferred_language=language)
    now = timezone.now()
    accepted = accept_help(ask(seller, agent, "Toys <b>."), reply="Gladly <i>.", by=agent, at=now)
    declined = decline_help(ask(seller, agent, "Hats."), reply="Too far.", by=agent, at=now)
    withdrawn = withdraw_help(ask(seller, agent, "Tea."), by=seller, at=now)
    for kind in ("help.asked", "help.accepted", "help.declined", "help.withdrawn"):
        deliver(kind)
    to_agent, to_seller = [agent.email], [seller.email]
    assert [mail.to for mail in mailoutbox] == [*[to_agent] * 3, to_seller, to_seller, to_agent]
    assert "Toys <b>." in mailoutbox[0].body
    assert "Toys &lt;b&gt;." in mailoutbox[0].alternatives[0][0]
    for mail, asking in zip(mailoutbox[3:], (accepted, declined, withdrawn), strict=True):
        assert help_page(asking) in mail.body


def test_an_empty_request_is_refused_beside_its_field(seller: User, agent: User) -> None:
    answer = as_person(seller).post(ASK, form(agent, " "))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"text"}
    assert as_person(seller).post(ASK, {"agent": "a\0b"}).status_code == 404


def test_there_are_twenty_one_sections() -> None:
    assert list(SECTIONS) == list(range(1, 22))
