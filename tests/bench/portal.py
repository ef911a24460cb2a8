"""The portal's web server for a bench: the command of the process table, and a plain client for it."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from swindow.processes import processes

ROOT = Path(__file__).resolve().parents[2]
_READY_SECONDS = 60
Action = Callable[["Visitor", int], None]


class Portal:
    """gunicorn as `make run` starts it, on a free port."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        web = next(one for one in processes(bind=f"127.0.0.1:{self.port}") if one.name == "web")
        command = [sys.executable if word == "python" else word for word in web.command]
        log = Path(os.environ["SWINDOW_VAR"]) / "log" / "web.log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)

    def wait(self) -> None:
        """Return when the server answers; raises RuntimeError when it does not come."""
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError), contextlib.closing(Visitor(self.port)) as visitor:
                if visitor.ask("GET", "/healthz")[0] == 200:
                    return
            time.sleep(0.1)
        raise RuntimeError("the web server did not start; var/bench/log/web.log says why")

    def visitors(self, count: int, *, headers: Mapping[str, str]) -> list["Visitor"]:
        """Return new visitors; the server hangs up on those that are silent for two seconds."""
        return [Visitor(self.port, headers=headers) for _ in range(count)]

    def stop(self) -> None:
        """End the server."""
        self._process.terminate()
        self._process.wait()


class Visitor:
    """One connection that stays open; far cheaper than a full HTTP client on the same two cores."""

    def __init__(self, port: int, *, headers: Mapping[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = dict(headers or {})

    def ask(self, method: str, path: str, *, body: Any = None, **more: str) -> tuple[int, bytes]:
        """Ask and return status and body."""
        headers = self._headers | more
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        self._connection.request(method, path, body=data, headers=headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def in_parallel(visitors: Sequence[Visitor], *, count: int, action: Action) -> tuple[float, list[float]]:
    """Let the visitors share `count` actions; return the seconds and each action's milliseconds."""
    numbers = iter(range(count))
    turn = threading.Lock()
    taken: list[float] = []

    def take_number() -> int | None:
        with turn:
            return next(numbers, None)

    def act(visitor: Visitor) -> None:
        with contextlib.closing(visitor):
            while (number := take_number()) is not None:
                began = time.perf_counter()
                action(visitor, number)
                taken.append((time.perf_counter() - began) * 1000)

    with ThreadPoolExecutor(len(visitors)) as threads:
        began = time.perf_counter()
        list(threads.map(act, visitors))
        return time.perf_counter() - began, taken
