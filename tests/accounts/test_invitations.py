"""A place in a company is offered by mail, to one address, for seven days, and taken once."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from swindow.accounts.handlers import mail_invitations
from swindow.accounts.invitations import address_of
from swindow.accounts.lifecycle import invite, join_organisation, resend_invitation, withdraw_invitation
from swindow.accounts.models import Invitation, Membership, User
from swindow.events.models import Event
from swindow.problems import Refused
from tests import builders
from tests.accounts.test_people import as_person, told

pytestmark = pytest.mark.django_db
PAGE, INVITE = "/organisation/people/", "/organisation/invitations/"
PASSWORD = "lantern-harbour-93-kite"


@pytest.fixture
def guest(db: None) -> User:
    """Somebody with an account and no company."""
    return builders.user("Chen Yu")


def offer_to(email: str, *, by: User, role: str = "finance") -> Invitation:
    return invite(builders.company_of(by), email=email, role=role, by=by, at=timezone.now())


def path_of(invitation: Invitation) -> str:
    return re.sub(r"^https?://[^/]+", "", address_of(invitation))


def mailed_path() -> str:
    """Return the address in the last mail."""
    (found,) = re.findall(r"https?://[^/\s]+(/organisation/join/\S+/)", mail.outbox[-1].body)
    return str(found)


def test_an_owner_invites_and_the_guest_gets_a_mail_that_says_everything(seller: User) -> None:
    client = as_person(seller)
    answer = client.post(INVITE, {"email": "Guest@Example.com", "role": "preparer"})
    assert answer.url == PAGE
    invitation = Invitation.objects.get()
    assert invitation.reference.startswith("INV-")
    page = client.get(PAGE).content.decode()
    assert "guest@example.com" in page
    assert invitation.reference in page
    mail_invitations(told("member.invited"))
    (letter,) = mail.outbox
    assert letter.to == ["guest@example.com"]
    assert builders.company_of(seller).name in letter.subject
    assert "Preparer: prepares declarations" in letter.body
    assert letter.alternatives[0][0].count("Open the invitation") == 1
    assert not Event.objects.filter(payload__icontains="guest@example.com").exists()


def test_the_mail_is_in_the_guests_language(seller: User, guest: User) -> None:
    User.objects.filter(pk=guest.pk).update(preferred_language="zh-hans")
    offer_to(guest.email, by=seller)
    mail_invitations(told("member.invited"))
    assert 'lang="zh-hans"' in mail.outbox[0].alternatives[0][0]


def test_an_invited_person_joins_in_the_role_of_the_invitation(seller: User, guest: User) -> None:
    offer_to(guest.email, by=seller)
    mail_invitations(told("member.invited"))
    client = as_person(guest)
    assert "invites you as Finance" in client.get(mailed_path()).content.decode()
    assert client.post(mailed_path()).url == "/organisation/"
    assert Membership.objects.get(user=guest).role == "finance"
    # A second press of the button is no second place, and no fault.
    assert client.post(mailed_path()).url == "/organisation/"
    assert Event.objects.filter(kind="member.joined").count() == 1


def test_a_stranger_signs_up_first_and_comes_back(seller: User, settings: object) -> None:
    invitation = offer_to("stranger@example.com", by=seller)
    client, path = Client(), path_of(invitation)
    answer = client.get(path)
    assert answer.url.startswith("/accounts/signup/?next=")
    form = client.get(answer.url)
    assert 'value="stranger@example.com"' in form.content.decode()
    typed = {"email": "stranger@example.com", "password1": PASSWORD, "password2": PASSWORD, "next": path}
    typed["agrees_to_notice"] = "on"
    asked = dict.fromkeys(re.findall(r'type="checkbox" name="(\w+)"', form.content.decode()), "on")
    assert client.post(answer.url, typed | asked).url == path
    assert client.post(path).url == "/organisation/"
    assert Membership.objects.get(user__email="stranger@example.com").role == "finance"


def test_a_person_with_an_account_signs_in_first(seller: User, guest: User) -> None:
    answer = Client().get(path_of(offer_to(guest.email, by=seller)))
    assert answer.url.startswith("/accounts/login/?next=/organisation/join/")


def test_an_invitation_is_there_for_its_address_alone(seller: User, rival: User, guest: User) -> None:
    invitation = offer_to(guest.email, by=seller)
    for client in (as_person(rival), as_person(seller)):
        assert client.get(path_of(invitation)).status_code == 404
        assert client.post(path_of(invitation)).status_code == 404
    assert not Membership.objects.filter(user=guest).exists()


@pytest.mark.parametrize("text", ["forged:invitation", "x" * 5000, "a:b:c", "💥"])
def test_a_forged_invitation_is_not_there(seller: User, text: str) -> None:
    assert as_person(seller).get(f"/organisation/join/{text}/").status_code == 404
    assert Client().get(f"/organisation/join/{text}/").status_code == 302


def test_an_officer_cannot_join_a_company(seller: User, customs_officer: User) -> None:
    path = path_of(offer_to(customs_officer.email, by=seller))
    answer = as_person(customs_officer).post(path)
    assert answer.status_code == 409
    assert "rule AC-12" in answer.content.decode()
    assert Membership.objects.get(user=customs_officer).role == "officer"


def test_a_withdrawn_invitation_opens_nothing(seller: User, guest: User) -> None:
    invitation = offer_to(guest.email, by=seller)
    client = as_person(seller)
    for _time in range(2):
        assert client.post(f"{INVITE}{invitation.reference}/withdraw/").url == PAGE
    assert f"{invitation.reference}/resend/" not in client.get(PAGE).content.decode()
    assert "does not hold any more" in as_person(guest).get(path_of(invitation)).content.decode()
    assert as_person(guest).post(path_of(invitation)).status_code == 409
    assert not Membership.objects.filter(user=guest).exists()
    mail_invitations(told("member.invited"))
    assert not mail.outbox


def test_an_invitation_runs_out_after_seven_days_and_is_sent_again(seller: User, guest: User) -> None:
    invitation = offer_to(guest.email, by=seller)
    Invitation.objects.update(
        invited_at=timezone.now() - timedelta(days=8), expires_at=timezone.now() - timedelta(days=1)
    )
    assert as_person(guest).post(path_of(invitation)).status_code == 409
    owner = as_person(seller)
    assert "Ran out" in owner.get(PAGE).content.decode()
    assert owner.post(f"{INVITE}{invitation.reference}/resend/").url == PAGE
    assert as_person(guest).post(path_of(invitation)).status_code == 302


def test_an_address_whose_invitation_ran_out_is_invited_anew(seller: User) -> None:
    offer_to("guest@example.com", by=seller)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert offer_to("guest@example.com", by=seller, role="viewer").role == "viewer"
    assert Invitation.objects.open().count() == 1


def test_sending_again_at_once_is_refused(seller: User) -> None:
    """AC-63: the portal does not flood a stranger's mailbox."""
    invitation = offer_to("guest@example.com", by=seller)
    answer = as_person(seller).post(f"{INVITE}{invitation.reference}/resend/")
    assert answer.status_code == 409
    assert "rule AC-63" in answer.content.decode()


