"""How allauth signs people in here: counted tries, sealed secrets, the factor before the password."""

import base64
import time
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from swindow.accounts.models import User
from swindow.accounts.signing_in.second_factor import (
    FRESH_SECONDS,
    is_fresh,
    may_remove_a_factor,
    used_second_factor,
)
from swindow.accounts.signing_in.throttle import count_or_refuse, forget, forget_account, sign_in_limits
from swindow.vault.keys import unwrap, wrap

log = structlog.get_logger(__name__)
# The attribute of a request that holds the mails to send once its answer is out.
MAILS = "mails_after_the_answer"
_BOUND_TO = "second factor"
_NOBODYS_PASSWORD = "as long as other people's"  # noqa: S105  hashed for the time that it takes


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and the mails of both."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Store the new person with the language of the sign-up page."""
        user.preferred_language = get_language() or settings.LANGUAGE_CODE
        saved: User = super().save_user(request, user, form, commit=commit)
        # The password was typed a moment ago; setting up a second factor need not ask for it again.
        record_authentication(request, saved, "password")
        return saved

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before the password is looked at; raises ValidationError when it comes too soon."""
        super().pre_authenticate(request, **credentials)
        count_or_refuse(request, sign_in_limits(request, email=credentials.get("email", "")))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check the password; the right one wipes the wrong tries."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            forget(sign_in_limits(request, email=credentials.get("email", "")))
        return user

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """Show a person whose access has run out the page of closed accounts."""
        if not user.has_access_on(timezone.now().date()):
            clear_login(request)
            refusal: HttpResponse = self.respond_user_inactive(request, user)
            return refusal
        answer: HttpResponse | None = super().pre_login(request, user, **more)
        return answer

    def set_password(self, user: User, password: str) -> None:
        """Keep the new password; whoever was locked out by a stranger's tries comes in with it."""
        super().set_password(user, password)
        forget_account(user.email)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of the account by mail; a new account would have cost the hash of a password."""
        make_password(_NOBODYS_PASSWORD)
        super().send_account_already_exists_mail(email)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Ask again after five minutes: for the factor where one was used, else for the password."""
        request = context.request
        if used_second_factor(request):
            return not is_fresh(request)
        records = get_authentication_records(request, request.user)
        typed_at = max((one["at"] for one in records if one.get("method") == "password"), default=0.0)
        return bool(time.time() - typed_at >= FRESH_SECONDS)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Return how somebody confirms; a stolen password alone must not replace a second factor."""
        methods = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"] != "reauthenticate"]
        return factors or methods

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send the mail once the answer is out: how long it takes must not tell who has an account."""
        request: HttpRequest | None = self.request
        if request is None:
            super().send_mail(template_prefix, email, context)
            return
        mail = self.render_mail(template_prefix, email, {"request": request, "email": email, **context})
        waiting: list[EmailMessage] = getattr(request, MAILS, [])
        setattr(request, MAILS, [*waiting, mail])


class MFAAdapter(DefaultMFAAdapter):
    """Second factors; their secrets are sealed under the vault's master key."""

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        return base64.b64encode(wrap(text.encode(), bound_to=_BOUND_TO)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret; raises Unreadable for anything else."""
        return unwrap(base64.b64decode(encrypted_text), bound_to=_BOUND_TO).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuse the last factor of somebody who must have one."""
        return may_remove_a_factor(authenticator.user)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        """Return a name for a new key that the person may overwrite."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Security key %(number)s") % {"number": number}

    def get_totp_issuer(self) -> str:
        """Return the name that an authenticator app shows."""
        return gettext("Single Window")

    def _get_site_name(self) -> str:
        return gettext("Single Window")


def send_waiting_mails(request: HttpRequest) -> None:
    """Send what the request left; a mail server that is away makes the person ask again."""
    for mail in getattr(request, MAILS, []):
        try:
            mail.send()
        except OSError as error:
            log.warning("account_mail_failed", error=type(error).__name__)
