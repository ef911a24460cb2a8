"""The embedded servers: private, durable, and mended or explained after every accident."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from swindow import embedded
from swindow.embedded import place, postgres, servers
from swindow.embedded.system import end_process

pytestmark = pytest.mark.timeout(120)
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user to run servers as")


@pytest.fixture
def make_var() -> Iterator[Callable[..., Path]]:
    """Folders with short paths, which the servers' unprivileged user can reach unless told otherwise."""
    made: list[Path] = []

    def make(*, mode: int = 0o755, inside: str = "") -> Path:
        parent = Path(tempfile.mkdtemp(prefix="sw-", dir="/tmp"))
        parent.chmod(mode)
        made.append(parent)
        return parent / inside / "var"

    yield make
    for parent in made:
        for state in list(parent.rglob("state.json")):
            embedded.remove(state.parents[1])
        shutil.rmtree(parent, ignore_errors=True)


@pytest.fixture
def var(make_var: Callable[..., Path]) -> Path:
    return make_var()


def ask(url: str, statement: str) -> list[tuple]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def ping(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        return bool(client.ping())


def test_a_second_start_finds_the_running_servers(var: Path) -> None:
    first = embedded.start(var)
    second = embedded.start(var)
    assert first.started and not second.started
    assert (first.database_pid, first.broker_pid) == (second.database_pid, second.broker_pid)
    assert first.environment() == second.environment() == embedded.status(var).environment()


def test_stop_ends_both_and_says_so_once(var: Path) -> None:
    embedded.start(var)
    assert embedded.stop(var)
    assert embedded.status(var) is None
    assert not embedded.stop(var)


def test_the_app_role_has_no_ddl_and_the_owner_is_no_superuser(var: Path) -> None:
    started = embedded.start(var, wanted=("database",))
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(started.database_url, "CREATE TABLE intruder (id int)")
    rights = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    assert ask(started.database_owner_url, rights) == [(False, True, False)]
    assert ask(started.database_url, rights) == [(False, False, False)]


def test_data_of_an_earlier_version_are_prepared_again_while_the_server_runs(var: Path) -> None:
    started = embedded.start(var, wanted=("database",))
    state = servers._read_state(var)
    home = place.settle(var, recorded=state, say=print)
    with postgres._session(home, "postgres") as cursor:
        cursor.execute("DROP ROLE swindow_portal")
    servers._write_state(var, state | {"prepared": True})
    assert not embedded.start(var, wanted=("database",)).started
    rights = "SELECT rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'swindow_portal'"
    assert ask(started.database_url, rights) == [(True, False)]


def test_a_test_database_has_the_extensions_too(var: Path) -> None:
    started = embedded.start(var, wanted=("database",))
    ask(started.database_owner_url, "CREATE DATABASE test_swindow")
    url = started.database_owner_url.replace("/swindow?", "/test_swindow?")
    found = {name for (name,) in ask(url, "SELECT extname FROM pg_extension")}
    assert {"pg_trgm", "btree_gist", "unaccent", "vector"} <= found


def test_no_network_no_wrong_password_and_durable_settings(var: Path) -> None:
    started = embedded.start(var)
    shown = (
        "SELECT current_setting('listen_addresses'), current_setting('fsync'), current_setting('TimeZone')"
    )
    assert ask(started.database_url, shown) == [("", "on", "UTC")]
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        ask(started.database_url.replace("swindow_app:", "swindow_app:wrong"), "SELECT 1")
    with pytest.raises(redis.AuthenticationError):
        ping("redis://" + started.redis_url.rpartition("@")[2])
    with redis.Redis.from_url(started.redis_url) as client:
        settings = client.config_get("*")
    assert (settings["appendonly"], settings["maxmemory-policy"]) == ("yes", "noeviction")


def test_passwords_are_readable_by_their_owner_alone(var: Path) -> None:
    embedded.start(var, wanted=("broker",))
    for file in var.rglob("*"):
        if file.is_file() and "password" in file.read_text(errors="replace").lower():
            assert not file.stat().st_mode & 0o077, file


def test_after_kill_nothing_acknowledged_is_lost_and_addresses_stay(var: Path) -> None:
    before = embedded.start(var)
    ask(before.database_owner_url, "CREATE TABLE receipt AS SELECT 7 AS number")
    for pid in (before.database_pid, before.broker_pid):
        end_process(pid, signals=((signal.SIGKILL, 5),))
    said: list[str] = []
    after = embedded.start(var, say=said.append)
    assert after.environment() == before.environment()
    assert ask(after.database_owner_url, "SELECT number FROM receipt") == [(7,)]
    assert ping(after.redis_url)
    assert any("was killed" in sentence for sentence in said)


def test_a_stale_pid_file_that_names_a_living_stranger_is_no_obstacle(var: Path) -> None:
    started = embedded.start(var, wanted=("database",))
    pid_file = servers_home(var) / "postgres" / "postmaster.pid"
    content = pid_file.read_text().splitlines()
    end_process(started.database_pid, signals=((signal.SIGKILL, 5),))
    pid_file.write_text("\n".join([str(os.getppid()), *content[1:]]) + "\n")
    assert embedded.start(var, wanted=("database",), say=lambda _: None).started


def test_data_of_another_major_version_are_left_alone_and_explained(var: Path) -> None:
    embedded.start(var, wanted=("database",))
    embedded.stop(var)
    version = servers_home(var) / "postgres" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(embedded.EmbeddedError, match="made by PostgreSQL 17; this version brings 18"):
        embedded.start(var)


def test_a_taken_port_is_given_up_for_another(var: Path) -> None:
    before = embedded.start(var, wanted=("broker",))
    embedded.stop(var)
    port = int(before.redis_url.rpartition(":")[2].partition("/")[0])
    with socket.create_server(("127.0.0.1", port)):
        after = embedded.start(var, wanted=("broker",))
        assert after.redis_url != before.redis_url
        assert ping(after.redis_url)


def test_a_damaged_broker_file_is_set_aside(var: Path) -> None:
    embedded.start(var, wanted=("broker",))
    embedded.stop(var)
    for file in (servers_home(var) / "valkey" / "appendonlydir").glob("*.rdb"):
        file.write_bytes(b"no longer a file of Valkey's")
    said: list[str] = []
    assert ping(embedded.start(var, wanted=("broker",), say=said.append).redis_url)
    assert "set aside" in said[0]


def test_a_full_disk_is_told_before_anything_is_written(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(place.shutil, "disk_usage", lambda _: usage(100, 100, 5 * 2**20))
    with pytest.raises(embedded.EmbeddedError, match="is full: 5 MB are free and 300 MB are needed"):
        embedded.start(var)


def test_two_checkouts_run_side_by_side(make_var: Callable[..., Path]) -> None:
    one, two = embedded.start(make_var()), embedded.start(make_var())
    ask(one.database_owner_url, "CREATE TABLE only_here (id int)")
    assert ask(two.database_url, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'") == [(0,)]
    assert one.redis_url != two.redis_url


def test_starts_at_the_same_moment_make_one_pair(var: Path) -> None:
    command = [sys.executable, "-m", "swindow.embedded", "start", "--var", str(var)]
    starts = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(3)]
    said = {process.communicate()[0] for process in starts}
    assert len(said) == 1
    assert [process.returncode for process in starts] == [0, 0, 0]
    assert b"export DATABASE_URL=" in said.pop()


def test_a_long_path_gets_a_short_private_folder_for_the_socket(make_var: Callable[..., Path]) -> None:
    var = make_var(inside="a-folder-with-a-long-name/" * 4)
    started = embedded.start(var, wanted=("database",), say=lambda _: None)
    sockets = Path(f"/tmp/swindow-{place.mark_of(var)}")
    found = next(Path("/tmp").glob(f"swindow-*-{place.mark_of(var)}"), sockets)
    assert ask(started.database_url, "SELECT 1") == [(1,)]
    assert stat.S_IMODE(found.stat().st_mode) == 0o700
    embedded.remove(var)
    assert not found.exists()


def test_lost_passwords_are_made_anew_for_the_same_data(var: Path) -> None:
    before = embedded.start(var, wanted=("database",))
    ask(before.database_owner_url, "CREATE TABLE receipt AS SELECT 7 AS number")
    embedded.stop(var)
    (var / "embedded" / "state.json").unlink()
    after = embedded.start(var, wanted=("database",))
    assert after.database_url != before.database_url
    assert ask(after.database_owner_url, "SELECT number FROM receipt") == [(7,)]


def test_servers_that_outlived_their_removed_data_are_ended(var: Path) -> None:
    before = embedded.start(var)
    shutil.rmtree(var)
    var.mkdir()
    said: list[str] = []
    after = embedded.start(var, say=said.append)
    assert any("data that had been removed" in sentence for sentence in said)
    assert ping(after.redis_url)
    assert ask(after.database_url, "SELECT 1") == [(1,)]
    assert after.database_pid != before.database_pid


@root_only
def test_data_of_another_user_are_refused_with_his_name(var: Path) -> None:
    embedded.control_folder(var)
    os.chown(var / "embedded", 1, 1)
    with pytest.raises(embedded.EmbeddedError, match="belongs to the user daemon"):
        embedded.start(var)


@root_only
def test_a_checkout_out_of_reach_keeps_its_permissions(make_var: Callable[..., Path]) -> None:
    var = make_var(mode=0o700)
    said: list[str] = []
    started = embedded.start(var, say=said.append)
    home = servers_home(var)
    assert home.parent == place.OUTSIDE
    assert str(home) in said[0]
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE(var.parent.stat().st_mode) == 0o700
    assert ask(started.database_url, "SELECT 1") == [(1,)]
    assert home in embedded.remove(var)
    assert not home.exists()


@root_only
def test_servers_do_not_run_as_root(var: Path) -> None:
    started = embedded.start(var)
    for pid in (started.database_pid, started.broker_pid):
        assert Path(f"/proc/{pid}").stat().st_uid != 0


def servers_home(var: Path) -> Path:
    return Path(servers._read_state(var)["home"])
