"""The authenticator app of everybody whom a test makes."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(*, later: int = 0, secret: str = SECRET) -> str:
    """Return the code of the app now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))
