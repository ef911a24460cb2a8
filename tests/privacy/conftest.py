"""What the tests of privacy share."""

from collections.abc import Callable

import pytest
from django.test import Client

from swindow.accounts.models import User
from swindow.events.worker import work_batch


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    """Return a browser in which a person is signed in with a fresh second step."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def workers() -> Callable[[], None]:
    """Let every queue that privacy uses work off what is due."""

    def work() -> None:
        for queue in ("documents", "notify"):
            while work_batch(queue):
                pass

    return work
