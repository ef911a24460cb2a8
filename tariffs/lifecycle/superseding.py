"""Putting one version in the place of the current one: the only door through which law gets published."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext as _

from swindow.problems import Problem, Refused
from tariffs.models import RegulationPack
from tariffs.packs import Pack

# One publisher at a time: any constant that nothing else in the portal locks.
_PUBLISHING = 7_305_146


def lock_publishing() -> None:
    """Wait until nobody else publishes; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PUBLISHING])


def refuse_used_version(pack: Pack) -> None:
    """Raise Refused where the pack's version is published already with another content."""
    if RegulationPack.objects.filter(jurisdiction=pack.jurisdiction, version=pack.version).exists():
        message = _("Pack %(pack)s %(version)s is already published with another content.") % {
            "pack": pack.jurisdiction,
            "version": pack.version,
        }
        raise Refused([Problem("version", "version_used", message, _("Raise the version in its pack.toml."))])


def supersede(pack: Pack, *, files: Mapping[str, str], at: datetime) -> RegulationPack:
    """Publish the pack and return its row; the caller holds the lock of publishing."""
    # The old row must stop being current before the new one may be: it points to the number drawn first.
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('tariffs_regulationpack', 'id'))")
        number = cursor.fetchone()[0]
    RegulationPack.objects.current().filter(jurisdiction=pack.jurisdiction).update(superseded_by_id=number)
    return RegulationPack.objects.create(
        id=number,
        jurisdiction=pack.jurisdiction,
        version=pack.version,
        valid_from=pack.validity.valid_from or date.min,
        valid_to=pack.validity.valid_to,
        sha256=pack.sha256,
        content=dict(files),
        published_at=at,
    )
