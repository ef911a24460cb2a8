"""The authenticator apps of the demo's people; their secrets lie beside the passwords."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import decrypt

from swindow.accounts.models import User
from swindow.vault.errors import Unreadable


def app_secret_of(user: User) -> str:
    """Return the secret of the person's app; makes the app when there is none, or none that can be read."""
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if app is None:
        return _new(user)
    try:
        return str(decrypt(app.data["secret"]))
    except Unreadable:
        # The demo's master key was lost with its folder.
        app.delete()
        return _new(user)


def _new(user: User) -> str:
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret
