"""A forked child that is kept for many jobs: warm like a thread, killed like a process."""

import os
import pickle
import resource
import select
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

_HEAD = 8
_CHUNK = 1 << 20


@dataclass(slots=True)
class _Child:
    pid: int
    owner: int
    to_child: int
    from_child: int
    jobs: int = 0


class ChildProcess:
    """Runs one function in a child; a job that takes too long or too much memory costs the child, not us."""

    def __init__(self, work: Callable[[Any], Any], *, memory_bytes: Callable[[], int], jobs: int) -> None:
        self._work, self._memory_bytes, self._jobs = work, memory_bytes, jobs
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def ask(self, job: object, *, seconds: float) -> Any:
        """Return the answer to a job, or None when the child died of it or the time was over."""
        with self._lock:
            child = self._ready()
            child.jobs += 1
            answer = _exchange(child, job, seconds=seconds)
            if answer is None or child.jobs >= self._jobs:
                self._end()
            return answer

    def stop(self) -> None:
        """End the child; the next job gets a new one."""
        with self._lock:
            self._end()

    def _ready(self) -> _Child:
        if self._child and self._child.owner != os.getpid():
            # We are a fork ourselves: the child belongs to our parent.
            self._close(self._child)
        if self._child is None:
            self._child = self._start()
        return self._child

    def _start(self) -> _Child:
        read_job, write_job = os.pipe()
        read_answer, write_answer = os.pipe()
        owner = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._live(read_job, write_answer)
        os.close(read_job)
        os.close(write_answer)
        return _Child(pid=pid, owner=owner, to_child=write_job, from_child=read_answer)

    def _live(self, jobs: int, answers: int) -> NoReturn:
        # Nothing of the parent may run here: no handlers, no clean-up, no database connection. When the
        # parent dies, however it dies, the pipe of jobs ends and so does this process.
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            _close_all_but(jobs, answers)
            _limit_memory(self._memory_bytes())
            while (job := _receive(jobs, deadline=None)) is not None:
                _send(answers, self._work(job))
        finally:
            os._exit(0)

    def _end(self) -> None:
        child = self._child
        if child:
            self._close(child)
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)

    def _close(self, child: _Child) -> None:
        os.close(child.to_child)
        os.close(child.from_child)
        self._child = None


def _exchange(child: _Child, job: object, *, seconds: float) -> Any:
    try:
        _send(child.to_child, job)
    except BrokenPipeError:
        return None
    return _receive(child.from_child, deadline=time.monotonic() + seconds)


def _send(pipe: int, message: object) -> None:
    data = pickle.dumps(message)
    rest = memoryview(len(data).to_bytes(_HEAD) + data)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def _receive(pipe: int, *, deadline: float | None) -> Any:
    head = _read(pipe, _HEAD, deadline=deadline)
    data = _read(pipe, int.from_bytes(head), deadline=deadline) if head else b""
    # Both ends are this program; what a paper says travels as text inside.
    return pickle.loads(data) if data else None  # noqa: S301


def _read(pipe: int, size: int, *, deadline: float | None) -> bytes:
    """Return that many bytes, or none when the other end is gone or the time is over."""
    data = bytearray()
    while len(data) < size:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        if not select.select([pipe], [], [], left)[0]:
            return b""
        chunk = os.read(pipe, min(_CHUNK, size - len(data)))
        if not chunk:
            return b""
        data += chunk
    return bytes(data)


def _close_all_but(*kept: int) -> None:
    # Standard input, output and errors stay; a socket left open would outlive a killed parent.
    low, high = sorted(kept)
    os.closerange(3, low)
    os.closerange(low + 1, high)
    os.closerange(high + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _limit_memory(more: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    usage = Path("/proc/self/statm")
    if usage.exists():
        now = int(usage.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + more, now + more))
