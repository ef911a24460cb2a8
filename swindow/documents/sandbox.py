"""Runs the sandboxed scripts: untrusted bytes go to a child process that may die, be slow or lie."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_START = Path(__file__).resolve().parent / "sandboxed" / "start.py"
_WALL_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a script answered: its head, and the bytes after it."""

    head: dict[str, Any]
    body: bytes


def run(script: str, *arguments: str, data: bytes) -> Answer | None:
    """Run a script of the sandbox on the data; None when it was killed, timed out or answered nonsense."""
    # Isolated and without our environment: no secret, no path of ours, nothing to import from here.
    command = [sys.executable, "-I", "-B", str(_START), script]
    try:
        done = subprocess.run(
            [*command, *arguments],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_WALL_SECONDS,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    line, newline, body = done.stdout.partition(b"\n")
    if done.returncode != 0 or not newline:
        return None
    return Answer(head=json.loads(line), body=body)
