"""Start the processes of the table, restart whatever ends, stop all that was started.

Every child dies with its supervisor, even when that is killed: the kernel sends SIGTERM. What
survives all the same is found by the next start in the list of process ids, and stopped.
"""

import ctypes
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from swindow.embedded.system import end_process, open_log
from swindow.processes import Process
from swindow.start.environment import CHECKOUT, python

# Longer than gunicorn's graceful time, so that requests in flight are answered.
GRACE_SECONDS = 20.0
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 15.0
# A process that lived so long was well: its next end is a new accident.
WELL_SECONDS = 30.0

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class _Child:
    process: Process
    running: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    ends_in_a_row: int = 0
    due_at: float = 0.0


class Supervisor:
    """Holds the children of one run; call `tick` often and from the thread that called `start`."""

    def __init__(
        self,
        table: Iterable[Process],
        *,
        environment: Mapping[str, str],
        var: Path,
        say: Callable[[str], None] = print,
    ) -> None:
        self._children = [_Child(process) for process in table]
        self._environment = dict(environment)
        self._logs = var / "log"
        self._list = _list_file(var)
        self._say = say
        self.grace_seconds = GRACE_SECONDS

    def start(self) -> None:
        """Start every process at once."""
        self._logs.mkdir(parents=True, exist_ok=True)
        self._list.parent.mkdir(parents=True, exist_ok=True)
        for child in self._children:
            self._launch(child)

    def tick(self) -> None:
        """Notice what has ended; start it again when its pause is over. It never gives up."""
        for child in self._children:
            if child.running is not None and child.running.poll() is not None:
                self._note_end(child)
            if child.running is None and time.monotonic() >= child.due_at:
                self._launch(child)

    def process_ids(self) -> dict[str, int]:
        """Return the ids of the processes that run, by name."""
        return {
            child.process.name: child.running.pid for child in self._children if child.running is not None
        }

    def change_environment(self, changes: Mapping[str, str]) -> None:
        """Give every process new variables, which means to start it anew."""
        self._environment.update(changes)
        self.stop()
        self.start()

    def stop(self) -> None:
        """Ask every process to end, wait `grace_seconds`, then end it and its children by force."""
        running = [child.running for child in self._children if child.running is not None]
        for popen in running:
            _signal(popen.pid, signal.SIGTERM)
        deadline = time.monotonic()
        while (
            any(popen.poll() is None for popen in running)
            and time.monotonic() < deadline + self.grace_seconds
        ):
            time.sleep(0.05)
        for popen in running:
            _signal_group(popen.pid, signal.SIGKILL)
            popen.wait()
        for child in self._children:
            child.running = None
        self._list.unlink(missing_ok=True)

    def _launch(self, child: _Child) -> None:
        log = self._logs / f"{child.process.name}.log"
        open_log(log)
        command = [python() if word == "python" else word for word in child.process.command]
        supervisor = os.getpid()
        with log.open("ab") as output:
            child.running = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                env=self._environment | dict(child.process.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # A group of its own: Ctrl-C reaches the supervisor alone, which then stops the rest in order.
                process_group=0,
                preexec_fn=lambda: _die_with(supervisor),  # noqa: PLW1509 - this process has one thread
            )
        child.started_at = time.monotonic()
        self._write_list()

    def _note_end(self, child: _Child) -> None:
        popen = child.running
        if popen is None:
            return
        # Gunicorn's workers notice a lost master themselves, but only after a while.
        _signal_group(popen.pid, signal.SIGKILL)
        if time.monotonic() - child.started_at >= WELL_SECONDS:
            child.ends_in_a_row = 0
        pause = min(FIRST_PAUSE_SECONDS * 2**child.ends_in_a_row, LONGEST_PAUSE_SECONDS)
        child.ends_in_a_row += 1
        child.due_at = time.monotonic() + pause
        child.running = None
        self._say(
            f"{child.process.name} ended ({_reason(popen.returncode)}); starting it again in {pause:.1f} s."
        )
        if child.ends_in_a_row % 5 == 0:
            self._say(f"{child.process.name} keeps ending; {self._logs / child.process.name}.log says why.")

    def _write_list(self) -> None:
        identities = [[pid, _birth(pid)] for pid in self.process_ids().values()]
        self._list.write_text(json.dumps(identities))


def stop_leftovers(var: Path) -> int:
    """Stop what an earlier, killed run left behind and return how many processes that were."""
    try:
        identities = json.loads(_list_file(var).read_text())
    except (FileNotFoundError, ValueError):
        return 0
    # A number alone may belong to somebody else by now: number and birth are one process.
    left = [pid for pid, birth in identities if birth is not None and _birth(pid) == birth]
    for pid in left:
        end_process(pid, signals=((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, 5)))
        _signal_group(pid, signal.SIGKILL)
    _list_file(var).unlink(missing_ok=True)
    return len(left)


def _list_file(var: Path) -> Path:
    return var / "run" / "processes.json"


def _die_with(supervisor: int) -> None:
    """Runs in the child before exec."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != supervisor:
        os._exit(1)


def _birth(pid: int) -> str | None:
    """Return the tick of the kernel's clock at which a process was born."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None


def _reason(returncode: int) -> str:
    return f"signal {-returncode}" if returncode < 0 else f"status {returncode}"


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return
