"""The process table and its supervisor: what runs, and what happens when a process ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from swindow.embedded.system import is_alive
from swindow.processes import QUEUES, Process, processes
from swindow.start import environment, supervisor
from swindow.start.supervisor import Supervisor, stop_leftovers

CHECKOUT = Path(__file__).resolve().parents[2]
SLEEPER = ("python", "-c", "import time; time.sleep(600)")
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
STUBBORN = ("python", "-c", DEAF)
SUPERVISE = """
import sys, time
from pathlib import Path
from swindow.processes import Process
from swindow.start.supervisor import Supervisor
table = [Process("sleeper", ("python", "-c", sys.argv[2]))]
supervisor = Supervisor(table, environment={"PATH": "/usr/bin"}, var=Path(sys.argv[1]))
supervisor.start()
print(supervisor.process_ids()["sleeper"], flush=True)
time.sleep(600)
"""


def wait_for(condition: Callable[[], bool], *, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def supervise(tmp_path: Path, *table: Process, said: list[str] | None = None) -> Supervisor:
    say = (said if said is not None else []).append
    return Supervisor(table, environment={"PATH": os.environ["PATH"]}, var=tmp_path, say=say)


def test_compose_describes_the_same_processes() -> None:
    services = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]
    beside = {"database", "broker", "prepare"}
    described = {name: tuple(service["command"]) for name, service in services.items() if name not in beside}
    assert described == {process.name: process.command for process in processes(bind="0.0.0.0:8000")}


def test_compose_restarts_every_process_and_lets_it_finish() -> None:
    services = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]
    for process in processes(bind="0.0.0.0:8000"):
        assert services[process.name]["restart"] == "unless-stopped"
        assert services[process.name]["stop_grace_period"] == "30s"
        assert services[process.name]["env_file"] == "swindow.env"


def test_the_image_starts_the_same_web_server() -> None:
    last = (CHECKOUT / "Dockerfile").read_text().strip().splitlines()[-1]
    assert tuple(json.loads(last.removeprefix("CMD "))) == processes(bind="0.0.0.0:8000")[0].command


def test_every_queue_has_a_worker() -> None:
    assert settings.QUEUES == QUEUES
    names = [process.name for process in processes(bind="127.0.0.1:8000")]
    assert names == ["web", *(f"worker-{queue}" for queue in settings.QUEUES), "scheduler"]


def test_what_ends_is_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    keeper = supervise(tmp_path, Process("sleeper", SLEEPER), said=said)
    keeper.start()
    try:
        first = keeper.process_ids()["sleeper"]
        os.kill(first, signal.SIGKILL)
        assert wait_for(lambda: keeper.tick() or keeper.process_ids().get("sleeper", first) != first)
        assert said == ["sleeper ended (signal 9); starting it again in 0.2 s."]
    finally:
        keeper.stop()


def test_what_keeps_ending_is_tried_ever_more_slowly_and_never_given_up(tmp_path: Path) -> None:
    said: list[str] = []
    broken = Process("broken", ("python", "-c", "raise SystemExit(3)"))
    keeper = supervise(tmp_path, broken, said=said)
    keeper.start()
    try:
        assert wait_for(lambda: keeper.tick() or len(said) == 3)
        assert [line.partition("again in ")[2] for line in said] == ["0.2 s.", "0.4 s.", "0.8 s."]
        assert "status 3" in said[0]
    finally:
        keeper.stop()


def test_stop_ends_a_process_that_ignores_the_request(tmp_path: Path) -> None:
    keeper = supervise(tmp_path, Process("stubborn", STUBBORN), Process("sleeper", SLEEPER))
    keeper.grace_seconds = 0.5
    keeper.start()
    pids = keeper.process_ids().values()
    assert wait_for(lambda: "deaf" in (tmp_path / "log" / "stubborn.log").read_text())
    keeper.stop()
    assert not any(is_alive(pid) for pid in pids)
    assert keeper.process_ids() == {}


def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    child = killed_supervisor(tmp_path, program="import time; time.sleep(600)")
    assert wait_for(lambda: not is_alive(child))


def test_the_next_start_stops_what_survived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "GRACE_SECONDS", 0.2)
    child = killed_supervisor(tmp_path, program=DEAF)
    assert is_alive(child)
    assert stop_leftovers(tmp_path) == 1
    assert not is_alive(child)
    assert stop_leftovers(tmp_path) == 0


def test_a_stranger_with_a_remembered_number_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "processes.json").write_text(json.dumps([[os.getpid(), "1"]]))
    assert stop_leftovers(tmp_path) == 0


def test_a_taken_port_is_told_and_an_unasked_one_is_avoided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_is_free", lambda port: port > 8001)
    monkeypatch.delenv("SWINDOW_PORT", raising=False)
    assert environment._choose_port() == 8002
    monkeypatch.setenv("SWINDOW_PORT", "8000")
    with pytest.raises(environment.StartError, match="Port 8000 is taken"):
        environment._choose_port()
    monkeypatch.setenv("SWINDOW_PORT", "80a")
    with pytest.raises(environment.StartError, match="is not a port"):
        environment._choose_port()


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    first = environment._kept_secrets(tmp_path)
    assert set(first) == set(environment.SECRETS)
    assert environment._kept_secrets(tmp_path) == first
    assert not (tmp_path / "secrets.env").stat().st_mode & 0o077


def killed_supervisor(tmp_path: Path, *, program: str) -> int:
    """Start a supervisor with one child, kill it with -9 once the child is up, return the child's id."""
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, str(tmp_path), program], stdout=subprocess.PIPE, cwd=CHECKOUT
    )
    child = int(process.stdout.readline())
    log = tmp_path / "log" / "sleeper.log"
    assert wait_for(lambda: "print" not in program or "deaf" in log.read_text())
    process.kill()
    process.communicate()
    return child
