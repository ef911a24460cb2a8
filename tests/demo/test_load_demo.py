"""The demo's people: made once, able to sign in, their secrets for the starter alone."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from declarations.demo.people import load_demo
from declarations.models import Product
from swindow.accounts.models import ApiToken, Mandate, Membership, Organisation, User, authorities_of
from swindow.events.models import Event
from tests import builders

LONG_AGO = builders.NOW - timedelta(days=300)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]


@pytest.fixture(autouse=True)
def fast_passwords(settings: Settings) -> None:
    # Argon2 is slow on purpose; here nobody attacks.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_everybody_is_made_once(tmp_path: Path) -> None:
    logins = load_demo(tmp_path, at=LONG_AGO)
    counts = [model.objects.count() for model in (User, Organisation, Membership, Mandate, ApiToken, Product)]
    events = Event.objects.count()
    assert load_demo(tmp_path, at=LONG_AGO) == logins
    models = (User, Organisation, Membership, Mandate, ApiToken, Product)
    assert [model.objects.count() for model in models] == counts
    assert Event.objects.count() == events
    for login in logins:
        assert User.objects.get(email=login.email).check_password(login.password)


def test_each_has_the_place_that_the_role_names(tmp_path: Path) -> None:
    by_role: dict[str, list[User]] = {}
    for login in load_demo(tmp_path, at=LONG_AGO):
        by_role.setdefault(login.role, []).append(User.objects.get(email=login.email))
    assert len(by_role["customs officer"]) == 2
    for authority in ("customs", "quarantine", "tax", "port"):
        for officer in by_role[f"{authority} officer"]:
            assert authorities_of(officer) == {authority}
            assert officer.memberships.get().role == "officer"
    (seller,), (agent,) = by_role["seller"], by_role["agent"]
    company = Organisation.objects.for_actor(seller).get()
    assert company.is_verified
    assert company.deferment_account
    assert company in Organisation.objects.acted_for_by(agent)
    # One proposes an officer, the other confirms.
    assert [admin.is_superuser for admin in by_role["administrator"]] == [True, True]
    assert not seller.is_staff


def test_secrets_are_for_the_starter_alone(tmp_path: Path) -> None:
    logins = load_demo(tmp_path, at=LONG_AGO)
    for name in ("logins.json", "seller.token"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert [row["email"] for row in json.loads((tmp_path / "logins.json").read_text())] == [
        login.email for login in logins
    ]
    key = (tmp_path / "seller.token").read_text().strip()
    assert ApiToken.objects.get(digest=ApiToken.digest_of(key)).user.email == logins[0].email


def test_lost_files_are_made_anew(tmp_path: Path) -> None:
    before = load_demo(tmp_path, at=LONG_AGO)
    (tmp_path / "logins.json").write_text("{broken")
    (tmp_path / "seller.token").unlink()
    after = load_demo(tmp_path, at=LONG_AGO)
    assert before[0].password != after[0].password
    assert User.objects.get(email=after[0].email).check_password(after[0].password)
    assert ApiToken.objects.count() == 2


def test_a_real_portal_has_no_demo_people(settings: object) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="only for a demo"):
        call_command("load_demo")
    assert not User.objects.exists()
