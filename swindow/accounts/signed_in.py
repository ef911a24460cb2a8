"""Who is signed in, for views behind login_required."""

from typing import cast

from django.http import HttpRequest

from swindow.accounts.models import User


def person_of(request: HttpRequest) -> User:
    """Return the signed-in person."""
    return cast(User, request.user)
