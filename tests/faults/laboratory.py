"""A portal of its own for the fault tests: private PostgreSQL and Valkey, and the real process table.

Nothing here is shared with other tests, so that everything may be killed.
"""

import contextlib
import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import psycopg2
import redis

from swindow import embedded
from swindow.embedded.system import end_process, is_alive
from swindow.processes import QUEUES, Process, processes
from swindow.start.supervisor import Supervisor

ROOT = Path(__file__).resolve().parents[2]
WORKERS = tuple(f"worker-{queue}" for queue in QUEUES)
# Short, so that a killed worker's work is free again soon; the portal's own default is 45.
LEASE_SECONDS = 4
_ANSWERED_WITHIN = 120


class Laboratory:
    """One running portal; its supervisors tick while the test waits for something."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.servers = embedded.start(var)
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = self._environment()
        self._supervisors: dict[str, Supervisor] = {}
        # One mapping a process, changed between two lives of the process.
        self._failpoints: dict[str, dict[str, str]] = {}
        self.said: list[str] = []
        self.token = self.file = ""

    def prepare(self) -> None:
        """Migrate, collect static files, and let the seller in."""
        self.manage("prepare_database", "--verbosity=0", SWINDOW_AS_OWNER="1")
        self.manage_all("make_signing_key", "collectstatic --noinput --verbosity=0")
        self.token, self.file = self.seller("open-shop")

    def start(self, *names: str) -> None:
        """Start these processes of the table, each under a supervisor of its own."""
        for process in processes(bind=f"127.0.0.1:{self.port}"):
            if process.name in names and process.name not in self._supervisors:
                self._supervisors[process.name] = self._supervise(process)

    def start_everything(self) -> None:
        """Start the whole table and wait until the web server answers and every worker listens."""
        self.start(*names())
        self.wait_until(self.is_served, seconds=_ANSWERED_WITHIN)
        self.wait_until(lambda: self.ready_workers() == len(WORKERS), seconds=_ANSWERED_WITHIN)

    def stop(self, *names: str) -> None:
        """Stop these processes, politely."""
        for name in names or tuple(self._supervisors):
            supervisor = self._supervisors.pop(name)
            supervisor.grace_seconds = 5.0
            supervisor.stop()

    def close(self) -> None:
        """Stop everything and remove all data."""
        self.stop()
        embedded.remove(self.var)

    def pid(self, name: str) -> int | None:
        """Return the id of a process of the table, None between two lives."""
        return self._supervisors[name].process_ids().get(name)

    def kill(self, name: str) -> None:
        """SIGKILL a process from outside and wait until its supervisor has noticed."""
        pid = self.pid(name)
        assert pid is not None, f"{name} was dead already"
        os.kill(pid, signal.SIGKILL)
        noticed = len(self.said)
        self.wait_until(lambda: len(self.said) > noticed, seconds=5)

    def set_failpoint(self, name: str, *, point: str) -> Path:
        """Let a worker's next life end at `point`; return the file that is gone when that has happened."""
        token = self.var / f"{name}-{point}-{time.monotonic_ns()}"
        token.touch()
        self._failpoints.setdefault(name, {})["SWINDOW_FAILPOINT"] = f"{point}:{token}"
        return token

    def tick(self) -> None:
        """Let the supervisors look after their processes."""
        for supervisor in self._supervisors.values():
            supervisor.tick()

    def wait_until(self, condition: Callable[[], bool], *, seconds: float) -> float:
        """Wait for something, ticking; return the seconds that it took, fail when it does not come."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            self.tick()
            with contextlib.suppress(psycopg2.OperationalError, redis.ConnectionError):
                if condition():
                    return time.monotonic() - began
            time.sleep(0.1)
        raise AssertionError(f"not within {seconds} s; open work: {self.open_work()}; said: {self.said}")

    def query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Read from the database past the portal."""
        connection = psycopg2.connect(self.servers.database_owner_url, connect_timeout=5)
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()

    def one(self, statement: str, *parameters: Any) -> Any:
        """Read one value."""
        return self.query(statement, *parameters)[0][0]

    def broker(self) -> redis.Redis:
        """Return a client of the broker."""
        return redis.Redis.from_url(self.servers.redis_url, socket_timeout=2)

    def kill_broker(self) -> None:
        """SIGKILL the broker; `start_servers` starts it again on its data."""
        assert self.servers.broker_pid is not None
        end_process(self.servers.broker_pid, signals=((signal.SIGKILL, 5),))

    def stop_database(self, number: signal.Signals) -> None:
        """Stop PostgreSQL: SIGINT is its fast way, SIGQUIT its immediate one; `start_servers` follows."""
        assert self.servers.database_pid is not None
        end_process(self.servers.database_pid, signals=((number, 30),))
        assert not is_alive(self.servers.database_pid)

    def start_servers(self) -> None:
        """Start what is dead of PostgreSQL and Valkey, at the same addresses."""
        before = self.servers.environment()
        self.servers = embedded.start(self.var, say=self.said.append)
        assert self.servers.environment() == before

    def manage(self, *words: str, **more: str) -> str:
        """Run a management command; fail with what it said."""
        return self._run([sys.executable, "manage.py", *words], more)

    def manage_all(self, *commands: str) -> str:
        """Run several management commands in one process: each start of Django takes seconds."""
        calls = [f"call_command(*{command.split()!r})" for command in commands]
        program = ["from django.core.management import call_command", *calls]
        return self.manage("shell", "--verbosity=0", "--command", "\n".join(program))

    def seller(self, *words: str) -> list[Any]:
        """Let the seller do something and return the answer."""
        return list(json.loads(self._run([*_SELLER, *words], {}).splitlines()[-1]))

    def seller_who_dies(self) -> list[Any]:
        """Let the seller's process die between commit and ring; return the declaration's id."""
        done = self._call([*_SELLER, "commit-and-die"], {})
        assert done.returncode == -signal.SIGKILL, done.stderr
        return list(json.loads(done.stdout))

    @contextlib.contextmanager
    def busy_seller(self) -> Iterator["subprocess.Popen[str]"]:
        """A seller who lodges without end while the body runs; stopped politely afterwards."""
        log = self.var / "log" / "busy-seller.log"
        with log.open("a") as errors, (self.var / "acknowledged").open("w") as answers:
            process = subprocess.Popen(
                [*_SELLER, "keep-lodging"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=answers,
                stderr=errors,
                text=True,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait()

    def acknowledged(self) -> list[int]:
        """Return the ids that the busy seller was told of."""
        return [json.loads(line)[0] for line in (self.var / "acknowledged").read_text().splitlines()]

    def open_work(self) -> list[tuple[Any, ...]]:
        """Return what is still to do, by handler, with the last error; empty when the database is away."""
        with contextlib.suppress(psycopg2.OperationalError):
            return self.query(
                "SELECT handler, count(*), max(attempts), max(last_error) FROM events_delivery "
                "WHERE done_at IS NULL GROUP BY handler ORDER BY handler"
            )
        return []

    def ids_of(self, references: Sequence[str]) -> list[int]:
        """Return the ids of declarations; one that is not there is missing from the answer."""
        found = self.query(
            "SELECT id FROM declarations_declaration WHERE reference = ANY(%s)", list(references)
        )
        return [key for (key,) in found]

    def is_served(self) -> bool:
        """Tell whether the web server answers."""
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.address}/readyz", trust_env=False).status_code == 200
        return False

    def is_idle(self) -> bool:
        """Tell whether every delivery is done."""
        return self.one("SELECT count(*) FROM events_delivery WHERE done_at IS NULL") == 0

    def rings(self) -> int:
        """Return how many rings wait in the broker."""
        return sum(int(self.broker().llen(queue)) for queue in QUEUES)  # type: ignore[arg-type]

    def ready_workers(self) -> int:
        """Return how many workers listen: one blocked reader of the broker each."""
        clients = self.broker().client_list()
        return sum(client["cmd"] == "brpop" for client in clients)

    def _supervise(self, process: Process) -> Supervisor:
        failpoint = self._failpoints.setdefault(process.name, {})
        supervisor = Supervisor(
            [dataclasses.replace(process, environment=failpoint)],
            environment=self.environment,
            var=self.var / process.name,
            say=self.said.append,
        )
        supervisor.start()
        return supervisor

    def _environment(self) -> dict[str, str]:
        return (
            {name: value for name, value in os.environ.items() if not name.startswith("SWINDOW_")}
            | {
                "PYTHONUNBUFFERED": "1",
                "SWINDOW_VAR": str(self.var),
                "SWINDOW_BASE_URL": self.address,
                "SWINDOW_SECRET_KEY": "only-for-fault-tests",
                "SWINDOW_PAYMENT_SECRET": "only-for-fault-tests",
                "SWINDOW_AGENCY_PACE": "0",
                "SWINDOW_DEMO": "1",
                "SWINDOW_LEASE_SECONDS": str(LEASE_SECONDS),
                "EMAIL_URL": f"filemail:///{self.var}/mail",
            }
            | self.servers.environment()
        )

    def _run(self, command: Sequence[str], more: dict[str, str]) -> str:
        done = self._call(command, more)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"
        return done.stdout

    def _call(self, command: Sequence[str], more: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=_ANSWERED_WITHIN,
        )


_SELLER = (sys.executable, "-m", "tests.faults.seller")


def names() -> tuple[str, ...]:
    """Return the names of the process table."""
    return tuple(process.name for process in processes(bind=""))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
