"""System checks of the wiring: what import contracts cannot see, because it stands in strings."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from swindow.subscriptions import SUBSCRIPTIONS


@register()
def check_subscriptions(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every handler path resolves and every queue has a worker."""
    return [
        problem
        for kind, listeners in SUBSCRIPTIONS.items()
        for queue, path in listeners
        for problem in _problems(kind, queue, path)
    ]


def _problems(kind: str, queue: str, path: str) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    if queue not in settings.QUEUES:
        problems.append(Error(f"{kind}: no worker serves the queue {queue}", id="swindow.E001"))
    try:
        import_string(path)
    except ImportError as error:
        problems.append(Error(f"{kind}: {path} does not resolve ({error})", id="swindow.E002"))
    return problems
