"""Publishing packs: the folders become versioned rows, and a new version supersedes the old."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from tariffs.lifecycle.superseding import lock_publishing, refuse_used_version, supersede
from tariffs.models import RegulationPack
from tariffs.pack_parsing import REGULATIONS, PackTexts, folder_packs
from tariffs.packs import compile_pack


@dataclass(frozen=True, slots=True)
class PublishedPack:
    """What became of one folder: `is_new` where a version was published.

    `behind` is the version that officers published since and that the folder has not taken in: it stays law.
    """

    jurisdiction: str
    version: str
    sha256: str
    is_new: bool
    behind: str = ""


def load_packs(root: Path = REGULATIONS, *, at: datetime | None = None) -> tuple[PublishedPack, ...]:
    """Publish every pack folder whose content is new; may be called again and again.

    Raises Refused where a content changed under a version already published, PackError where a pack is wrong.
    """
    texts = folder_packs(root)
    with transaction.atomic():
        lock_publishing()
        return tuple([_publish(item, at=at or timezone.now()) for item in texts])


def _publish(texts: PackTexts, *, at: datetime) -> PublishedPack:
    pack = compile_pack(texts)
    is_known = RegulationPack.objects.filter(sha256=pack.sha256).exists()
    behind = "" if is_known else _officers_version(texts)
    is_new = not is_known and not behind
    if is_new:
        refuse_used_version(pack)
        supersede(pack, files=texts.files, at=at)
    return PublishedPack(pack.jurisdiction, pack.version, pack.sha256, is_new=is_new, behind=behind)


def _officers_version(texts: PackTexts) -> str:
    """Return the current version if officers published it and the folder does not say that it takes it in."""
    current = RegulationPack.objects.current().filter(jurisdiction=texts.head["jurisdiction"])
    version = current.filter(draft__isnull=False).values_list("version", flat=True).first()
    return version if version and version != texts.head.get("takes_in") else ""
