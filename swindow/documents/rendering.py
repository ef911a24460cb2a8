"""HTML to PDF by WeasyPrint, in a child of the worker: warm fonts, bounded time and memory.

Importing this module costs about a second and 200 MB: only the worker that issues papers does so.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import weasyprint
from django.conf import settings
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from swindow.documents.child_process import ChildProcess
from swindow.documents.errors import PaperRefused
from swindow.documents.rules import html_problems

SECONDS = 60
MEMORY_BYTES = 512 * 1024 * 1024
JOBS_OF_A_CHILD = 200
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
    answer = _child.ask((html, dict(assets)), seconds=SECONDS)
    if not isinstance(answer, Rendered):
        raise PaperRefused([str(answer or "laying out took too much time or memory")])
    return answer


def _try_to_render(job: tuple[str, Mapping[str, bytes]]) -> Rendered | str:
    html, assets = job
    try:
        return _render(html, assets=assets)
    # Derived from BaseException, so that WeasyPrint itself does not swallow it.
    except FatalURLFetchingError as error:
        return str(error)
    except MemoryError:
        return "laying out took too much memory"
    except RecursionError:
        return "the page is nested too deeply"


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


_child = ChildProcess(_try_to_render, memory_bytes=lambda: MEMORY_BYTES, jobs=JOBS_OF_A_CHILD)
