"""The buyer's identity number: asked where the law asks, checked, sealed at once, and shown nowhere."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cpf
from stdnum.cn import ric

from declarations import lifecycle
from declarations.identity_numbers import check_identity_number, identity_number_of
from declarations.models import Declaration, DraftAnswer
from swindow.accounts.models import User
from swindow.vault.models import Secret
from swindow.vault.secrets import reveal
from tests import builders
from tests.api.callers import Caller, paths_of, statement
from tests.declarations.test_pages_draft import PARTIES, url

# Which country a pack serves is read from the published law.
pytestmark = pytest.mark.django_db
GOOD = builders.RESIDENT_NUMBER
OTHER = "110101190101010003"
WRONG = "330203190102030006"


def is_refused(number: str, country: str) -> bool:
    return bool(list(check_identity_number(number, country=country)))


def test_only_the_countries_whose_law_names_a_number_ask_for_one() -> None:
    asked = {code for code in ("CN", "KR", "BR", "NL", "US", "JP", "IN") if identity_number_of(code)}
    assert asked == {"CN", "KR", "BR"}
    assert {code for code in asked if identity_number_of(code).is_needed} == {"CN"}


def test_a_number_is_refused_where_none_is_asked_for() -> None:
    assert is_refused(GOOD, "NL")


residents = st.builds(
    "{}{:%Y%m%d}{:03d}".format,
    st.sampled_from(("330203", "310115", "500112", "440305", "110101", "830000", "931156")),
    st.dates(),
    st.integers(min_value=0, max_value=999),
).filter(lambda number: len(number) == 17)


@given(residents)
def test_every_resident_number_with_its_check_digit_is_accepted(number: str) -> None:
    """Also of those born before their county was founded."""
    whole = number + ric.calc_check_digit(f"{number}0")
    assert not is_refused(whole, "CN")
    assert not is_refused(f"{whole[:6]} {whole[6:14]}-{whole[14:].lower()}", "CN")


@given(residents, st.integers(min_value=0, max_value=16), st.integers(min_value=1, max_value=9))
def test_one_mistyped_digit_is_always_noticed(number: str, place: int, by: int) -> None:
    whole = number + ric.calc_check_digit(f"{number}0")
    digit = (int(whole[place]) + by) % 10
    assert is_refused(f"{whole[:place]}{digit}{whole[place + 1 :]}", "CN")


@given(st.text(max_size=40))
def test_any_text_is_answered_with_a_problem_that_does_not_repeat_it(text: str) -> None:
    for country in ("CN", "KR", "BR"):
        for problem in check_identity_number(text, country=country):
            assert problem.code == "DE-34"
            assert len(text) < 9 or text not in problem.sentence


@pytest.mark.parametrize(
    "number",
    [
        *("33020319010203000", "3302031901020300055", "330203190113030005", "33020319010203000X"),
        *("003203190102030005", "33020319010203000５", "330203190102030005\n1", "x" * 18, ""),
    ],
)
def test_what_is_no_resident_number_is_refused(number: str) -> None:
    assert is_refused(number, "CN")


def test_codes_of_korea_and_brazil_have_their_own_forms() -> None:
    assert not is_refused("p123456789012", "KR")
    assert is_refused("P12345678901", "KR")
    assert is_refused("123456789012", "KR")
    whole = "390533447" + cpf._calc_check_digits("390533447")
    assert not is_refused(f"{whole[:3]}.{whole[3:6]}.{whole[6:9]}-{whole[9:]}", "BR")
    assert is_refused(f"{whole[:10]}{(int(whole[10]) + 1) % 10}", "BR")


@pytest.fixture
def page(client: Client, seller: User) -> Client:
    client.force_login(seller)
    return client


@pytest.fixture
def draft(seller: User) -> Declaration:
    """A draft to China whose buyer's number is not known yet."""
    draft = builders.draft(seller, jurisdiction="CN", currency="CNY", registration_scheme="")
    Secret.objects.all().delete()
    return draft


def kept(draft: Declaration) -> str:
    return reveal(f"declaration:{draft.pk}", "consignee_id")


def test_the_field_is_there_for_china_and_not_for_the_union(page: Client, seller: User) -> None:
    for country, is_asked in (("CN", True), ("NL", False)):
        draft = builders.draft(seller, jurisdiction=country)
        assert ('name="consignee_id"' in page.get(url("parties", draft)).text) is is_asked


def test_a_good_number_is_sealed_at_once_and_shown_by_its_end(page: Client, draft: Declaration) -> None:
    answer = page.post(url("parties", draft), PARTIES | {"consignee_id": GOOD.lower()})
    assert answer.url == url("transport", draft)
    assert kept(draft) == GOOD
    for name in ("parties", "check", "detail"):
        text = page.get(url(name, draft)).text
        assert GOOD not in text
    assert "••••••••••0005" in page.get(url("parties", draft)).text
    assert "••••••••••0005" in page.get(url("check", draft)).text


def test_an_empty_field_leaves_the_number_that_is_kept(page: Client, draft: Declaration) -> None:
    page.post(url("parties", draft), PARTIES | {"consignee_id": GOOD})
    page.post(url("parties", draft), PARTIES | {"consignee_id": ""})
    assert kept(draft) == GOOD
    page.post(url("parties", draft), PARTIES | {"consignee_id": OTHER})
    assert kept(draft) == OTHER


