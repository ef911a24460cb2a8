"""The embedded PostgreSQL: initialise, start, prepare roles and template, stop."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg2.extensions
from psycopg2 import sql

from swindow.embedded.place import EmbeddedError, Place, Say, check_disk, postgres_major
from swindow.embedded.system import end_process, is_alive, process_with_argument, processes_titled

OWNER = "swindow_owner"
APP = "swindow_app"
# Nobody's login: workers become it, for no policy ever says no to them (decision 14).
PORTAL = "swindow_portal"
DATABASE = "swindow"
# Raised with every change of `prepare`: data that were made before it are prepared again.
PREPARATION = 2
EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent", "vector")
# After a crash the log is replayed first, which can take minutes on a slow disk.
START_SECONDS = 300

_SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
cluster_name = '{cluster}'
max_connections = 100
shared_buffers = 128MB
max_wal_size = 2GB
fsync = on
synchronous_commit = on
full_page_writes = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
log_checkpoints = off
password_encryption = 'scram-sha-256'
"""
_ACCESS = """\
local all postgres peer map=servers
local all all scram-sha-256
"""


def url(place: Place, *, role: str, password: str) -> str:
    """Return the address of the database for one role."""
    return f"postgresql://{role}:{quote(password)}@/{DATABASE}?host={quote(str(place.sockets))}&port=5432"


def running(place: Place) -> int | None:
    """Return the id of the server process of this place, or None."""
    return process_with_argument(str(data_folder(place)), program="postgres")


def data_folder(place: Place) -> Path:
    """Return the folder of the cluster."""
    return place.home / "postgres"


def launch(place: Place, *, say: Say) -> "subprocess.Popen[bytes]":
    """Start the server on its data, made first if need be; `wait` follows."""
    data = data_folder(place)
    check_disk(place, first=not data.exists())
    if data.exists():
        _refuse_other_major(data)
        _mend_after_kill(place, say=say)
    else:
        _initialise(place)
    _configure(place)
    return place.spawn([str(place.postgres_bin / "postgres"), "-D", str(data)], log=log_file(place))


def log_file(place: Place) -> Path:
    """Return the server's log; a long one is set aside at the start."""
    return place.var / "log" / "postgres.log"


