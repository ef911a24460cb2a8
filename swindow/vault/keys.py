"""The master keys that wrap other keys, and the index keys that make equal values findable.

SWINDOW_MASTER_KEYS and SWINDOW_INDEX_KEYS are lists like `2:BASE64,1:BASE64` of 32-byte keys: the first
seals, every one opens. A demo makes its own once, in VAR_DIR/keys.
"""

import base64
import binascii
import contextlib
import functools
import os
import re
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from swindow.vault.errors import KeysMissing, Unreadable

KEY_BYTES = 32
NONCE_BYTES = 12
_TAG_BYTES = 16
_FORM = b"\x01"
_NAME = re.compile(r"[0-9A-Za-z]{1,16}")


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by name; the newest is the one that seals."""

    newest: str
    keys: dict[str, bytes]

    def __repr__(self) -> str:
        # A traceback or a log shows the names only.
        return f"KeyRing({', '.join(self.keys)})"


def master_keys() -> KeyRing:
    """Return the keys that wrap; raises KeysMissing."""
    return _ring("SWINDOW_MASTER_KEYS", settings.MASTER_KEYS)


def index_keys() -> KeyRing:
    """Return the keys of the blind index; raises KeysMissing."""
    return _ring("SWINDOW_INDEX_KEYS", settings.INDEX_KEYS)


def wrap(value: bytes, *, bound_to: str = "") -> bytes:
    """Seal bytes under the newest master key; only `unwrap` with the same `bound_to` opens them."""
    ring = master_keys()
    name = ring.newest.encode()
    head = _FORM + bytes([len(name)]) + name
    return head + encrypt(ring.keys[ring.newest], value, bound_to=_binding(head, bound_to))


def unwrap(sealed: bytes, *, bound_to: str = "") -> bytes:
    """Open what `wrap` sealed; raises Unreadable, also when its master key is no longer here."""
    head, body = _split(sealed)
    key = master_keys().keys.get(head[2:].decode())
    if key is None:
        raise Unreadable(f"Master key {head[2:].decode()} is not in SWINDOW_MASTER_KEYS: bring it back.")
    return decrypt(key, body, bound_to=_binding(head, bound_to))


def wrapped_by(sealed: bytes) -> str:
    """Return the name of the master key that wrapped the bytes; raises Unreadable."""
    return _split(sealed)[0][2:].decode()


def encrypt(key: bytes, value: bytes, *, bound_to: bytes) -> bytes:
    """Return nonce, ciphertext and tag of AES-256-GCM."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, value, bound_to)


def decrypt(key: bytes, sealed: bytes, *, bound_to: bytes) -> bytes:
    """Open what `encrypt` sealed for the same place; raises Unreadable and never returns what is stored."""
    if len(sealed) < NONCE_BYTES + _TAG_BYTES:
        raise Unreadable("A sealed value is cut short.")
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except InvalidTag:
        # Nothing of the cause is kept: its frames hold what was read.
        raise Unreadable("A sealed value was altered, moved, or sealed under another key.") from None


def new_key_line(name: str) -> str:
    """Return a fresh key as the environment spells it."""
    return f"{name}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def _binding(head: bytes, bound_to: str) -> bytes:
    return head + bound_to.encode()


def _split(sealed: bytes) -> tuple[bytes, bytes]:
    if len(sealed) < 3 or sealed[:1] != _FORM or not _NAME.fullmatch(_text(sealed[2 : 2 + sealed[1]])):
        raise Unreadable("A wrapped key is not in the form of this vault.")
    end = 2 + sealed[1]
    return sealed[:end], sealed[end:]


def _text(name: bytes) -> str:
    return name.decode("ascii", errors="replace")


def _ring(variable: str, text: str) -> KeyRing:
    if text:
        return _parsed(variable, text)
    if not settings.DEMO:
        raise KeysMissing(f"{variable} is empty: give it keys like 1:BASE64 (32 random bytes), newest first.")
    return _parsed(variable, _demo_text(variable))


@functools.lru_cache(maxsize=8)
def _parsed(variable: str, text: str) -> KeyRing:
    keys: dict[str, bytes] = {}
    for part in text.replace("\n", ",").split(","):
        name, _, encoded = part.strip().partition(":")
        key = _decoded(encoded)
        if not _NAME.fullmatch(name) or name in keys or len(key) != KEY_BYTES:
            raise KeysMissing(
                f"{variable} is not a list of keys: write 2:BASE64,1:BASE64 with other names "
                "and 32 random bytes each."
            ) from None
        keys[name] = key
    return KeyRing(newest=next(iter(keys)), keys=keys)


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _demo_text(variable: str) -> str:
    file = settings.VAR_DIR / "keys" / variable.lower()
    if not file.is_file():
        _make_once(file, text=lambda: new_key_line("1"))
    return file.read_text().strip()


def _make_once(file: Path, *, text: Callable[[], str]) -> None:
    """Write a private file unless it is there; of several processes the first one's stays."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "w") as target:
            target.write(text())
            target.flush()
            os.fsync(target.fileno())
        # A link appears whole and never replaces another.
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        Path(draft).unlink()
