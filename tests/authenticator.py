"""The authenticator app of everybody whom a test makes; by RFC 6238 itself, not by the portal's library."""

import base64
import hmac
import time

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_SECONDS = 30


def code(*, later: int = 0, secret: str = SECRET) -> str:
    """Return the code of the app now, or so many half minutes later."""
    moment = int(time.time()) // _SECONDS + later
    digest = hmac.new(base64.b32decode(secret), moment.to_bytes(8, "big"), "sha1").digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
