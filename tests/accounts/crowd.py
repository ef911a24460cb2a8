"""The web server as it runs for people, two processes of four threads, without a broker."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from swindow.processes import processes
from tests import servers

_NO_BROKER = "redis://127.0.0.1:9/0"


@contextlib.contextmanager
def portal(database: str, *, var: Path) -> Iterator[str]:
    """Serve the portal on this database; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    web = next(one for one in processes(bind=f"127.0.0.1:{port}") if one.name == "web")
    environment = os.environ | {
        "DATABASE_URL": servers.database_url(database),
        "REDIS_URL": _NO_BROKER,
        "SWINDOW_BASE_URL": address,
        "SWINDOW_BEHIND_PROXY": "1",
        "SWINDOW_DEBUG": "1",
        "SWINDOW_EMAIL_VERIFICATION": "mandatory",
        "SWINDOW_LOG_LEVEL": "ERROR",
        "EMAIL_URL": f"filemail:///{var}/mail",
    }
    command = [sys.executable, *web.command[1:]]
    with (var / "web.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment | dict(web.environment), stdout=log, stderr=log)
    try:
        _wait_for(address, server, log=var / "web.log")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


class Crowd:
    """Browsers that share a cookie jar, each from an address of its own when it likes."""

    def __init__(self, address: str) -> None:
        limits = httpx.Limits(max_connections=120)
        self._browser = httpx.Client(base_url=address, timeout=120, trust_env=False, limits=limits)
        page = self._browser.get("/accounts/login/", headers={"X-Forwarded-For": "192.0.2.1"})
        self._token = page.cookies["csrf"]

    def post(self, path: str, fields: dict[str, str], *, source: str = "192.0.2.1") -> httpx.Response:
        """Post a form as somebody at this address who has no session yet."""
        headers = {"X-Forwarded-For": source, "Cookie": f"csrf={self._token}"}
        with_token = fields | {"csrfmiddlewaretoken": self._token}
        self._browser.cookies.clear()
        return self._browser.post(path, data=with_token, headers=headers)

    def close(self) -> None:
        """Go home."""
        self._browser.close()


def _wait_for(address: str, server: subprocess.Popen[bytes], *, log: Path) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}/healthz", timeout=2, trust_env=False).status_code == 200:
                return
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())
