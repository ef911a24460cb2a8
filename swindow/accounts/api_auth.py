"""Machines sign in with a bearer token; a person's session does not open the API."""

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from swindow.accounts.models import ApiToken, User
from swindow.acting import act_as


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer sw_…`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the token's user, None without a token; raises AuthenticationFailed for a bad one."""
        parts = get_authorization_header(request).decode("latin-1").split()
        if not parts or parts[0].lower() != "bearer":
            return None
        digest = ApiToken.digest_of(parts[1]) if len(parts) == 2 else ""
        token = (
            ApiToken.objects.filter(digest=digest, revoked_at=None, user__is_active=True)
            .select_related("user")
            .first()
        )
        if token is None:
            raise AuthenticationFailed("This token is unknown or revoked.")
        act_as(token.user)
        return token.user, token

    def authenticate_header(self, request: HttpRequest) -> str:
        """Name the scheme, so that a missing token is a 401."""
        return "Bearer"
