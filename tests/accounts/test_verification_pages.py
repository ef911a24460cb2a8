"""The officers' list and case pages: every act, who may, what is noted; and the company's answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from swindow.accounts.lifecycle import (
    Secrets,
    answer_officer,
    ask_company,
    decide_verification,
    register_organisation,
    submit_verification,
    suspend_company,
)
from swindow.accounts.models import FormerMembership, Organisation, User, Verification
from swindow.vault.models import Look
from tests import builders
from tests.accounts.companies import (
    COMPANY,
    IBAN,
    PAGE,
    as_person,
    filled,
    heard,
    picture,
    verified,
    waiting_case,
)
from tests.accounts.signing_in import REAUTHENTICATE, age_factor, signed_in
from tests.authenticator import code

pytestmark = pytest.mark.django_db
NOW = builders.NOW
LATER = {"valid_until": "2028-01-01"}


@pytest.fixture
def newcomer(db: None) -> User:
    return builders.user("Aiko Tan")


@pytest.fixture
def case(newcomer: User) -> Verification:
    return waiting_case(newcomer)


def address(case: Verification, act: str = "") -> str:
    return f"/verifications/{case.reference}/{act}{'/' if act else ''}"


def status(case: Verification) -> str:
    return Verification.objects.get(pk=case.pk).status


def test_only_customs_sees_the_cases(case: Verification, seller: User, quarantine_officer: User) -> None:
    for person in (seller, quarantine_officer, case.submitted_by):
        client = as_person(person)
        assert client.get("/verifications/").status_code == 404
        assert client.get(address(case)).status_code == 404
        for act in ("ask", "verify", "refuse", "suspend", "reinstate", "reveal"):
            assert client.post(address(case, act), {}).status_code == 404
    assert status(case) == "submitted"


def test_papers_are_for_customs_and_the_owners_alone(
    newcomer: User, rival: User, quarantine_officer: User, customs_officer: User
) -> None:
    as_person(newcomer).post(PAGE, filled())
    case = Verification.objects.get()
    colleague = builders.member(case.organisation, role="viewer")
    paper = f"{address(case)}files/{case.identity_document.reference}/"
    for person in (rival, quarantine_officer, colleague):
        assert as_person(person).get(paper).status_code == 404
    for person in (newcomer, customs_officer):
        answer = as_person(person).get(paper)
        assert answer.status_code == 200
        assert answer.getvalue()
    assert [look.viewer for look in Look.objects.filter(what="identity_document")] == [customs_officer]


def test_a_file_of_another_case_is_not_there(case: Verification, rival: User, customs_officer: User) -> None:
    other = builders.stored_file(builders.company_of(rival))
    assert as_person(customs_officer).get(f"{address(case)}files/{other.reference}/").status_code == 404


def test_the_list_shows_the_oldest_waiting_first_and_the_rest_by_status(
    case: Verification, customs_officer: User
) -> None:
    second = heard(waiting_case(builders.user(), registration_number="201962819E", name="Kestrel"))
    third = waiting_case(builders.user(), registration_number="201907511G", name="Heron")
    ask_company(third, text="Why?", by=customs_officer, at=NOW)
    client = as_person(customs_officer)
    assert list(client.get("/verifications/").context["cases"]) == [case, second]
    assert list(client.get("/verifications/?status=asked").context["cases"]) == [third]
    assert list(client.get("/verifications/?status=decided").context["cases"]) == []
    after = client.get(f"/verifications/?after={case.reference}")
    assert list(after.context["cases"]) == [second]
    for odd in ("\0", "x" * 5000, "'"):
        assert client.get("/verifications/", {"status": odd, "after": odd}).status_code == 200


def test_a_long_list_is_turned_over_page_by_page(
    case: Verification, customs_officer: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(27):
        company = Organisation(
            kind="seller", name=f"N{number}", registration_number=f"T{number:05}", country="VN"
        )
        register_organisation(company, by=builders.user(has_factor=False), at=NOW)
        file = builders.stored_file(company)
        submit_verification(company, identity_document=file, by=company.memberships.get().user, at=NOW)
    client = as_person(customs_officer)
    with django_assert_max_num_queries(18):
        first = client.get("/verifications/")
    second = client.get(f"/verifications/?after={first.context['next']}")
    seen = [*first.context["cases"], *second.context["cases"]]
    assert [one.pk for one in seen] == sorted(one.pk for one in Verification.objects.all())


def test_the_page_marks_what_the_register_says_otherwise(case: Verification, customs_officer: User) -> None:
    heard(case, "name_differs", "Meridian Trading Ltd")
    page = as_person(customs_officer).get(address(case)).content.decode()
    assert "Meridian Trading Ltd" in page
    assert "Under another name" in page
    assert 'aria-label="Different"' in page


def test_each_look_at_a_case_is_noted_for_the_company(case: Verification, customs_officer: User) -> None:
    client = as_person(customs_officer)
    client.get(address(case))
    client.get(address(case))
    (look,) = Look.objects.all()
    assert (look.subject, look.capacity, look.what) == (
        f"organisation:{case.organisation_id}", "agency:customs", "company",
    )  # fmt: skip
    assert (look.viewer, look.reference, look.times) == (customs_officer, case.reference, 2)


def test_an_officer_verifies_a_company_until_a_day(case: Verification, customs_officer: User) -> None:
    heard(case)
    client = as_person(customs_officer)
    assert client.post(address(case, "verify"), {"valid_until": "2020-01-01"}).status_code == 422
    answer = client.post(address(case, "verify"), LATER)
    assert answer.url == "/verifications/"
    company = Organisation.objects.get(pk=case.organisation_id)
    assert (company.is_verified, str(company.verified_until)) == (True, "2028-01-01")


def test_verifying_before_the_register_answers_is_refused_on_the_page(
    case: Verification, customs_officer: User
) -> None:
    answer = as_person(customs_officer).post(address(case, "verify"), LATER)
    assert answer.status_code == 409
    assert "rule AC-70" in answer.content.decode()


@pytest.mark.parametrize(("act", "field"), [("ask", "text"), ("refuse", "reason")])
def test_asking_and_refusing_need_words(
    case: Verification, customs_officer: User, act: str, field: str
) -> None:
    client = as_person(customs_officer)
    for text in ("", " ", "\u202e", "x" * 2001):
        answer = client.post(address(case, act), {field: text})
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
    assert client.post(address(case, act), {field: "The stamp cannot be read."}).status_code == 302


def test_an_officer_asks_and_the_company_answers_with_a_paper(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    heard(case)
    officer = as_person(customs_officer)
    question = {"text": "Why does the register know another name?"}
    assert officer.post(address(case, "ask"), question).status_code == 302
    company = as_person(newcomer)
    assert question["text"] in company.get(PAGE).content.decode()
    bad = {"answer": "See the paper.", "answer_file": SimpleUploadedFile("x.pdf", b"just words")}
    answer = company.post(f"{PAGE}answer/", bad)
    assert answer.status_code == 422
    assert "See the paper." in answer.content.decode()
    good = {"answer": "We changed it in May.", "answer_file": picture("notice.png")}
    assert company.post(f"{PAGE}answer/", good).status_code == 302
    assert status(case) == "review"
    page = officer.get(address(case)).content.decode()
    assert "We changed it in May." in page
    assert "With the answer" in page
    assert "Anna de Wit" not in company.get(PAGE).content.decode()


def test_an_answer_to_no_question_is_a_conflict_and_keeps_the_words(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    ask_company(case, text="Why?", by=customs_officer, at=NOW)
    answer_officer(case, text="The first answer.", by=newcomer, at=NOW)
    answer = as_person(newcomer).post(f"{PAGE}answer/", {"answer": "The second answer."})
    assert answer.status_code == 409
    assert "rule AC-71" in answer.content.decode()


def test_who_may_not_answer_for_the_company_gets_404(
    case: Verification, rival: User, customs_officer: User
) -> None:
    ask_company(case, text="Why?", by=customs_officer, at=NOW)
    viewer = builders.member(case.organisation, role="viewer")
    preparer = builders.member(case.organisation, role="preparer")
    for person in (viewer, rival, customs_officer):
        assert as_person(person).post(f"{PAGE}answer/", {"answer": "x"}).status_code == 404
    assert as_person(preparer).post(f"{PAGE}answer/", {"answer": "Because."}).status_code == 302


def test_the_second_officer_learns_who_decided_and_keeps_the_words(
    case: Verification, customs_officer: User
) -> None:
    verified(case, by=customs_officer)
    second = as_person(builders.member(builders.company_of(customs_officer), role="officer", name="Boris"))
    answer = second.post(address(case, "refuse"), {"reason": "The stamp cannot be read."})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Anna de Wit decided on 23 November 2026, 09:30 UTC" in page
    assert "The stamp cannot be read." in page
    assert status(case) == "verified"


def test_nobody_decides_about_a_company_that_they_belonged_to(
    case: Verification, customs_officer: User
) -> None:
    heard(case)
    FormerMembership.objects.create(
        user=customs_officer, organisation=case.organisation, role="owner", left_at=NOW
    )
    client = as_person(customs_officer)
    assert "You belong or belonged to this company" in client.get(address(case)).content.decode()
    answer = client.post(address(case, "verify"), LATER)
    assert answer.status_code == 409
    assert "rule AC-11" in answer.content.decode()
    assert status(case) == "review"


def test_a_company_is_suspended_and_reinstated_on_its_page(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    verified(case, by=customs_officer)
    client = as_person(customs_officer)
    assert client.post(address(case, "suspend"), {}).status_code == 422
    assert client.post(address(case, "suspend"), {"reason": "Misdeclared."}).url == address(case)
    page = as_person(newcomer).get(PAGE).content.decode()
    assert "Your company is suspended" in page
    assert "Misdeclared." in page
    assert as_person(newcomer).post(PAGE, filled()).status_code == 409
    assert client.post(address(case, "reinstate"), {}).status_code == 302
    assert status(case) == "verified"


def test_a_change_shows_old_and_new_side_by_side(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    verified(case, by=customs_officer)
    owner = as_person(newcomer)
    typed = filled(name="Meridian Games Ltd", address="1 Harbour Road")
    without = {name: value for name, value in typed.items() if name not in ("licence", "identity_document")}
    missing = owner.post(f"{PAGE}company/", without)
    assert set(missing.context["form"].errors) == {"licence"}
    assert owner.post(f"{PAGE}company/", filled(name="Meridian Games Ltd")).status_code == 302
    change = Verification.objects.get(status="submitted")
    page = as_person(customs_officer).get(address(change)).content.decode()
    assert "What changes" in page
    assert "Meridian Games Ltd" in page
    own_page = owner.get(PAGE).content.decode()
    assert "The change that is examined" in own_page
    assert Organisation.objects.get(pk=case.organisation_id).name == "Meridian Toys Ltd"
    assert owner.get(f"{PAGE}company/").status_code == 302


def test_sending_the_same_data_as_a_change_is_explained(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    verified(case, by=customs_officer)
    same = filled(address="1 Harbour Road")
    answer = as_person(newcomer).post(f"{PAGE}company/", same)
    assert answer.status_code == 409
    assert "rule AC-73" in answer.content.decode()


def test_an_officer_opens_a_sealed_number_once_and_it_is_noted(newcomer: User, customs_officer: User) -> None:
    company = Organisation(kind="seller", name="Meridian", registration_number="00192200M", country="SG")
    register_organisation(company, by=newcomer, at=NOW, secrets=Secrets(bank_account=IBAN))
    file = builders.stored_file(company)
    case = submit_verification(company, identity_document=file, by=newcomer, at=NOW)
    client = as_person(customs_officer)
    assert IBAN not in client.get(address(case)).content.decode()
    assert IBAN in client.post(address(case, "reveal"), {"field": "bank_account"}).content.decode()
    assert IBAN not in client.get(address(case)).content.decode()
    assert client.post(address(case, "reveal"), {"field": "password"}).status_code == 404
    assert Look.objects.get(what="bank_account").viewer == customs_officer


@pytest.mark.parametrize("act", ["verify", "suspend", "reinstate", "reveal"])
def test_what_changes_a_companys_standing_asks_for_a_fresh_factor(
    case: Verification, customs_officer: User, act: str
) -> None:
    heard(case)
    client = signed_in(customs_officer)
    age_factor(client, seconds=600)
    answer = client.post(address(case, act), {**LATER, "reason": "Why.", "field": "bank_account"})
    assert answer.url.startswith(REAUTHENTICATE)
    assert status(case) == "review"


def test_after_the_factor_what_was_typed_is_done(case: Verification, customs_officer: User) -> None:
    heard(case)
    client = signed_in(customs_officer)
    age_factor(client, seconds=600)
    asked = client.post(address(case, "verify"), LATER)
    age_factor(client, seconds=0)
    resumed = client.post(asked.url, {"code": code(later=1)})
    assert resumed.status_code == 307
    assert client.post(resumed.url, {"code": "whatever the browser sends again"}).status_code == 302
    assert status(case) == "verified"


def test_a_new_account_asks_for_a_fresh_factor(case: Verification, newcomer: User) -> None:
    client = signed_in(newcomer)
    age_factor(client, seconds=600)
    answer = client.post(f"{PAGE}account/", {"bank_account": IBAN})
    assert answer.url.startswith(REAUTHENTICATE)


def test_the_pages_of_a_company_in_each_state_say_what_happens_next(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    client = as_person(newcomer)
    words = []

    def read() -> None:
        words.append(client.get(PAGE).content.decode())

    read()
    heard(case)
    read()
    verified(case, by=customs_officer, valid_until=NOW.date() + timedelta(days=90))
    read()
    suspend_company(case, reason="Misdeclared.", by=customs_officer, at=NOW)
    read()
    expected = (
        "The trade register is being asked",
        "An officer is looking at your company",
        "Change company data",
        "Your company is suspended",
    )
    for page, sentence in zip(words, expected, strict=True):
        assert sentence in page


def test_a_company_renews_its_verification_in_its_last_month_without_a_change(
    newcomer: User, customs_officer: User
) -> None:
    as_person(newcomer).post(PAGE, filled(address="1 Harbour Road"))
    case = Verification.objects.get()
    today = timezone.now()
    verified(case, by=customs_officer, at=today, valid_until=today.date() + timedelta(days=20))
    client = as_person(newcomer)
    assert "Renew the verification" in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}company/", COMPANY | {"address": "1 Harbour Road"}).status_code == 302
    assert Verification.objects.filter(status="submitted", proposed={}).count() == 1


def test_a_first_account_that_is_asked_for_can_be_opened_before_it_is_in_force(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    verified(case, by=customs_officer)
    as_person(newcomer).post(f"{PAGE}account/", {"bank_account": IBAN})
    change = Verification.objects.get(status="submitted")
    answer = as_person(customs_officer).post(address(change, "reveal"), {"field": "bank_account"})
    assert f"Asked for: {IBAN}" in answer.content.decode()


def test_a_refused_case_is_listed_with_the_other_cases_of_the_company(
    case: Verification, newcomer: User, customs_officer: User
) -> None:
    decide_verification(case, is_accepted=False, reason="Unreadable.", by=customs_officer, at=NOW)
    file = builders.stored_file(case.organisation)
    again = submit_verification(case.organisation, identity_document=file, by=newcomer, at=NOW)
    page = as_person(customs_officer).get(address(again)).content.decode()
    assert case.reference in page
    assert "Unreadable." in page
