"""Second factors under the newest master key, for `manage.py rotate_keys`."""

import base64
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from swindow.vault.errors import Unreadable
from swindow.vault.keys import master_keys, wrapped_by

_BATCH = 500
_ONE, _SEVERAL = ("secret", "seed"), "migrated_codes"


def rewrap_second_factors() -> int:
    """Seal the secrets of authenticator apps and recovery codes anew, batch by batch; return how many."""
    done, after = 0, 0
    while keys := list(_after(after)):
        done += _rewrap(keys)
        after = keys[-1]
    return done


def _after(key: int) -> Any:
    rows = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).filter(pk__gt=key)
    return rows.order_by("pk").values_list("pk", flat=True)[:_BATCH]


@transaction.atomic
def _rewrap(keys: list[int]) -> int:
    changed = []
    for factor in Authenticator.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        fresh = {name: _fresh(name, value) for name, value in factor.data.items()}
        if fresh != factor.data:
            factor.data = fresh
            changed.append(factor)
    Authenticator.objects.bulk_update(changed, ["data"])
    return len(changed)


def _fresh(name: str, value: Any) -> Any:
    if name == _SEVERAL:
        return [_resealed(one) for one in value]
    return _resealed(value) if name in _ONE else value


def _resealed(sealed: str) -> str:
    """Return a secret under the newest key; one that is there already, or unreadable, as it is."""
    try:
        if wrapped_by(base64.b64decode(sealed)) == master_keys().newest:
            return sealed
        adapter = get_adapter()
        return str(adapter.encrypt(adapter.decrypt(sealed)))
    except (Unreadable, ValueError):
        return sealed
