"""A system check: a portal that people use brings the keys of its vault."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from swindow.vault.errors import KeysMissing
from swindow.vault.keys import index_keys, master_keys


@register()
def check_keys(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Both rings of keys can be read; a developer's own commands need none."""
    if settings.DEBUG and not settings.MASTER_KEYS:
        return []
    return [*_problems(master_keys, "vault.E001"), *_problems(index_keys, "vault.E002")]


def _problems(ring: Any, number: str) -> list[CheckMessage]:
    try:
        ring()
    except (KeysMissing, OSError) as error:
        return [Error(str(error), id=number)]
    return []
