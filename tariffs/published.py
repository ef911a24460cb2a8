"""The shelf of a running portal: published rows, looked at again every few seconds."""

import time
from collections.abc import Sequence

from tariffs.models import RegulationPack
from tariffs.pack_parsing import PackTexts
from tariffs.packs import folder_shelf

# A newly published version is used by every process this many seconds later at the latest.
LOOK_AGAIN_SECONDS = 5.0


class _Looked:
    """What this process saw last: the hashes of the current rows, and the texts it has read."""

    at: float = float("-inf")
    hashes: tuple[str, ...] = ()
    texts: dict[str, PackTexts] = {}


def published_shelf() -> Sequence[PackTexts]:
    """Return the current published packs; the folders' while nothing is published yet."""
    now = time.monotonic()
    if now - _Looked.at >= LOOK_AGAIN_SECONDS:
        rows = RegulationPack.objects.current().order_by("jurisdiction")
        _Looked.hashes = tuple(rows.values_list("sha256", flat=True))
        _Looked.at = now
    if not _Looked.hashes:
        return folder_shelf()
    return [_texts(sha256) for sha256 in _Looked.hashes]


def published_by_hash(sha256: str) -> PackTexts | None:
    """Return any published version, superseded ones too."""
    content = RegulationPack.objects.filter(sha256=sha256).values_list("content", flat=True).first()
    return None if content is None else PackTexts(files=content)


def forget() -> None:
    """Look at the rows again on the next call, for example after publishing."""
    _Looked.at = float("-inf")


def _texts(sha256: str) -> PackTexts:
    texts = _Looked.texts.get(sha256)
    if texts is None:
        texts = published_by_hash(sha256)
        if texts is None:
            raise LookupError(f"The regulation pack {sha256} disappeared.")
        _Looked.texts[sha256] = texts
    return texts
