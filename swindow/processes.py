"""ONE table of the portal's processes: `make run` starts them, docker-compose.yml lists them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# The same names as settings.QUEUES; a test holds the two equal. The supervisor must not need Django.
QUEUES = ("customs", "tax", "quarantine", "port", "documents", "notify", "registry")


@dataclass(frozen=True)
class Process:
    """One long-running process: `python` stands first in every command."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def processes(*, bind: str) -> tuple[Process, ...]:
    """Return every process; `bind` is the web server's address, such as 127.0.0.1:8000."""
    return (_web(bind), *(_worker(queue) for queue in QUEUES), _scheduler())


def _web(bind: str) -> Process:
    command = ("python", "-m", "gunicorn", "swindow.wsgi", "--preload", "--workers", "2", "--threads", "4")
    # Gunicorn would put a control socket into the home folder.
    quiet = ("--no-control-socket", "--timeout", "60", "--graceful-timeout", "15", "--bind", bind)
    return Process("web", (*command, *quiet))


def _worker(queue: str) -> Process:
    # Solo: prefork and thread workers exit when the broker restarts under them (docs/operators.md).
    command = (
        "python",
        "-m",
        "celery",
        "-A",
        "swindow.worker",
        "worker",
        "-P",
        "solo",
        "-c",
        "1",
        "-Q",
        queue,
    )
    lean = ("-n", f"{queue}@%h", "--without-gossip", "--without-mingle", "--without-heartbeat")
    return Process(f"worker-{queue}", (*command, *lean, "--loglevel", "INFO"))


def _scheduler() -> Process:
    return Process("scheduler", ("python", "manage.py", "run_scheduler"))
