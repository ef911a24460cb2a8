"""A company registers itself: every mistake at once, nobody twice, and numbers that stay sealed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from swindow.accounts.lifecycle import change_customs_codes, decide_verification
from swindow.accounts.models import CustomsCode, Membership, Organisation, User, Verification
from swindow.events.models import Event
from swindow.vault.models import Secret
from swindow.vault.secrets import reveal
from tests import builders
from tests.accounts.companies import COMPANY, IBAN, PAGE, as_person, filled, picture, verified, waiting_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(db: None) -> User:
    return builders.user("Aiko Tan")


@pytest.fixture
def case(newcomer: User) -> Verification:
    return waiting_case(newcomer)


def test_a_stranger_is_sent_to_the_sign_in(client: Client) -> None:
    assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"


def test_a_newcomer_registers_the_company_and_the_register_is_asked(newcomer: User) -> None:
    client = as_person(newcomer)
    assert client.post(PAGE, filled()).status_code == 302
    company = Organisation.objects.for_actor(newcomer).get()
    assert (company.registration_number, company.address) == ("00192200M", "1 Harbour Road, Singapore 098633")
    case = company.verifications.get()
    assert (case.status, case.licence.original_name) == ("submitted", "licence.png")
    assert "The trade register is being asked" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("kind", ["seller", "platform", "agent", "carrier", "payment"])
def test_every_kind_of_company_can_register_and_an_authority_cannot(newcomer: User, kind: str) -> None:
    assert as_person(newcomer).post(PAGE, filled(kind="authority")).status_code == 422
    assert as_person(newcomer).post(PAGE, filled(kind=kind)).status_code == 302
    assert Organisation.objects.for_actor(newcomer).get().kind == kind


def test_every_mistake_is_named_at_once_and_nothing_typed_is_lost(newcomer: User) -> None:
    wrong = {"kind": "seller", "name": "Meridian", "country": "AU", "registration_number": "83 914 571 674"}
    typed = wrong | {"contact_phone": "call me", "bank_account": "NL91ABNA0417164301"}
    answer = as_person(newcomer).post(PAGE, typed)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {
        "registration_number", "address", "contact_name", "contact_phone", "bank_account",
        "licence", "identity_document",
    }  # fmt: skip
    page = answer.content.decode()
    assert 'value="83 914 571 674"' in page
    assert "rule AC-03" in page
    assert "rule AC-06" in page
    assert not Organisation.objects.exists()


def test_both_refused_papers_are_named_and_the_company_data_are_kept(newcomer: User) -> None:
    text = {
        name: SimpleUploadedFile(f"{name}.pdf", b"just words") for name in ("licence", "identity_document")
    }
    client = as_person(newcomer)
    answer = client.post(PAGE, filled(**text, bank_account=IBAN))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"licence", "identity_document"}
    assert Organisation.objects.for_actor(newcomer).get().name == "Meridian Toys Ltd"
    again = client.post(PAGE, filled(name="Meridian Games Ltd", bank_account=IBAN))
    assert again.status_code == 302
    assert Organisation.objects.for_actor(newcomer).get().name == "Meridian Games Ltd"


def test_numbers_of_account_and_representative_are_sealed(newcomer: User) -> None:
    client = as_person(newcomer)
    typed = filled(bank_account="nl91 abna 0417 1643 00", representative_id="S1234567D")
    assert client.post(PAGE, typed).status_code == 302
    row = f"organisation:{Organisation.objects.for_actor(newcomer).get().pk}"
    assert (reveal(row, "bank_account"), reveal(row, "representative_id")) == (IBAN, "S1234567D")
    page = client.get(PAGE).content.decode()
    assert "•••• 4300" in page
    assert IBAN not in page
    assert not Event.objects.filter(payload__icontains="4300").exists()


def test_in_china_the_representatives_identity_number_is_needed_and_checked(newcomer: User) -> None:
    chinese = {"country": "CN", "registration_number": "91440300MA55260182"}
    client = as_person(newcomer)
    for number in ("", "11010119900307123X", "E12345678"):
        answer = client.post(PAGE, filled(**chinese, representative_id=number))
        assert set(answer.context["form"].errors) == {"representative_id"}
    assert client.post(PAGE, filled(**chinese, representative_id="360426199101010071")).status_code == 302


@pytest.mark.parametrize(
    ("country", "known", "typed"),
    [
        ("SG", "00192200M", " 0019-2200m"),
        ("NL", "NL004495445B01", "NL004495445"),
        ("FR", "FR54203409305", "FR20340930500012"),
        ("GB", "GB980780684", "980780684000"),
        ("IN", "27AAPFU0939F1ZV", "AAPFU0939F"),
    ],
)
def test_a_number_in_another_spelling_is_found_and_nothing_overrides_it(
    newcomer: User, country: str, known: str, typed: str
) -> None:
    waiting_case(builders.user(), country=country, registration_number=known, name="Quite Another Name")
    answer = as_person(newcomer).post(
        PAGE, filled(country=country, registration_number=typed, is_other_company="on")
    )
    assert answer.status_code == 422
    (error,) = answer.context["form"].errors["registration_number"]
    assert "ask a colleague to invite you" in error
    assert "rule AC-08" in answer.content.decode()
    assert "Quite Another Name" not in answer.content.decode()


def test_the_eori_of_another_company_is_found_as_well(newcomer: User, rival: User) -> None:
    change_customs_codes(builders.company_of(rival), codes={"eori": "NL004495445"}, by=rival, at=builders.NOW)
    answer = as_person(newcomer).post(PAGE, filled(country="NL", registration_number="NL004495445B01"))
    assert set(answer.context["form"].errors) == {"registration_number"}


def test_a_name_alike_is_asked_about_and_a_tick_goes_on(newcomer: User, case: Verification) -> None:
    alike = {"name": "MERIDIAN  TOYS, Limited", "registration_number": "201962819E"}
    other = as_person(builders.user())
    answer = other.post(PAGE, filled(**alike))
    assert answer.status_code == 422
    assert "rule AC-09" in answer.content.decode()
    assert 'name="is_other_company"' in answer.content.decode()
    assert other.post(PAGE, filled(**alike, is_other_company="on")).status_code == 302


def test_the_same_name_in_another_country_is_nobodys_business(newcomer: User, case: Verification) -> None:
    australian = filled(country="AU", registration_number="83 914 571 673")
    assert as_person(builders.user()).post(PAGE, australian).status_code == 302


def test_a_refused_company_reads_the_reason_and_sends_again_with_the_same_papers(
    newcomer: User, case: Verification, customs_officer: User
) -> None:
    decide_verification(
        case, is_accepted=False, reason="The name is misspelt.", by=customs_officer, at=builders.NOW
    )
    client = as_person(newcomer)
    page = client.get(PAGE).content.decode()
    assert "The name is misspelt." in page
    assert "We have invoice.pdf." in page
    assert client.post(PAGE, COMPANY | {"name": "Meridian Toys Pte Ltd"}).status_code == 302
    again = Verification.objects.get(organisation=case.organisation, status="submitted")
    assert again.organisation.name == "Meridian Toys Pte Ltd"
    assert (again.licence, again.identity_document) == (case.licence, case.identity_document)


def test_company_data_stay_while_an_officer_looks_at_them(newcomer: User, case: Verification) -> None:
    answer = as_person(newcomer).post(PAGE, filled(name="Somebody Else Ltd"))
    assert answer.status_code == 409
    assert "rule AC-10" in answer.content.decode()
    case.organisation.refresh_from_db()
    assert case.organisation.name == "Meridian Toys Ltd"


def test_only_an_owner_changes_company_data(seller: User, colleague: User) -> None:
    client = as_person(colleague)
    assert client.post(PAGE, filled()).status_code == 404
    for page in ("company", "contacts", "numbers", "account"):
        assert client.get(f"{PAGE}{page}/").status_code == 404
        assert client.post(f"{PAGE}{page}/", {}).status_code == 404


def test_contacts_change_at_once_also_of_a_verified_company(seller: User) -> None:
    client = as_person(seller)
    assert client.post(f"{PAGE}contacts/", {"contact_phone": "call me"}).status_code == 422
    typed = {"contact_person": "Chen Yu", "contact_phone": "+65 6555 0199", "contact_email": "c@example.com"}
    assert client.post(f"{PAGE}contacts/", typed).status_code == 302
    company = builders.company_of(seller)
    assert (company.contact_person, company.contact_email) == ("Chen Yu", "c@example.com")
    assert company.is_verified


def test_codes_are_kept_in_one_spelling_and_an_empty_field_takes_one_away(seller: User) -> None:
    client = as_person(seller)
    address = f"{PAGE}numbers/"
    typed = {"eori": "nl 0044 95445", "ioss": "IM528 000 1234", "us_importer": "911144442-00"}
    assert client.post(address, typed).status_code == 302
    kept = dict(CustomsCode.objects.values_list("scheme", "number"))
    assert kept == {"eori": "NL004495445", "ioss": "IM5280001234", "us_importer": "91-114444200"}
    assert 'value="IM5280001234"' in client.get(address).content.decode()
    assert client.post(address, {"ioss": "IM5280001234"}).status_code == 302
    assert list(CustomsCode.objects.values_list("scheme", flat=True)) == ["ioss"]


def test_every_wrong_code_is_named_at_once_with_what_to_do(seller: User) -> None:
    typed = {"ioss": "IN5280001234", "us_importer": "123-45-6789", "au_gst": "83914571674", "eori": "x"}
    answer = as_person(seller).post(f"{PAGE}numbers/", typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert set(answer.context["form"].errors) == set(typed)
    assert "intermediary&#x27;s own number" in page
    assert "social security number" in page
    assert not CustomsCode.objects.exists()


def test_a_code_of_another_company_is_refused(seller: User, rival: User) -> None:
    change_customs_codes(
        builders.company_of(rival), codes={"ioss": "IM5280001234"}, by=rival, at=builders.NOW
    )
    answer = as_person(seller).post(f"{PAGE}numbers/", {"ioss": "IM5280001234"})
    assert answer.status_code == 409
    assert "rule AC-08" in answer.content.decode()


def test_a_new_account_of_a_verified_company_waits_for_an_officer(
    newcomer: User, case: Verification, customs_officer: User
) -> None:
    verified(case, by=customs_officer)
    client = as_person(newcomer)
    assert client.post(f"{PAGE}account/", {"bank_account": "NL91ABNA0417164301"}).status_code == 422
    assert client.post(f"{PAGE}account/", {"bank_account": IBAN}).status_code == 302
    row = f"organisation:{case.organisation_id}"
    assert reveal(row, "bank_account") == ""
    change = Verification.objects.get(status="submitted")
    verified(change, by=customs_officer)
    assert reveal(row, "bank_account") == IBAN
    assert not Secret.objects.filter(field__endswith="_proposed").exists()


def test_an_account_needs_papers_that_were_seen(seller: User) -> None:
    answer = as_person(seller).post(f"{PAGE}account/", {"bank_account": IBAN})
    assert answer.status_code == 409
    assert "rule AC-75" in answer.content.decode()


@pytest.mark.parametrize("value", ["\0", "x" * 5000, "💥", "' OR 1=1 --", "<script>alert(1)</script>"])
def test_odd_input_never_breaks_a_page(seller: User, newcomer: User, value: str) -> None:
    fields = [*COMPANY, "representative_id", "bank_account", "bank_bic", "contact_email"]
    answer = as_person(newcomer).post(PAGE, dict.fromkeys(fields, value))
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    client = as_person(seller)
    codes = dict.fromkeys(CustomsCode.Scheme.values, value)
    assert client.post(f"{PAGE}numbers/", codes).status_code == 422
    assert client.post(f"{PAGE}account/", {"bank_account": value, "bank_bic": value}).status_code == 422


def test_a_member_who_is_no_owner_reads_the_data_but_no_button(seller: User) -> None:
    viewer = builders.member(builders.company_of(seller), role=Membership.Role.VIEWER)
    page = as_person(viewer).get(PAGE).content.decode()
    assert builders.company_of(seller).registration_number in page
    assert "/organisation/company/" not in page


def test_the_picture_of_a_paper_is_stored_clean(newcomer: User) -> None:
    as_person(newcomer).post(PAGE, filled(licence=picture("extract.png")))
    assert Verification.objects.get().licence.state == "clean"
