"""Signing in as people do: the form, then the code of the authenticator app."""

from django.test import Client

from swindow.accounts.models import User
from tests import builders
from tests.authenticator import code

LOGIN, AUTHENTICATE, REAUTHENTICATE = (
    "/accounts/login/",
    "/accounts/2fa/authenticate/",
    "/accounts/2fa/reauthenticate/",
)
INDEX = "/accounts/2fa/"


def with_password(person: User, client: Client | None = None) -> Client:
    """Type address and password; nothing more."""
    client = client or Client()
    client.post(LOGIN, {"login": person.email, "password": builders.PASSWORD})
    return client


def signed_in(person: User) -> Client:
    """Come in with password and code."""
    client = with_password(person)
    answer = client.post(AUTHENTICATE, {"code": code()})
    assert answer.status_code == 302, answer.content.decode()
    return client


def age_factor(client: Client, *, seconds: float) -> None:
    """Let the last confirmations of a session be so many seconds older."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()
