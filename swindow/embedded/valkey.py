"""The embedded Valkey: a broker on the loopback address with a password.

Loopback and not a socket, because Celery and redis-py spell the address of a socket differently.
"""

import signal
import socket
import subprocess
import time
from pathlib import Path

import redis

from swindow.embedded.place import EmbeddedError, Place, Say
from swindow.embedded.system import end_process, is_alive, open_log, process_with_argument

HOST = "127.0.0.1"
START_SECONDS = 30

_SETTINGS = """\
bind {host}
port {port}
protected-mode yes
requirepass {password}
dir {data}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
set-proc-title no
daemonize no
"""


def url(*, port: int, password: str) -> str:
    """Return the broker's address."""
    return f"redis://:{password}@{HOST}:{port}/0"


def running(place: Place) -> int | None:
    """Return the id of the server process of this place, or None."""
    return process_with_argument(str(_settings_file(place)), program="valkey-server")


def log_file(place: Place) -> Path:
    """Return the server's log."""
    return place.var / "log" / "valkey.log"


def start(place: Place, *, port: int | None, password: str, say: Say) -> tuple[int, int]:
    """Start the broker, on its former port if that is free; return process id and port."""
    place.make_folder(place.home / "valkey")
    chosen = port if port is not None and _is_free(port) else _free_port()
    process = _launch(place, port=chosen, password=password)
    if not _answers(process, port=chosen, password=password) and _set_broken_file_aside(place):
        say("The broker's file was damaged and is set aside; waiting work is read from the database.")
        process = _launch(place, port=chosen, password=password)
    if not _answers(process, port=chosen, password=password):
        raise EmbeddedError(f"Valkey did not start; its log {log_file(place)} says why.")
    return process.pid, chosen


def stop(place: Place) -> bool:
    """Stop the broker if it runs and say whether it did."""
    pid = running(place)
    if pid is None:
        return False
    end_process(pid, signals=((signal.SIGTERM, 10), (signal.SIGKILL, 5)))
    return True


def _settings_file(place: Place) -> Path:
    return place.home / "valkey" / "valkey.conf"


def _launch(place: Place, *, port: int, password: str) -> "subprocess.Popen[bytes]":
    data = place.home / "valkey"
    settings = _SETTINGS.format(host=HOST, port=port, password=password, data=data)
    place.write(_settings_file(place), settings)
    open_log(log_file(place))
    return place.spawn([str(place.valkey_server), str(_settings_file(place))], log=log_file(place))


def _answers(process: "subprocess.Popen[bytes]", *, port: int, password: str) -> bool:
    deadline = time.monotonic() + START_SECONDS
    with redis.Redis(host=HOST, port=port, password=password, socket_connect_timeout=1) as client:
        while time.monotonic() < deadline and is_alive(process.pid):
            try:
                return bool(client.ping())
            except (redis.ConnectionError, redis.TimeoutError):
                time.sleep(0.02)
    process.poll()
    return False


def _set_broken_file_aside(place: Place) -> bool:
    folder = place.home / "valkey" / "appendonlydir"
    if not folder.exists():
        return False
    folder.rename(folder.with_name(f"appendonlydir.broken-{int(time.time())}"))
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
