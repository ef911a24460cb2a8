"""The copy of a person's data: one JSON file for each kind and a page of words, in a ZIP, stored sealed."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import translation

from swindow.accounts.models import User
from swindow.documents import storage
from swindow.personal_data import CATALOGUE, DataKind
from swindow.privacy.lifecycle import finish_copy
from swindow.privacy.models import DataCopy
from swindow.vault.keys import unwrap, wrap

_README = "README.txt"


def make_copy(copy: DataCopy, *, at: datetime) -> bool:
    """Collect and store one copy; False when another worker was first. Raises StorageUnavailable."""
    data = archive_of(copy.person, at=at)
    key = f"copies/{copy.reference}.zip.sealed"
    # Sealed, because a copy of the file store must not be a copy of everybody's data.
    storage.put(key, wrap(data, bound_to=_binding(copy)))
    return finish_copy(copy, storage_key=key, sha256=storage.sha256_of(data), size=len(data), at=at)


def read_copy(copy: DataCopy) -> bytes:
    """Return the ZIP of a copy that is ready; raises StorageUnavailable or Unreadable."""
    return unwrap(storage.get(copy.storage_key), bound_to=_binding(copy))


def archive_of(person: User, *, at: datetime) -> bytes:
    """Return a ZIP of everything that the catalogue knows about a person, in the person's language."""
    target = io.BytesIO()
    with translation.override(person.preferred_language), zipfile.ZipFile(target, "w") as archive:
        context = {"person": person, "kinds": CATALOGUE, "at": at}
        _write(archive, _README, render_to_string("privacy/copy_readme.txt", context))
        for kind in CATALOGUE:
            _write(archive, f"{kind.name}.json", json_of(kind, person=person))
    return target.getvalue()


def json_of(kind: DataKind, *, person: User) -> str:
    """Return one kind with its rows, its purpose and how long it is kept."""
    facts: dict[str, Any] = {
        "kind": kind.name,
        "what": kind.label,
        "purpose": kind.purpose,
        "kept_because": kind.keeping.ground,
        "rows": list(kind.provider.rows(person.pk)),
    }
    return json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _write(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(name, text.encode(), compress_type=zipfile.ZIP_DEFLATED)


def _binding(copy: DataCopy) -> str:
    return f"privacy_datacopy|{copy.reference}"
