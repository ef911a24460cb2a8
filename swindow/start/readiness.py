"""Ask each process whether it is ready for work."""

import urllib.error
import urllib.request

from celery import Celery

from swindow.processes import QUEUES


def not_ready(*, address: str, broker: str) -> list[str]:
    """Return the names of the processes that do not answer yet."""
    waiting = [] if _web_is_ready(address) else ["web"]
    return [*waiting, *_silent_workers(broker)]


def _web_is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _silent_workers(broker: str) -> list[str]:
    # An application of its own, because the portal's would load all settings just to say "ping".
    app = Celery("readiness", broker=broker, set_as_current=False)
    app.conf.broker_transport_options = {"socket_connect_timeout": 2, "socket_timeout": 5}
    try:
        replies = app.control.ping(timeout=0.5, limit=len(QUEUES)) or []
    except OSError:
        replies = []
    finally:
        app.close()
    heard = {name.split("@")[0] for reply in replies for name in reply}
    return [f"worker-{queue}" for queue in QUEUES if queue not in heard]