def wait(place: Place, *, pid: int, log_from: int) -> None:
    """Return when the server answers; explain from its log why it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            _connect(place, database="postgres").close()
        except psycopg2.OperationalError:
            if not is_alive(pid):
                break
            time.sleep(0.02)
        else:
            return
    raise EmbeddedError(_explain(place, log_from=log_from))


def prepare(place: Place, *, owner_password: str, app_password: str) -> None:
    """Make roles, extensions in the template (so that test databases have them) and the database."""
    with _session(place, "postgres") as cursor:
        for role, password, rights in (
            (OWNER, owner_password, "CREATEDB"),
            (APP, app_password, "NOCREATEDB"),
        ):
            _ensure_role(cursor, role=role, password=password, rights=rights)
        # The owner may end the application's sessions, as dropping a database with force needs.
        names = {"app": sql.Identifier(APP), "owner": sql.Identifier(OWNER), "portal": sql.Identifier(PORTAL)}
        cursor.execute(sql.SQL("GRANT {app} TO {owner}").format(**names))
        if not _has_role(cursor, PORTAL):
            cursor.execute(sql.SQL("CREATE ROLE {portal} NOLOGIN BYPASSRLS").format(**names))
        cursor.execute(sql.SQL("GRANT {portal} TO {app}").format(**names))
    with _session(place, "template1") as cursor:
        for extension in EXTENSIONS:
            cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    with _session(place, "postgres") as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            names = {"database": sql.Identifier(DATABASE), "owner": sql.Identifier(OWNER)}
            cursor.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))


def stop(place: Place) -> bool:
    """Stop the server if it runs; commits are on disk already. Say whether it ran."""
    pid = running(place)
    if pid is None:
        return False
    end_process(pid, signals=((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)))
    return True


def _initialise(place: Place) -> None:
    # Renamed when complete, so that a run killed here leaves no half cluster behind.
    partial = place.home / "postgres.partial"
    shutil.rmtree(partial, ignore_errors=True)
    done = place.call(
        [
            str(place.postgres_bin / "initdb"),
            *("-D", str(partial), "-U", "postgres", "--auth=peer", "--encoding=UTF8", "--no-locale"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
        ]
    )
    if done.returncode != 0:
        shutil.rmtree(partial, ignore_errors=True)
        raise EmbeddedError(f"PostgreSQL's data could not be made in {place.home}: {_last_line(done.stderr)}")
    partial.rename(data_folder(place))


def _refuse_other_major(data: Path) -> None:
    version_file = data / "PG_VERSION"
    found = version_file.read_text().strip() if version_file.exists() else "unknown"
    if found != postgres_major():
        raise EmbeddedError(
            f"The data in {data} were made by PostgreSQL {found}; this version brings {postgres_major()}. "
            f"Dump them with the old version, or set them aside: mv {data} {data}-{found}"
        )


def _mend_after_kill(place: Place, *, say: Say) -> None:
    """Remove a stale postmaster.pid, but never while an orphaned backend may still write."""
    pid_file = data_folder(place) / "postmaster.pid"
    if not pid_file.exists():
        return
    for pid in processes_titled(f"postgres: {_cluster(place)}: "):
        end_process(pid, signals=((signal.SIGQUIT, 5), (signal.SIGKILL, 5)))
    pid_file.unlink()
    say("The database was killed last time; it recovers from its log now. Nothing acknowledged is lost.")


def _configure(place: Place) -> None:
    data = data_folder(place)
    settings = _SETTINGS.format(sockets=place.sockets, cluster=_cluster(place))
    place.write(data / "swindow.conf", settings)
    place.write(data / "pg_hba.conf", _ACCESS)
    users = {pwd.getpwuid(os.geteuid()).pw_name, pwd.getpwuid(data.stat().st_uid).pw_name}
    place.write(data / "pg_ident.conf", "".join(f'servers "{user}" postgres\n' for user in sorted(users)))
    main = data / "postgresql.conf"
    include = "include 'swindow.conf'\n"
    if include not in main.read_text():
        with main.open("a") as file:
            file.write(f"\n{include}")


def _cluster(place: Place) -> str:
    return f"swindow-{place.mark}"


@contextmanager
def _session(place: Place, database: str) -> Iterator[psycopg2.extensions.cursor]:
    """A superuser's cursor outside of any transaction: CREATE DATABASE refuses to run inside one."""
    connection = _connect(place, database=database)
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


def _connect(place: Place, *, database: str) -> psycopg2.extensions.connection:
    return psycopg2.connect(host=str(place.sockets), port=5432, user="postgres", dbname=database)


def _ensure_role(cursor: psycopg2.extensions.cursor, *, role: str, password: str, rights: str) -> None:
    name = sql.Identifier(role)
    if not _has_role(cursor, role):
        cursor.execute(sql.SQL("CREATE ROLE {}").format(name))
    statement = sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD %s")
    cursor.execute(statement.format(name, sql.SQL(rights)), [password])


def _has_role(cursor: psycopg2.extensions.cursor, role: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    return cursor.fetchone() is not None


def _explain(place: Place, *, log_from: int) -> str:
    log = log_file(place)
    with log.open("rb") as file:
        file.seek(log_from)
        text = file.read().decode(errors="replace")
    if "No space left on device" in text:
        return f"The disk that holds {place.home} is full. Free some space, then start again."
    return f"PostgreSQL did not start: {_last_line(text)} The whole log is {log}."


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if "FATAL" in line or "PANIC" in line or "error:" in line]
    return (lines or text.splitlines() or ["it said nothing."])[-1].strip()
