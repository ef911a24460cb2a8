"""The public API as the sample uses it: one method an operation, errors as sentences."""

import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx

# A portal that restarts under us is back within a minute.
_PATIENCE_SECONDS = 60.0
_RETRIED = frozenset({502, 503, 504})


class PortalError(Exception):
    """The portal refused or did not answer; the sentences say what and why."""


class Portal:
    """A signed-in machine; a request that may be repeated safely is repeated while the portal is away."""

    def __init__(self, base_url: str, *, token: str) -> None:
        self._client = httpx.Client(
            base_url=f"{base_url.rstrip('/')}/api/v1/",
            headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"},
            timeout=30,
            # The portal is near; a proxy of the surroundings would only be in the way.
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, **query: str | int) -> Any:
        """Read something."""
        return self._send("GET", path, is_repeatable=True, params=query).json()

    def download(self, path: str) -> bytes:
        """Read a file."""
        return self._send("GET", path, is_repeatable=True, headers={"Accept": "*/*"}).content

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Make something."""
        return self._send("POST", path, is_repeatable=False, json=body).json()

    def act(self, path: str) -> Any:
        """Do something once, however often the request has to be sent."""
        headers = {"Idempotency-Key": secrets.token_urlsafe(16)}
        return self._send("POST", path, is_repeatable=True, json={}, headers=headers).json()

    def upload(self, file: Path) -> str:
        """Send a file and return its reference."""
        files = {"file": (file.name, file.read_bytes())}
        return str(self._send("POST", "files", is_repeatable=True, files=files).json()["reference"])

    def _send(self, method: str, path: str, *, is_repeatable: bool, **options: Any) -> httpx.Response:
        ends_at = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                answer = self._client.request(method, path, **options)
            except httpx.TransportError as error:
                if not is_repeatable or time.monotonic() > ends_at:
                    raise PortalError(f"{self._client.base_url} does not answer: {error}") from error
            else:
                is_busy = answer.status_code in _RETRIED or "Retry-After" in answer.headers
                if not is_busy or not is_repeatable or time.monotonic() > ends_at:
                    return _checked(answer, what=f"{method} {path}")
            time.sleep(0.5)


def _checked(answer: httpx.Response, *, what: str) -> httpx.Response:
    if answer.is_success:
        return answer
    try:
        problems = answer.json()["errors"]
        lines = [" ".join(filter(None, (one["path"], one["message"], one["fix"]))) for one in problems]
    except (ValueError, KeyError, TypeError):
        lines = [answer.text[:300]]
    raise PortalError(f"{what} answered {answer.status_code}: " + " / ".join(lines))
