"""Where the books of the law stand: the current ones, and every version published before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tariffs.lawbook import LawBook, known_book, open_book
from tariffs.models import RegulationPack
from tariffs.published import published_by_hash, published_shelf

_VERSION = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A version of a jurisdiction's law and when it was published."""

    version: str
    published_at: datetime


def current_books() -> Sequence[LawBook]:
    """Return the law in use of every jurisdiction; nothing is compiled for it."""
    return [open_book(texts) for texts in published_shelf()]


def book_named(code: str) -> LawBook | None:
    """Return the law in use of a country or of a union, whatever its letters' case; None without one."""
    code = code.upper()
    for texts in published_shelf():
        if code in (texts.head["jurisdiction"], *texts.head["countries"]):
            return open_book(texts)
    return None


def book_of_version(jurisdiction: str, *, version: str) -> LawBook | None:
    """Return a published version, superseded ones too; None where there is none of this name."""
    if not _VERSION.fullmatch(version):
        return None
    rows = RegulationPack.objects.filter(jurisdiction=jurisdiction, version=version)
    sha256 = rows.values_list("sha256", flat=True).first()
    if sha256 is None:
        return None
    texts = None if known_book(sha256) else published_by_hash(sha256)
    return open_book(texts) if texts else known_book(sha256)


def published_versions(jurisdiction: str) -> Sequence[PublishedVersion]:
    """Return the versions published so far, the newest first."""
    rows = RegulationPack.objects.filter(jurisdiction=jurisdiction).order_by("-published_at", "-pk")
    return [PublishedVersion(*row) for row in rows.values_list("version", "published_at")]
