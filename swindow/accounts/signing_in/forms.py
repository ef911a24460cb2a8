"""allauth's forms of the second step, with every try counted and every code used once."""

from typing import Any

from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, ReauthenticateWebAuthnForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from swindow.accounts.signing_in.second_factor import accept_factor, rotate_session
from swindow.accounts.signing_in.throttle import code_limits, count_or_refuse, forget, use_code_once

_NAME_OF_KEY = _("Name of the key")
_CODE_HELP = _("Six digits from your authenticator app, or one of your recovery codes.")


class CountedCode(BaseAuthenticateForm):
    """A code that is counted before it is checked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, help_text=_CODE_HELP)

    def clean_code(self) -> str:
        """Return the right code; raises ValidationError for a wrong, used or hasty one."""
        limits = code_limits(self.user.pk)
        count_or_refuse(context.request, limits)
        code: str = super().clean_code()
        is_of_app = self.authenticator.type == Authenticator.Type.TOTP
        # allauth remembers used codes in this process alone.
        if is_of_app and not use_code_once(self.user.pk, normalize_user_code(code), at=timezone.now()):
            raise get_adapter().validation_error("incorrect_code")
        forget(limits)
        return code


class CodeForm(CountedCode, AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(CountedCode, ReauthenticateForm):
    """The second step once more, before an act that matters."""

    def save(self) -> None:
        """Note it under a new session key."""
        super().save()
        rotate_session(context.request)


class KeyAgainForm(ReauthenticateWebAuthnForm):
    """A security key once more, before an act that matters."""

    def save(self) -> None:
        """Note it under a new session key."""
        super().save()
        rotate_session(context.request)


class SetUpAppForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, help_text=_("Six digits that the app shows now."))

    def clean_code(self) -> str:
        """Return the right code; the session counts as signed in with it from now on."""
        limits = code_limits(self.user.pk)
        count_or_refuse(context.request, limits)
        code: str = super().clean_code()
        forget(limits)
        use_code_once(self.user.pk, normalize_user_code(code), at=timezone.now())
        accept_factor(context.request, kind=Authenticator.Type.TOTP)
        return code


class AddKeyForm(AddWebAuthnForm):
    """A new security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _NAME_OF_KEY

    def clean(self) -> dict[str, Any]:
        """Check what the key answered; the session counts as signed in with it from now on."""
        data: dict[str, Any] = super().clean()
        if not self.errors:
            accept_factor(context.request, kind=Authenticator.Type.WEBAUTHN)
        return data


class RenameKeyForm(EditWebAuthnForm):
    """Another name for a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _NAME_OF_KEY


def _dress(form: BaseAuthenticateForm | ActivateTOTPForm, *, help_text: object) -> None:
    field = form.fields["code"]
    field.label = _("Code")
    field.help_text = help_text
    # The label stands above the field; an example in it would be taken for an answer.
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {"inputmode": "text", "autocapitalize": "off", "spellcheck": "false"}
    field.widget.attrs["data-focus-first"] = ""
