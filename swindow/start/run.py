"""The life of one local run: servers, preparation, processes, the sample declaration, the end."""

import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from swindow import embedded
from swindow.embedded.system import end_process, is_alive
from swindow.processes import processes
from swindow.start.environment import CHECKOUT, StartError, Surroundings, python, surroundings, var_folder
from swindow.start.prepare import prepare
from swindow.start.readiness import not_ready
from swindow.start.supervisor import Supervisor, stop_leftovers

READY_SECONDS = 120
LOOK_SECONDS = 0.1
# How long dead embedded servers are left alone, in case somebody is restarting them on purpose.
SERVER_LOOK_SECONDS = 2.0


def run(*, sample: bool, serve: bool) -> int:
    """Start everything, file the sample if asked, serve until a signal if asked; return the exit status."""
    began = time.monotonic()
    var = var_folder()
    embedded.control_folder(var)
    with _only_run(var), _signals_end_the_run():
        left = stop_leftovers(var)
        if left:
            print(f"Stopped {left} processes that a killed run had left behind.", flush=True)
        servers = start_servers(var)
        try:
            return _run_on(servers, var=var, sample=sample, serve=serve, began=began)
        finally:
            if servers is not None and not servers.by_hand:
                embedded.stop(var)


def stop(var: Path) -> bool:
    """Stop the run of this checkout, from another terminal; say whether anything ran."""
    pid = _running(var)
    if pid is not None:
        end_process(pid, signals=((signal.SIGTERM, 60), (signal.SIGKILL, 5)))
    left = stop_leftovers(var)
    return embedded.stop(var) or pid is not None or left > 0


def start_servers(var: Path) -> embedded.Servers | None:
    """Start an embedded server for each address that is not set. Raises StartError, EmbeddedError."""
    wanted = []
    if "DATABASE_URL" not in os.environ:
        wanted.append("database")
    elif "DATABASE_OWNER_URL" not in os.environ:
        raise StartError(
            "DATABASE_URL is set but DATABASE_OWNER_URL is not: it is the address of the same database "
            "for the role that owns the tables and migrates them (docs/operators.md)."
        )
    if "REDIS_URL" not in os.environ:
        wanted.append("broker")
    return embedded.start(var, wanted=tuple(wanted)) if wanted else None


def _run_on(servers: embedded.Servers | None, *, var: Path, sample: bool, serve: bool, began: float) -> int:
    where = surroundings(servers.environment() if servers else {})
    _note_run(var, address=where.address)
    print("Preparing ...", flush=True)
    prepare(where)
    table = processes(bind=f"127.0.0.1:{where.port}")
    supervisor = Supervisor(table, environment=where.environment, var=var)
    watch = _Watch(supervisor, servers=servers, var=var)
    try:
        print(f"Starting {len(table)} processes ...", flush=True)
        supervisor.start()
        if not _wait_until_ready(watch, where=where):
            return 1
        print(f"Ready at {where.address} after {time.monotonic() - began:.1f} s", flush=True)
        status = _file_sample(watch, where=where, serve=serve) if sample else 0
        if not serve:
            return status
        _show_entrance(where)
        while True:
            watch.look()
    except KeyboardInterrupt:
        print("\nStopping every process ...", flush=True)
        return 0 if serve else 130
    finally:
        # A second Ctrl-C means now.
        signal.signal(signal.SIGINT, lambda *_: setattr(supervisor, "grace_seconds", 0.0))
        supervisor.stop()


class _Watch:
    """Looks after the processes and the embedded servers while something else is waited for."""

    def __init__(self, supervisor: Supervisor, *, servers: embedded.Servers | None, var: Path) -> None:
        self._supervisor, self._servers, self._var = supervisor, servers, var
        self._look_at = 0.0

    def look(self) -> None:
        """One look, then a short sleep."""
        self._supervisor.tick()
        if self._servers is not None and time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + SERVER_LOOK_SECONDS
            self._servers = self._mend(self._servers)
        time.sleep(LOOK_SECONDS)

    def _mend(self, servers: embedded.Servers) -> embedded.Servers:
        pids = {"database": servers.database_pid, "broker": servers.broker_pid}
        wanted = tuple(name for name, pid in pids.items() if pid is not None)
        if all(pid is None or is_alive(pid) for pid in pids.values()):
            return servers
        try:
            mended = embedded.start(self._var, wanted=wanted)
        except embedded.EmbeddedError as error:
            print(error, flush=True)
            return servers
        if mended.started:
            print("An embedded server had ended and was started again.", flush=True)
        if mended.environment() != servers.environment():
            self._supervisor.change_environment(mended.environment())
        return mended


def _wait_until_ready(watch: _Watch, *, where: Surroundings) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    waiting = ["everything"]
    while time.monotonic() < deadline:
        watch.look()
        waiting = not_ready(address=f"http://127.0.0.1:{where.port}", broker=where.environment["REDIS_URL"])
        if not waiting:
            return True
    logs = where.var / "log"
    print(f"Not ready after {READY_SECONDS} s: {', '.join(waiting)}. Their logs are in {logs}.", flush=True)
    return False


def _file_sample(watch: _Watch, *, where: Surroundings, serve: bool) -> int:
    """File the sample as a process of its own: it speaks to the portal over HTTP and nothing else."""
    demo = where.var / "demo"
    command = [python(), "-m", "declarations.demo.file_sample", "--base-url", where.address]
    command += ["--token-file", str(demo / "seller.token"), "--summary", str(demo / "summary.json")]
    filing = subprocess.Popen(command, cwd=CHECKOUT, env=where.environment, stdin=subprocess.DEVNULL)
    try:
        while filing.poll() is None:
            watch.look()
    finally:
        filing.terminate()
        filing.wait()
    if filing.returncode != 0:
        after = " The portal serves on." if serve else ""
        print(f"The sample declaration was not cleared (status {filing.returncode}).{after}", flush=True)
    return filing.returncode


def _show_entrance(where: Surroundings) -> None:
    print(f"\nOpen {where.address}", flush=True)
    logins = where.var / "demo" / "logins.json"
    for login in json.loads(logins.read_text()) if logins.exists() else []:
        print(f"  {login['role']:<20} {login['email']:<36} {login['password']}", flush=True)
    print("Ctrl-C stops everything; the data stay.", flush=True)


@contextmanager
def _signals_end_the_run() -> Iterator[None]:
    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    yield


@contextmanager
def _only_run(var: Path) -> Iterator[None]:
    """Hold the checkout's lock; a killed run lets go of it by itself."""
    with (_run_folder(var) / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note = _read_note(var)
            raise StartError(
                f"swindow runs in this checkout already (process {note.get('pid', '?')}, "
                f"{note.get('address', 'starting')}). Stop it with Ctrl-C there or with: make stop"
            ) from None
        _note_run(var, address="starting")
        try:
            yield
        finally:
            _note_file(var).unlink(missing_ok=True)


def _running(var: Path) -> int | None:
    """Return the id of the run that holds the lock, or None."""
    with (_run_folder(var) / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(_read_note(var)["pid"]) if "pid" in _read_note(var) else None
    return None


def _run_folder(var: Path) -> Path:
    folder = var / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _note_file(var: Path) -> Path:
    return _run_folder(var) / "run.json"


def _note_run(var: Path, *, address: str) -> None:
    _note_file(var).write_text(json.dumps({"pid": os.getpid(), "address": address}))


def _read_note(var: Path) -> dict[str, str]:
    try:
        return dict(json.loads(_note_file(var).read_text()))
    except (FileNotFoundError, ValueError):
        return {}