def test_a_wrong_number_is_neither_shown_again_nor_kept(page: Client, draft: Declaration) -> None:
    """The one exception to "nothing typed is lost"."""
    for extra in ({}, {"autosave": "1"}, {"order_number": "\u202e", "exit": "1"}):
        answer = page.post(f"{url('parties', draft)}", PARTIES | {"consignee_id": WRONG} | extra)
        assert WRONG not in answer.text
    assert not DraftAnswer.objects.filter(typed__icontains=WRONG[:12]).exists()
    assert kept(draft) == ""
    answer = page.post(url("parties", draft), PARTIES | {"consignee_id": WRONG})
    assert answer.status_code == 422
    [error] = answer.context["form"].errors.as_data()["consignee_id"]
    assert error.code == "DE-34"
    assert "type it again" in str(error.message)


def test_keeping_what_was_typed_drops_the_number(draft: Declaration) -> None:
    typed = {"consignee_id": [WRONG], "ordered_on": ["soon"]}
    lifecycle.keep_typed(draft, section="parties", typed=typed, at=builders.NOW)
    assert DraftAnswer.objects.get().typed == {"ordered_on": ["soon"]}


def test_a_number_in_the_address_of_the_page_fills_nothing(page: Client, draft: Declaration) -> None:
    assert f'value="{GOOD}"' not in page.get(url("parties", draft), {"consignee_id": GOOD}).text


def test_a_business_has_no_number(page: Client, draft: Declaration) -> None:
    page.post(url("parties", draft), PARTIES | {"consignee_id": GOOD})
    page.post(url("parties", draft), PARTIES | {"consignee_type": "business"})
    assert not Secret.objects.filter(row=f"declaration:{draft.pk}").exists()


def test_lodging_to_china_needs_it(page: Client, draft: Declaration) -> None:
    found = {mend.rule: mend for mend in page.get(url("check", draft)).context["mends"]}
    assert found["DE-33"].url == f"{url('parties', draft)}#id_consignee_id"
    page.post(url("parties", draft), PARTIES | {"consignee_id": GOOD})
    assert "DE-33" not in {mend.rule for mend in page.get(url("check", draft)).context["mends"]}


@pytest.fixture
def machine(seller: User) -> Caller:
    return Caller(seller)


def to_china(**parties: object) -> dict[str, object]:
    body = statement(jurisdiction="CN")
    return body | {"parties": body["parties"] | parties}


def of(reference: str) -> Declaration:
    return Declaration.objects.get(reference=reference)


def test_a_machine_sends_it_once_and_reads_its_end(machine: Caller) -> None:
    answer = machine.post("declarations", to_china(consignee_id=GOOD))
    assert answer.status_code == 201, answer.text
    assert GOOD not in answer.text
    parties = answer.json()["parties"]
    assert (parties["consignee_id_hint"], "consignee_id" in parties) == ("0005", False)
    assert kept(of(answer.json()["reference"])) == GOOD


def test_a_change_leaves_it_and_a_new_statement_forgets_it(machine: Caller) -> None:
    reference = machine.post("declarations", to_china(consignee_id=GOOD)).json()["reference"]
    address = f"declarations/{reference}"
    assert machine.send("PATCH", address, {"lrn": "PO-2"}).json()["parties"]["consignee_id_hint"] == "0005"
    change = {"parties": {"consignee_id": OTHER}}
    assert machine.send("PATCH", address, change).json()["parties"]["consignee_id_hint"] == "0003"
    assert machine.send("PUT", address, to_china()).json()["parties"]["consignee_id_hint"] == ""
    assert kept(of(reference)) == ""


def test_it_does_not_follow_a_draft_to_another_country(machine: Caller) -> None:
    reference = machine.post("declarations", to_china(consignee_id=GOOD)).json()["reference"]
    machine.send("PATCH", f"declarations/{reference}", {"jurisdiction": "KR"})
    assert not Secret.objects.filter(row=f"declaration:{of(reference).pk}").exists()


@pytest.mark.parametrize(
    ("parties", "status"),
    [
        ({"consignee_id": WRONG}, 422),
        ({"consignee_id": GOOD, "consignee_type": "business"}, 422),
        ({"consignee_id": [GOOD]}, 400),
        ({"consignee_id": GOOD * 3}, 400),
    ],
)
def test_a_machine_learns_what_is_wrong_without_an_echo(
    machine: Caller, parties: dict[str, object], status: int
) -> None:
    answer = machine.post("declarations", to_china(**parties))
    assert answer.status_code == status
    assert set(paths_of(answer)) == {"parties.consignee_id"}
    assert WRONG not in answer.text
    assert GOOD not in answer.text


def test_a_machine_is_refused_a_number_where_none_is_asked_for(machine: Caller) -> None:
    body = to_china(consignee_id=GOOD) | {"jurisdiction": "NL"}
    assert paths_of(machine.post("declarations", body)) == {"parties.consignee_id": "DE-34"}


def test_the_buyers_address_is_checked(machine: Caller, page: Client, draft: Declaration) -> None:
    answer = machine.post("declarations", to_china(consignee_email="no address"))
    assert paths_of(answer) == {"parties.consignee_email": "address"}
    good = machine.post("declarations", to_china(consignee_email="jan@example.com"))
    assert good.json()["parties"]["consignee_email"] == "jan@example.com"
    shown = page.post(url("parties", draft), PARTIES | {"consignee_email": "jan@"})
    assert set(shown.context["form"].errors) == {"consignee_email", "consignee_id"}
    assert 'value="jan@"' in shown.text
