"""What sign-up keeps of a new person beside address and password."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from swindow.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Remembers the language of the page, so that the first mail is in it already."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Store the new person with the language of the sign-up page."""
        user.preferred_language = get_language() or settings.LANGUAGE_CODE
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved
