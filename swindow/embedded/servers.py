"""Start, stop and describe the pair of embedded servers of one var folder."""

import fcntl
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swindow.embedded import postgres, valkey
from swindow.embedded.place import Place, Say, control_folder, settle
from swindow.embedded.system import open_log

DATABASE = "database"
BROKER = "broker"
BOTH = (DATABASE, BROKER)


@dataclass(frozen=True)
class Servers:
    """Addresses and process ids; those of a server that was not asked for are empty and None.

    `started` tells whether this call started one, `by_hand` whether they are to stay when a run ends.
    """

    database_url: str
    database_owner_url: str
    redis_url: str
    database_pid: int | None
    broker_pid: int | None
    started: bool
    by_hand: bool

    def environment(self) -> dict[str, str]:
        """Return the variables that the portal reads."""
        values = {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.database_owner_url,
            "REDIS_URL": self.redis_url,
            "SWINDOW_PORTAL_ROLE": postgres.PORTAL if self.database_url else "",
        }
        return {name: value for name, value in values.items() if value}


def start(
    var: Path, *, wanted: tuple[str, ...] = BOTH, by_hand: bool = False, say: Say | None = None
) -> Servers:
    """Start what is wanted and does not run yet. Raises EmbeddedError with a sentence."""
    say = say or _say
    var = var.resolve()
    control_folder(var)
    with _locked(var):
        state = _read_state(var)
        place = settle(var, recorded=state, say=say)
        if not state:
            _end_strangers(place, say=say)
        state = _with_secrets(state, place=place)
        _write_state(var, state)
        started = False
        if DATABASE in wanted and postgres.running(place) is None:
            started = _start_database(place, say=say)
        if DATABASE in wanted and state.get("prepared") != postgres.PREPARATION:
            _prepare_database(place, state=state)
            _write_state(var, state)
        if BROKER in wanted and valkey.running(place) is None:
            started = _start_broker(place, state=state, say=say)
        if started:
            state["by_hand"] = by_hand
            _write_state(var, state)
        return _describe(place, state=state, wanted=wanted, started=started)


def stop(var: Path) -> bool:
    """Stop both servers and say whether any ran."""
    var = var.resolve()
    if not _state_file(var).exists():
        return False
    with _locked(var):
        place = settle(var, recorded=_read_state(var), say=_say)
        ran = [postgres.stop(place), valkey.stop(place)]
        return any(ran)


def status(var: Path) -> Servers | None:
    """Describe the servers that run, or return None when neither does."""
    var = var.resolve()
    if not _state_file(var).exists():
        return None
    with _locked(var):
        state = _read_state(var)
        place = settle(var, recorded=state, say=_say)
        pairs = ((DATABASE, postgres.running(place)), (BROKER, valkey.running(place)))
        wanted = tuple(name for name, pid in pairs if pid is not None)
        return _describe(place, state=state, wanted=wanted, started=False) if wanted else None


def remove(var: Path) -> list[Path]:
    """Stop both servers and remove all data of this folder, outside ones too; return what was removed."""
    var = var.resolve()
    if not _state_file(var).exists():
        return []
    stop(var)
    place = settle(var, recorded=_read_state(var), say=_say)
    folders = list(dict.fromkeys((place.sockets, place.home, var)))
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return folders


def _end_strangers(place: Place, *, say: Say) -> None:
    """End servers that outlived their data: somebody removed the folder while they ran."""
    if any([postgres.stop(place), valkey.stop(place)]):
        say("Stopped servers that were still running on data that had been removed.")


def _start_database(place: Place, *, say: Say) -> bool:
    log_from = open_log(postgres.log_file(place))
    process = postgres.launch(place, say=say)
    postgres.wait(place, pid=process.pid, log_from=log_from)
    return True


def _prepare_database(place: Place, *, state: dict[str, Any]) -> None:
    postgres.prepare(place, owner_password=state["owner_password"], app_password=state["app_password"])
    state["prepared"] = postgres.PREPARATION


def _start_broker(place: Place, *, state: dict[str, Any], say: Say) -> bool:
    _, state["broker_port"] = valkey.start(
        place, port=state.get("broker_port"), password=state["broker_password"], say=say
    )
    return True


def _describe(place: Place, *, state: dict[str, Any], wanted: tuple[str, ...], started: bool) -> Servers:
    database, broker = DATABASE in wanted, BROKER in wanted
    owner = postgres.url(place, role=postgres.OWNER, password=state["owner_password"])
    app = postgres.url(place, role=postgres.APP, password=state["app_password"])
    return Servers(
        database_url=app if database else "",
        database_owner_url=owner if database else "",
        redis_url=valkey.url(port=state["broker_port"], password=state["broker_password"]) if broker else "",
        database_pid=postgres.running(place) if database else None,
        broker_pid=valkey.running(place) if broker else None,
        started=started,
        by_hand=bool(state.get("by_hand")),
    )


def _with_secrets(state: dict[str, Any], *, place: Place) -> dict[str, Any]:
    names = ("owner_password", "app_password", "broker_password")
    fresh = {name: secrets.token_urlsafe(24) for name in names if name not in state}
    # Data whose passwords were lost (state.json removed by hand) get new ones.
    is_as_left = not fresh and postgres.data_folder(place).exists()
    prepared = state.get("prepared") if is_as_left else None
    return state | fresh | {"home": str(place.home), "prepared": prepared}


def _state_file(var: Path) -> Path:
    return var / "embedded" / "state.json"


def _read_state(var: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(_state_file(var).read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def _write_state(var: Path, state: dict[str, Any]) -> None:
    partial = _state_file(var).with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(state, file, indent=1)
    partial.replace(_state_file(var))


@contextmanager
def _locked(var: Path) -> Iterator[None]:
    with (var / "embedded" / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
