"""Publishing packs: the folders become versioned rows, and a new version supersedes the old."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from swindow.problems import Problem, Refused
from tariffs.models import RegulationPack
from tariffs.pack_parsing import REGULATIONS, PackTexts, folder_packs
from tariffs.packs import Pack, compile_pack

# One publisher at a time: any constant that nothing else in the portal locks.
_PUBLISHING = 7_305_146


@dataclass(frozen=True, slots=True)
class PublishedPack:
    """What became of one folder: `is_new` where a version was published."""

    jurisdiction: str
    version: str
    sha256: str
    is_new: bool


def load_packs(root: Path = REGULATIONS, *, at: datetime | None = None) -> tuple[PublishedPack, ...]:
    """Publish every pack folder whose content is new; may be called again and again.

    Raises Refused where a content changed under a version already published, PackError where a pack is wrong.
    """
    texts = folder_packs(root)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PUBLISHING])
        return tuple([_publish(item, at=at or timezone.now()) for item in texts])


def _publish(texts: PackTexts, *, at: datetime) -> PublishedPack:
    pack = compile_pack(texts)
    is_known = RegulationPack.objects.filter(sha256=pack.sha256).exists()
    if not is_known:
        _refuse_same_version(pack)
        _supersede(pack, texts=texts, at=at)
    return PublishedPack(pack.jurisdiction, pack.version, pack.sha256, is_new=not is_known)


def _refuse_same_version(pack: Pack) -> None:
    if RegulationPack.objects.filter(jurisdiction=pack.jurisdiction, version=pack.version).exists():
        message = _("Pack %(pack)s %(version)s is already published with another content.") % {
            "pack": pack.jurisdiction,
            "version": pack.version,
        }
        raise Refused([Problem("version", "version_used", message, _("Raise the version in its pack.toml."))])


def _supersede(pack: Pack, *, texts: PackTexts, at: datetime) -> None:
    # The old row must stop being current before the new one may be: it points to the number drawn first.
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('tariffs_regulationpack', 'id'))")
        number = cursor.fetchone()[0]
    RegulationPack.objects.current().filter(jurisdiction=pack.jurisdiction).update(superseded_by_id=number)
    RegulationPack.objects.create(
        id=number,
        jurisdiction=pack.jurisdiction,
        version=pack.version,
        valid_from=pack.validity.valid_from or date.min,
        valid_to=pack.validity.valid_to,
        sha256=pack.sha256,
        content=dict(texts.files),
        published_at=at,
    )
