"""The organisation's page and the officers' verification cases, and what the rival sees."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from swindow.accounts.lifecycle import (
    create_token,
    decide_verification,
    register_organisation,
    submit_verification,
)
from swindow.accounts.mails import tell_of_verification
from swindow.accounts.models import ApiToken, Membership, Organisation, User, Verification
from swindow.events.models import Event
from tests import builders

pytestmark = pytest.mark.django_db

COMPANY = {
    "kind": "seller",
    "name": "Meridian Toys Ltd",
    "country": "SG",
    "registration_number": "00192200M",
    "address": "1 Harbour Road\r\nSingapore 098633",
    "contact_name": "Aiko Tan",
    "contact_phone": "+65 6555 0100",
}
PAGE = "/organisation/"


def picture(name: str = "licence.png") -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/png")


def as_person(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def newcomer(db: None) -> User:
    return builders.user("Aiko Tan")


@pytest.fixture
def case(newcomer: User) -> Verification:
    company = Organisation(
        kind="seller",
        name="Meridian Toys Ltd",
        registration_number="00192200M",
        country="SG",
        address="1 Harbour Road",
        contact_name="Aiko Tan",
    )
    register_organisation(company, by=newcomer, at=builders.NOW)
    file = builders.stored_file(company)
    return submit_verification(company, identity_document=file, by=newcomer, at=builders.NOW)


def test_a_stranger_is_sent_to_the_sign_in(client: Client) -> None:
    assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"


def test_a_newcomer_registers_the_company_and_an_officer_gets_the_case(newcomer: User) -> None:
    client = as_person(newcomer)
    answer = client.post(PAGE, COMPANY | {"identity_document": picture()})
    assert answer.status_code == 302
    company = Organisation.objects.for_actor(newcomer).get()
    assert (company.registration_number, company.address) == ("00192200M", "1 Harbour Road, Singapore 098633")
    assert company.verifications.get().status == "submitted"
    assert "An officer is looking at your company" in client.get(PAGE).content.decode()


def test_every_mistake_is_named_at_once_and_nothing_typed_is_lost(newcomer: User) -> None:
    wrong = {"kind": "seller", "name": "Meridian", "country": "AU", "registration_number": "83 914 571 674"}
    answer = as_person(newcomer).post(PAGE, wrong | {"contact_phone": "call me"})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {
        "registration_number", "address", "contact_name", "contact_phone", "identity_document",
    }  # fmt: skip
    page = answer.content.decode()
    assert 'value="83 914 571 674"' in page
    assert "rule AC-03" in page
    assert not Organisation.objects.exists()


def test_a_refused_document_keeps_the_company_data_and_says_what_is_wrong(newcomer: User) -> None:
    text = SimpleUploadedFile("licence.pdf", b"just words", content_type="application/pdf")
    answer = as_person(newcomer).post(PAGE, COMPANY | {"identity_document": text})
    assert answer.status_code == 422
    assert "not a PDF, JPEG or PNG" in str(answer.context["form"].errors["identity_document"])
    assert Organisation.objects.for_actor(newcomer).get().name == "Meridian Toys Ltd"


def test_a_number_that_is_taken_is_refused_beside_its_field(newcomer: User, case: Verification) -> None:
    other = as_person(builders.user())
    answer = other.post(PAGE, COMPANY | {"identity_document": picture()})
    assert answer.status_code == 422
    assert "registered already" in str(answer.context["form"].errors["registration_number"])


def test_a_refused_company_reads_the_reason_and_sends_again(
    newcomer: User, case: Verification, customs_officer: User
) -> None:
    decide_verification(
        case, is_accepted=False, reason="The name is misspelt.", by=customs_officer, at=builders.NOW
    )
    client = as_person(newcomer)
    assert "The name is misspelt." in client.get(PAGE).content.decode()
    again = COMPANY | {"name": "Meridian Toys Pte Ltd", "identity_document": picture()}
    assert client.post(PAGE, again).status_code == 302
    company = Organisation.objects.for_actor(newcomer).get()
    assert company.name == "Meridian Toys Pte Ltd"
    assert company.verifications.filter(status="submitted").count() == 1


def test_company_data_stay_while_an_officer_looks_at_them(newcomer: User, case: Verification) -> None:
    changed = COMPANY | {"name": "Somebody Else Ltd", "identity_document": picture()}
    assert as_person(newcomer).post(PAGE, changed).status_code == 409
    case.organisation.refresh_from_db()
    assert case.organisation.name == "Meridian Toys Ltd"


def test_only_customs_sees_the_cases(case: Verification, seller: User, quarantine_officer: User) -> None:
    for person in (seller, quarantine_officer, case.submitted_by):
        client = as_person(person)
        assert client.get("/verifications/").status_code == 404
        assert client.get(f"/verifications/{case.reference}/").status_code == 404
        verdict = client.post(f"/verifications/{case.reference}/", {"verdict": "verify"})
        assert verdict.status_code == 404


def test_the_identity_document_is_for_customs_and_the_company_itself(
    case: Verification, rival: User, quarantine_officer: User
) -> None:
    for person in (rival, quarantine_officer):
        assert as_person(person).get(f"/verifications/{case.reference}/document/").status_code == 404


def test_an_officer_verifies_a_company(case: Verification, customs_officer: User) -> None:
    client = as_person(customs_officer)
    assert case.reference in client.get("/verifications/").content.decode()
    answer = client.post(f"/verifications/{case.reference}/", {"verdict": "verify"})
    assert answer.url == "/verifications/"
    case.organisation.refresh_from_db()
    assert case.organisation.is_verified


def test_refusing_needs_a_reason(case: Verification, customs_officer: User) -> None:
    answer = as_person(customs_officer).post(f"/verifications/{case.reference}/", {"verdict": "refuse"})
    assert answer.status_code == 422
    assert "reason" in answer.context["form"].errors


def test_the_second_officer_learns_who_decided(case: Verification, customs_officer: User) -> None:
    decide_verification(case, is_accepted=True, reason="", by=customs_officer, at=builders.NOW)
    second = as_person(builders.member(builders.company_of(customs_officer), role="officer", name="Boris"))
    typed = {"verdict": "refuse", "reason": "The stamp cannot be read."}
    answer = second.post(f"/verifications/{case.reference}/", typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Anna de Wit decided on 23 November 2026, 09:30 UTC" in page
    assert "The stamp cannot be read." in page


def test_nobody_verifies_their_own_company(case: Verification, customs_officer: User) -> None:
    Membership.objects.create(user=customs_officer, organisation=case.organisation, role="declarant")
    client = as_person(customs_officer)
    assert "You belong to this company" in client.get(f"/verifications/{case.reference}/").content.decode()
    answer = client.post(f"/verifications/{case.reference}/", {"verdict": "verify"})
    assert answer.status_code == 409
    case.organisation.refresh_from_db()
    assert not case.organisation.is_verified


def test_only_an_owner_changes_the_deferment_account(seller: User, colleague: User) -> None:
    assert as_person(colleague).post("/organisation/deferment/", {"account": "DEF-2"}).status_code == 404
    assert as_person(seller).post("/organisation/deferment/", {"account": "!"}).status_code == 422
    assert as_person(seller).post("/organisation/deferment/", {"account": "DEF-2"}).status_code == 302
    assert builders.company_of(seller).deferment_account == "DEF-2"


def test_a_token_is_shown_once_and_only_its_digest_is_kept(seller: User) -> None:
    client = as_person(seller)
    answer = client.post("/organisation/tokens/", {"label": "Order system"})
    key = answer.context["new_key"]
    assert key in answer.content.decode()
    assert key not in client.get(PAGE).content.decode()
    assert ApiToken.objects.get().digest == ApiToken.digest_of(key)
    assert not Event.objects.filter(payload__icontains=key).exists()


def test_a_token_is_revoked_by_its_owner_alone(seller: User, rival: User) -> None:
    token, _key = create_token(seller, label="Order system", at=builders.NOW)
    address = f"/organisation/tokens/{token.digest[:16]}/revoke/"
    assert as_person(rival).post(address).status_code == 404
    assert as_person(seller).post(address).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None


@pytest.mark.parametrize("value", ["\0", "x" * 5000, "💥", "' OR 1=1 --", "<script>alert(1)</script>"])
def test_odd_input_never_breaks_the_page(newcomer: User, customs_officer: User, value: str) -> None:
    answer = as_person(newcomer).post(PAGE, dict.fromkeys(COMPANY, value))
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert as_person(customs_officer).get("/verifications/", {"after": value}).status_code == 200


def test_the_page_costs_the_same_whatever_the_company_has(
    seller: User, django_assert_max_num_queries: object
) -> None:
    for number in range(5):
        create_token(seller, label=f"Machine {number}", at=builders.NOW)
        builders.agent_of(seller)
        builders.colleague_of(seller)
    client = as_person(seller)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert client.get(PAGE).status_code == 200


def test_the_mail_tells_the_decision_and_what_to_do(
    case: Verification, customs_officer: User, mailoutbox: list
) -> None:
    decided = decide_verification(
        case, is_accepted=False, reason="The <name> is misspelt.", by=customs_officer, at=builders.NOW
    )
    tell_of_verification(decided)
    (mail,) = mailoutbox
    html = mail.alternatives[0][0]
    assert "The <name> is misspelt." in mail.body
    assert "The &lt;name&gt; is misspelt." in html
    assert "/organisation/" in html
