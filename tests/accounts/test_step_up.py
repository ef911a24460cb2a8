"""S3: every act of the list asks for a factor of at most five minutes; nobody lodges without one at all."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from declarations.models import Declaration
from inspection.lifecycle import open_reviews
from inspection.models import Review
from swindow.accounts.models import User
from tests import builders
from tests.accounts.signing_in import INDEX, REAUTHENTICATE, age_factor, signed_in, with_password
from tests.api.callers import Caller
from tests.authenticator import code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
# Release and holds, the law and its rates, money, machines' keys, and who is an officer.
ACTS = {
    "inspection:decide",
    "inspection:pack_publish",
    "accounts:deferment",
    "accounts:token_create",
    "accounts:officer_propose",
    "accounts:officer_confirm",
}


@pytest.fixture(autouse=True)
def fresh_second_factor() -> None:
    """People come in by the real sign-in here."""


def guarded() -> set[str]:
    """Return the names of the routes whose views ask for a fresh factor."""
    return {name for name, view in _views(get_resolver()) if getattr(view, "asks_for_factor", False)}


def _views(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, object]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _views(one, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        elif isinstance(one, URLPattern):
            yield f"{namespace}{one.name}", one.callback


def test_every_act_of_the_list_asks_for_a_fresh_factor() -> None:
    print(f"{len(ACTS & guarded())} of {len(ACTS)} acts; guarded in all: {sorted(guarded())}")
    assert guarded() >= ACTS


@pytest.mark.parametrize("act", sorted(ACTS))
def test_the_act_is_refused_until_the_factor_is_fresh(act: str) -> None:
    root = User.objects.create_superuser("root@example.com", builders.PASSWORD)
    arguments = {
        "inspection:decide": {"authority": "customs", "reference": "SW-26-00000018"},
        "inspection:pack_publish": {"reference": "PD-26-00000018"},
        "accounts:officer_confirm": {"reference": "OFF-26-00000018"},
    }
    client = signed_in(builders.with_app(root))
    age_factor(client, seconds=301)
    answer = client.post(reverse(act, kwargs=arguments.get(act, {})), {"label": "x"})
    assert answer.headers["Location"].startswith(REAUTHENTICATE)


def test_an_officers_decision_waits_for_the_factor_and_is_done_with_what_was_typed(
    seller: User, customs_officer: User
) -> None:
    declaration = lodged(seller)
    open_reviews([declaration.pk], at=builders.NOW)
    client = signed_in(customs_officer)
    age_factor(client, seconds=301)
    address = f"/officer/customs/{declaration.reference}/decide/"
    typed = {"decision": "approve", "reason_code": "C00"}
    asked = client.post(address, typed)
    answer = client.post(asked.headers["Location"], {"code": code(later=1), "next": address}, follow=True)
    assert answer.redirect_chain[0] == (address, 307)
    assert f"{declaration.reference} is decided." in answer.content.decode()
    assert (
        Review.objects.get(declaration=declaration, authority="customs").decided_by == customs_officer.actor
    )


def test_a_seller_without_a_second_step_lodges_nothing_and_reads_where_to_set_it_up(db: None) -> None:
    person = builders.member(builders.organisation())
    Authenticator.objects.filter(user=person).delete()
    draft = builders.draft(person)
    client = with_password(person)
    page = f"/declarations/{draft.reference}/check/"
    answer = client.post(
        page,
        {"seen": draft.saved_at.isoformat(), "is_true": "on"},
        headers={"Referer": f"http://testserver{page}"},
    )
    draft.refresh_from_db()
    assert draft.is_draft
    assert (answer.status_code, answer.headers.get("Location")) == (302, INDEX)
    assert client.session["after_second_factor"] == page


def test_a_seller_with_a_second_step_lodges_without_being_asked_again(seller: User) -> None:
    draft = builders.draft(seller)
    client = signed_in(seller)
    age_factor(client, seconds=3000)
    sent = {"seen": draft.saved_at.isoformat(), "is_true": "on"}
    client.post(f"/declarations/{draft.reference}/check/", sent)
    draft.refresh_from_db()
    assert draft.status == "accepted"


def test_a_token_lodges_only_when_its_owner_has_a_second_step(seller: User) -> None:
    draft = builders.draft(seller)
    Authenticator.objects.filter(user=seller).delete()
    answer = Caller(seller).post(f"declarations/{draft.reference}/lodge", key="a")
    assert answer.status_code == 422
    problem = answer.json()["errors"][0]
    assert problem["code"] == "AC-20"
    assert "Set up an authenticator app" in problem["fix"]
    builders.with_app(seller)
    assert Caller(seller).post(f"declarations/{draft.reference}/lodge", key="b").status_code == 201


def lodged(seller: User) -> Declaration:
    """Return an accepted declaration."""
    draft = builders.draft(seller)
    assert Caller(seller).post(f"declarations/{draft.reference}/lodge", key="x").status_code == 201
    draft.refresh_from_db()
    return draft
