"""Who may use the portal now; Django asks on each request, so that it ends at once and not at sign-out."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from swindow.accounts.models import User


class AccountBackend(AuthenticationBackend):
    """Signs in by e-mail address; refuses accounts that are switched off or have run out."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        """Tell whether the account works today."""
        return isinstance(user, User) and user.has_access_on(timezone.now().date())
