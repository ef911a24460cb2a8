"""Where the books of the law stand: the current ones, and every version published before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tariffs.lawbook import LawBook, known_book, open_book
from tariffs.models import RegulationPack
from tariffs.pack_parsing import PackTexts
from tariffs.packs import Pack, current_packs, folder_shelf
from tariffs.published import published_by_hash, published_shelf

_VERSION = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A version of a jurisdiction's law and when it was published; None for one that only a folder holds."""

    version: str
    published_at: datetime | None


def pack_named(code: str) -> Pack | None:
    """Return the current pack of a country or of a union, whatever its letters' case."""
    code = code.upper()
    return next((pack for pack in current_packs() if code in (pack.jurisdiction, *pack.countries)), None)


def book_of(pack: Pack) -> LawBook:
    """Return the book of a current pack; raises LookupError where its text is kept nowhere."""
    return known_book(pack.sha256) or open_book(_texts(pack))


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


def _texts(pack: Pack) -> PackTexts:
    # Folders first: they need no query, and hold most packs that are published.
    for shelf in (folder_shelf, published_shelf):
        for texts in shelf():
            if texts.sha256 == pack.sha256:
                return texts
    kept = published_by_hash(pack.sha256)
    if kept is None:
        raise LookupError(f"The text of {pack.jurisdiction} {pack.version} is not kept.")
    return kept
