"""As whom the database is asked: row-level security shows a connection what its actor may see.

A web server's connection begins as nobody and sees no row of anybody (`swindow.row_security`); the
middleware and the API's tokens say who asks. Workers and commands are the portal itself.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

NOBODY, PORTAL = "", "portal"
_Answer = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Asks the database in the name of who is signed in, until the next request on this connection."""

    def __init__(self, get_response: _Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the person; a process that is the portal becomes it again afterwards."""
        act_as(request.user)
        try:
            return self.get_response(request)
        finally:
            if settings.DATABASE_ACTOR:
                become(settings.DATABASE_ACTOR)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_arguments: object
    ) -> None:
        """Show administrators the whole of the reference site, which guards itself."""
        match = request.resolver_match
        if match and match.app_name == "admin" and getattr(request.user, "is_staff", False):
            become(PORTAL)


def act_as(user: AbstractBaseUser | AnonymousUser) -> None:
    """Ask as a person from now on; as nobody for a stranger."""
    if user.is_authenticated:
        become(f"user:{user.pk}")
    elif connection.connection is not None:
        _forget_who_asked()


def become(actor: str) -> None:
    """Set the actor of this thread's connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('swindow.actor', %s, false)", [actor])


def _forget_who_asked() -> None:
    try:
        become(NOBODY)
    except (DatabaseError, InterfaceError):
        # A page that needs no database is answered without one; a new connection begins as nobody.
        connection.close()


@contextmanager
def as_portal() -> Iterator[None]:
    """Ask as the portal inside; for the few acts of a request that concern other people's rows.

    Every use is listed in tests/test_row_security.py with its reason.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('swindow.actor', true), set_config('swindow.actor', %s, false)", [PORTAL]
        )
        before = cursor.fetchone()[0] or NOBODY
    try:
        yield
    finally:
        # In a transaction that failed nothing can be said any more; its end takes the change back.
        with suppress(DatabaseError):
            become(before)