def test_fifty_open_invitations_are_enough(seller: User) -> None:
    for number in range(50):
        offer_to(f"guest{number}@example.com", by=seller)
    answer = as_person(seller).post(INVITE, {"email": "one.more@example.com", "role": "viewer"})
    assert answer.status_code == 422
    assert "Fifty invitations" in answer.content.decode()


def test_nobody_is_invited_twice_or_as_what_they_are_already(seller: User, colleague: User) -> None:
    offer_to("guest@example.com", by=seller)
    client = as_person(seller)
    for address, rule in (("GUEST@example.com", "AC-60"), (colleague.email, "AC-61")):
        answer = client.post(INVITE, {"email": address, "role": "viewer"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert f"rule {rule}" in page
        assert f'value="{address.lower()}"' in page.lower()


@pytest.mark.parametrize(
    ("email", "role"),
    [("", ""), ("\0", "officer"), ("x" * 5000, "owner"), ("a@b", "\0"), ("a@b.example", "")],
)
def test_a_bad_invitation_is_explained(seller: User, email: str, role: str) -> None:
    assert as_person(seller).post(INVITE, {"email": email, "role": role}).status_code == 422
    assert not Invitation.objects.exists()


def test_only_owners_of_the_company_act_on_its_invitations(
    seller: User, colleague: User, rival: User
) -> None:
    invitation = offer_to("guest@example.com", by=seller)
    for person in (colleague, rival):
        client = as_person(person)
        assert "guest@example.com" not in client.get(PAGE).content.decode()
        for act in ("resend", "withdraw"):
            assert client.post(f"{INVITE}{invitation.reference}/{act}/").status_code == 404
    assert as_person(colleague).post(INVITE, {"email": "x@example.com", "role": "owner"}).status_code == 404
    assert Invitation.objects.get().withdrawn_at is None


def test_who_was_removed_does_not_come_back_by_the_old_invitation(seller: User, guest: User) -> None:
    invitation = offer_to(guest.email, by=seller)
    path, client = path_of(invitation), as_person(guest)
    client.post(path)
    as_person(seller).post("/organisation/people/remove/", {"member": guest.email})
    assert as_person(guest).post(path).status_code == 409
    assert not Membership.objects.filter(user=guest).exists()


def test_what_was_taken_is_neither_withdrawn_nor_sent_again(seller: User, guest: User) -> None:
    invitation = offer_to(guest.email, by=seller)
    join_organisation(invitation, by=guest, at=timezone.now())
    for act in (withdraw_invitation, resend_invitation):
        with pytest.raises(Refused, match="does not hold any more"):
            act(invitation, by=seller, at=timezone.now())
