"""Numbers to plant, a person who types them, and a search of everything that a portal left behind."""

import base64
import io
import re
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx
from PIL import Image
from stdnum.cn import ric
from stdnum.iso7064 import mod_97_10

from tests import builders
from tests.authenticator import code


def account(number: int) -> str:
    """Return a valid German account that nobody else uses."""
    body = f"{77000000 + number * 137:08d}{9100000000 + number * 99991:010d}"
    return f"DE{mod_97_10.calc_check_digits(f'{body}DE')}{body}"


def resident(number: int) -> str:
    """Return a valid number of a resident of China who does not exist."""
    body = f"33020319{70 + number:02d}0203{731 + number:03d}"
    return body + ric.calc_check_digit(f"{body}0")


def spoiled(number: str) -> str:
    """Return a number with one wrong digit, as people type it."""
    return f"{number[:-2]}{(int(number[-2]) + 1) % 10}{number[-1]}"


def spellings(number: str) -> set[bytes]:
    """Return how a number may stand in a file: plain, in groups, escaped, base64 and hexadecimal."""
    groups = [" ".join(number[at : at + 4] for at in range(0, len(number), 4)), number.lower()]
    plain = {text.encode() for text in (number, *groups)}
    hexed = {text.hex().encode() for text in plain} | {text.hex().upper().encode() for text in plain}
    wide = number.encode("utf-16-le")
    escaped = {"".join(f"\\u{ord(one):04x}" for one in number).encode()}
    return plain | hexed | escaped | {wide} | _in_base64(number.encode())


def _in_base64(text: bytes) -> set[bytes]:
    """Return what stays the same of a text wherever it begins within a group of three bytes."""
    found = set()
    for lead in range(3):
        whole = base64.b64encode(b"\0" * lead + text)
        found.add(whole[-(-lead * 4 // 3) : (lead + len(text)) // 3 * 4])
    return found | {piece.replace(b"+", b"-").replace(b"/", b"_") for piece in found}


def picture() -> bytes:
    """Return a small picture to upload."""
    data = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(data, "PNG")
    return data.getvalue()


class Visitor:
    """A person at the real pages, without a browser: forms are read and posted over HTTP."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=60, trust_env=False, follow_redirects=True)

    def sign_in(self, email: str) -> None:
        """Give address, password and the code of the app."""
        self.post("/accounts/login/", {"login": email, "password": builders.PASSWORD})
        page = self.post("/accounts/2fa/authenticate/", {"code": code()})
        assert "account_logout" in page.text or "/accounts/logout/" in page.text, page.text[:2000]

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return self._http.get(path)

    def post(
        self, path: str, fields: dict[str, str], files: dict[str, bytes] | None = None
    ) -> httpx.Response:
        """Open a page and send its form."""
        page = self._http.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token, f"no form at {path}: {page.status_code}"
        sent = {name: (f"{name}.png", data, "image/png") for name, data in (files or {}).items()}
        headers = {"Referer": str(self._http.base_url) + path}
        fields = fields | {"csrfmiddlewaretoken": token.group(1)}
        return self._http.post(path, data=fields, files=sent or None, headers=headers)


def haystacks(folder: Path, *, dump: bytes, sessions: list[str], keys: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield by name everything to search: the dump, each session opened, the broker's keys, every file."""
    yield "dump of the database", dump
    yield "sessions", b"\n".join(map(_opened, sessions))
    yield "keys of the broker", keys
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            yield str(file.relative_to(folder)), file.read_bytes()
            if file.suffix == ".pdf":
                yield f"words of {file.name}", _words_of(file)


def _opened(session: str) -> bytes:
    """Return a session's data, which Django signs and packs."""
    packed = session.rsplit(":", 2)[0]
    data = base64.urlsafe_b64decode(packed.lstrip(".") + "==")
    return zlib.decompress(data) if packed.startswith(".") else data


def _words_of(file: Path) -> bytes:
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True).stdout
    info = subprocess.run(["pdfinfo", "-meta", str(file)], capture_output=True, check=True).stdout
    return text + info
