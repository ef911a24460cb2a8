"""The virus scanner: ClamAV's INSTREAM over its socket, when SWINDOW_CLAMD names one."""

import socket
import struct
from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings

_CHUNK = 64 * 1024
_SECONDS = 10


class Verdict(Enum):
    """What the scanner said of the bytes."""

    CLEAN = "clean"
    INFECTED = "infected"
    NO_ANSWER = "no answer"
    NO_SCANNER = "no scanner"


def scan(data: bytes) -> Verdict:
    """Ask the scanner; anything but a clear answer is NO_ANSWER, and the file must wait."""
    if not settings.CLAMD_URL:
        return Verdict.NO_SCANNER
    try:
        reply = _ask(data)
    except OSError:
        return Verdict.NO_ANSWER
    if reply == b"stream: OK":
        return Verdict.CLEAN
    return Verdict.INFECTED if reply.endswith(b" FOUND") else Verdict.NO_ANSWER


def _ask(data: bytes) -> bytes:
    with _connect() as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK]
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
        reply = b""
        while not reply.endswith(b"\0") and len(reply) < 4096:
            more = connection.recv(4096)
            if not more:
                break
            reply += more
    return reply.rstrip(b"\0")


def _connect() -> socket.socket:
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme == "unix":
        return _connect_local(address.path)
    return socket.create_connection((address.hostname or "127.0.0.1", address.port or 3310), _SECONDS)


def _connect_local(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_SECONDS)
    try:
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection
