"""Machines sign in with a bearer token; a person's session does not open the API."""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from swindow.accounts.models import ApiToken, User
from swindow.accounts.signing_in.second_factor import factors_of, standing_of
from swindow.acting import act_as


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer sw_…`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the token's user, None without a token; raises AuthenticationFailed or PermissionDenied."""
        parts = get_authorization_header(request).decode("latin-1").split()
        if not parts or parts[0].lower() != "bearer":
            return None
        digest = ApiToken.digest_of(parts[1]) if len(parts) == 2 else ""
        tokens = ApiToken.objects.filter(digest=digest, revoked_at=None).select_related("user")
        token = tokens.annotate(owner_has_factor=Exists(factors_of(OuterRef("user")))).first()
        today = timezone.now().date()
        if token is None or not token.user.has_access_on(today):
            raise AuthenticationFailed("This token is unknown or revoked.")
        if token.last_used_on != today:
            ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
        act_as(token.user)
        # A machine of an authority is no way around its owner's second step.
        if not token.owner_has_factor and standing_of(token.user).must_have_factor:
            raise PermissionDenied(
                _("The owner of this token has no second step at sign-in. Set one up, then repeat this.")
            )
        return token.user, token

    def authenticate_header(self, request: HttpRequest) -> str:
        """Name the scheme, so that a missing token is a 401."""
        return "Bearer"
