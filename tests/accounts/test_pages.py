"""What an owner arranges on the organisation's page: the account for charges, and API tokens."""

import pytest

from swindow.accounts.lifecycle import create_token
from swindow.accounts.models import ApiToken, User
from swindow.events.models import Event
from tests import builders
from tests.accounts.companies import PAGE, as_person

pytestmark = pytest.mark.django_db


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


def test_the_page_costs_the_same_whatever_the_company_has(
    seller: User, django_assert_max_num_queries: object
) -> None:
    for number in range(5):
        create_token(seller, label=f"Machine {number}", at=builders.NOW)
        builders.agent_of(seller)
        builders.colleague_of(seller)
    client = as_person(seller)
    with django_assert_max_num_queries(18):  # type: ignore[operator]
        assert client.get(PAGE).status_code == 200
