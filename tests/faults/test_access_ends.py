"""S2: whoever is switched off, moved or given another role loses access within five seconds, everywhere.

A real web server with all its processes; what changes is changed by SQL, past the portal.
"""

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import psycopg2
import pytest

from tests import builders
from tests.faults.laboratory import Laboratory

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(300)]

_WITHIN_SECONDS = 5.0
# Each of the server's processes has to refuse, not only the one that answered first.
_ASKED_AGAIN = 12
_MAKE = """
import json, time
from django.utils import timezone
from swindow.accounts.lifecycle import create_token
from swindow.accounts.models import Organisation, User
from tests import builders
person = User.objects.create_user(f"leaver{time.time_ns()}@example.com", builders.PASSWORD, name="Chen Yu")
company = Organisation.objects.filter(kind="seller").earliest("pk")
company.memberships.create(user=person, role="owner")
token, key = create_token(person, label="Order system", at=timezone.now())
print(json.dumps({"person": person.pk, "email": person.email, "key": key}))
"""


@dataclass(frozen=True)
class Member:
    """An owner with a session in a browser and a token in a machine."""

    id: int
    key: str
    browser: httpx.Client

    def has_page(self, path: str = "/organisation/people/") -> bool:
        """Tell whether the page is shown to the session."""
        return self.browser.get(path).status_code == 200

    def may_invite(self) -> bool:
        """Tell whether the page offers what owners do."""
        return 'action="/organisation/invitations/"' in self.browser.get("/organisation/people/").text

    def has_api(self) -> bool:
        """Tell whether the token opens the API."""
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = self.browser.get("/api/v1/declarations", headers=headers)
        assert answer.status_code in (200, 401), answer.text
        return answer.status_code == 200


@pytest.fixture(scope="module")
def served(running_laboratory: Laboratory) -> Iterator[Laboratory]:
    """The laboratory with its pages."""
    running_laboratory.start_servers()
    running_laboratory.start("web")
    running_laboratory.wait_until(running_laboratory.is_served, seconds=120)
    yield running_laboratory
    running_laboratory.stop("web")


@pytest.fixture
def member(served: Laboratory) -> Iterator[Member]:
    """Somebody who works in the portal at the moment."""
    made = json.loads(served.manage("shell", "-v", "0", "-c", _MAKE).splitlines()[-1])
    with httpx.Client(base_url=served.address, trust_env=False, timeout=30) as browser:
        form = browser.get("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
        assert token, form.text
        typed = {"login": made["email"], "password": builders.PASSWORD, "csrfmiddlewaretoken": token[1]}
        browser.post("/accounts/login/", data=typed, headers={"Referer": served.address})
        yield Member(made["person"], made["key"], browser)


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        ("switched off", "UPDATE accounts_user SET is_active = false WHERE id = %s"),
        ("run out", "UPDATE accounts_user SET access_until = current_date - 1 WHERE id = %s"),
    ],
)
def test_a_closed_account_loses_session_and_token(
    served: Laboratory, member: Member, what: str, statement: str
) -> None:
    assert member.has_page()
    assert member.has_api()
    _change(served, statement, member.id)
    print(f"{what}: the session ends after {_seconds_until_gone(member.has_page):.2f} s")
    print(f"{what}: the token ends after {_seconds_until_gone(member.has_api):.2f} s")


def test_a_changed_role_and_an_ended_place_count_at_once(served: Laboratory, member: Member) -> None:
    assert member.may_invite()
    _change(served, "UPDATE accounts_membership SET role = 'viewer' WHERE user_id = %s", member.id)
    print(f"role changed: an owner's acts end after {_seconds_until_gone(member.may_invite):.2f} s")
    assert member.has_page()
    _change(served, "DELETE FROM accounts_membership WHERE user_id = %s", member.id)
    print(f"moved away: the company's pages end after {_seconds_until_gone(member.has_page):.2f} s")


def _change(laboratory: Laboratory, statement: str, person: int) -> None:
    connection = psycopg2.connect(laboratory.servers.database_url, connect_timeout=5)
    with contextlib.closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(statement, [person])
        assert cursor.rowcount == 1


def _seconds_until_gone(has_access: Callable[[], bool]) -> float:
    began = time.monotonic()
    while has_access():
        assert time.monotonic() - began < _WITHIN_SECONDS, "still open"
        time.sleep(0.05)
    ended = time.monotonic() - began
    assert not any(has_access() for _time in range(_ASKED_AGAIN))
    return ended
