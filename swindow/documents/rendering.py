"""HTML to PDF by WeasyPrint, in a forked child of the worker: warm fonts, bounded time and memory.

Importing this module costs about a second and 200 MB: only the worker that issues papers does so.
"""

import logging
import os
import pickle
import resource
import select
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

import weasyprint
from django.conf import settings
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from swindow.documents.errors import PaperRefused
from swindow.documents.rules import html_problems

SECONDS = 60
MEMORY_BYTES = 512 * 1024 * 1024
_SCHEME = "asset:"
_STYLE_FOLDER = Path(settings.BASE_DIR) / "static" / "documents"
# Seven lines a paper, which say nothing.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
_CONTENT_TYPES = {".ttf": "font/ttf", ".png": "image/png"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A PDF, what it asked for and did not get, and characters that no font has."""

    pdf: bytes
    refused_urls: tuple[str, ...]
    missing_characters: str


class MemoryFetcher(URLFetcher):
    """Serves `asset:` addresses from memory and refuses, and remembers, every other."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self._assets = assets
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return an asset, else stop the rendering, because WeasyPrint drops a missing image silently."""
        name = url.removeprefix(_SCHEME)
        if not url.startswith(_SCHEME) or name not in self._assets:
            self.refused.append(url[:200])
            raise FatalURLFetchingError(f"not an asset of this paper: {url[:200]}")
        content_type = _CONTENT_TYPES.get(Path(name).suffix, "application/octet-stream")
        return URLFetcherResponse(url, self._assets[name], {"Content-Type": content_type})


class _MissingCharacters(logging.Handler):
    """Collects WeasyPrint's warnings about characters without a glyph."""

    def __init__(self) -> None:
        super().__init__()
        self.found = ""

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(".notdef glyph") and isinstance(record.args, tuple):
            self.found += str(record.args[0])


def render(html: str, *, assets: Mapping[str, bytes]) -> Rendered:
    """Lay the page out; raises PaperRefused when it is too heavy, too slow or asks for anything else."""
    if problems := html_problems(html):
        raise PaperRefused(problems)
    _warm_up()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _work_and_exit(html, assets=assets, writer=writer)
    os.close(writer)
    try:
        answer = _receive(reader)
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if not isinstance(answer, Rendered):
        raise PaperRefused([str(answer or "laying out took too much time or memory")])
    return answer


def _receive(reader: int) -> object:
    deadline = time.monotonic() + SECONDS
    received = bytearray()
    while (left := deadline - time.monotonic()) > 0 and select.select([reader], [], [], left)[0]:
        chunk = os.read(reader, 1 << 20)
        if not chunk:
            # Our own child wrote this; an incomplete answer means that it was killed.
            return pickle.loads(received[1:]) if received[:1] == b"+" else None  # noqa: S301
        received += chunk
    return None


def _work_and_exit(html: str, *, assets: Mapping[str, bytes], writer: int) -> NoReturn:
    # Nothing of the parent may run here: no handlers, no clean-up, no database connection.
    status = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        _limit_child()
        answer = pickle.dumps(_try_to_render(html, assets=assets))
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(b"+" + answer)
        status = 0
    finally:
        os._exit(status)


def _try_to_render(html: str, *, assets: Mapping[str, bytes]) -> Rendered | str:
    try:
        return _render(html, assets=assets)
    except FatalURLFetchingError as error:
        return str(error)
    except MemoryError:
        return "laying out took too much memory"
    except RecursionError:
        return "the page is nested too deeply"


def _limit_child() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    usage = Path("/proc/self/statm")
    if usage.exists():
        now = int(usage.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY_BYTES, now + MEMORY_BYTES))


def _render(html: str, *, assets: Mapping[str, bytes]) -> Rendered:
    fonts, style = _style()
    fetcher = MemoryFetcher(assets)
    missing = _MissingCharacters()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(missing)
    try:
        document = weasyprint.HTML(string=html, url_fetcher=fetcher).render(
            stylesheets=[style], font_config=fonts
        )
        pdf = document.write_pdf(pdf_tags=True)
    finally:
        logger.removeHandler(missing)
    return Rendered(pdf=pdf, refused_urls=tuple(fetcher.refused), missing_characters=missing.found)


@cache
def _style() -> tuple[FontConfiguration, weasyprint.CSS]:
    fonts = FontConfiguration()
    fetcher = MemoryFetcher({path.name: path.read_bytes() for path in _STYLE_FOLDER.glob("fonts/*.ttf")})
    sheet = (_STYLE_FOLDER / "paper.css").read_text()
    return fonts, weasyprint.CSS(string=sheet, font_config=fonts, url_fetcher=fetcher)


@cache
def _warm_up() -> None:
    # The first page loads and caches the fonts, which every child then inherits.
    _render('<html lang="en"><title>.</title><p>Warm <b>warm</b> 暖 <b>暖</b></p>', assets={})
