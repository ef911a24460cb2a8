"""System checks of the wiring: what import contracts cannot see, because it stands in strings."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from swindow.periodic import PERIODIC
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


@register()
def check_periodic(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every periodic function resolves."""
    return [problem for _seconds, path in PERIODIC for problem in _unresolved("periodic", path)]


def _problems(kind: str, queue: str, path: str) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    if queue not in settings.QUEUES:
        problems.append(Error(f"{kind}: no worker serves the queue {queue}", id="swindow.E001"))
    return [*problems, *_unresolved(kind, path)]


def _unresolved(kind: str, path: str) -> list[CheckMessage]:
    try:
        import_string(path)
    except ImportError as error:
        return [Error(f"{kind}: {path} does not resolve ({error})", id="swindow.E002")]
    return []
