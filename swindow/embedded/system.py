"""What the operating system says about running servers; read from /proc, so Linux only."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

LOG_BYTES = 10 * 1024 * 1024


def process_with_argument(argument: str, *, program: str) -> int | None:
    """Return the id of the running program that was given this argument, or None."""
    for pid, words in _command_lines():
        if argument in words[1:] and Path(words[0]).name == program:
            return pid
    return None


def processes_titled(prefix: str) -> list[int]:
    """Return the ids of processes whose title starts so."""
    return [pid for pid, words in _command_lines() if words[0].startswith(prefix)]


def is_alive(pid: int) -> bool:
    """Say whether a process runs; a dead one that nobody has collected does not."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    # Not by its command line: that is empty for a moment while a process becomes another program.
    return text.rpartition(")")[2].split()[0] not in ("Z", "X")


def end_process(pid: int, *, signals: tuple[tuple[signal.Signals, float], ...]) -> None:
    """Send each signal in turn and wait its seconds, until the process has ended."""
    for number, seconds in signals:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not is_alive(pid):
                return
            time.sleep(0.02)


def open_log(log: Path) -> int:
    """Set a long log aside and return the length of the current one in bytes."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return log.stat().st_size if log.exists() else 0


def _command_lines() -> Iterator[tuple[int, list[str]]]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            raw = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        words = raw.rstrip(b"\0").decode(errors="replace").split("\0")
        if words != [""]:
            yield int(entry.name), words
