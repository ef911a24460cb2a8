"""Bring database, translations, static files and demo data up to date; skip what has not changed.

Each step has a stamp: a digest of the files that it reads and, where it writes to the database, of
the database's identity. A wiped database or an edited migration therefore runs its step again.
"""

import hashlib
import subprocess
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from swindow.start.environment import CHECKOUT, StartError, Surroundings, python

APPS = ("swindow", "declarations", "tariffs", "logistics", "inspection")
LOCK = CHECKOUT / "requirements.lock"


def prepare(where: Surroundings) -> None:
    """Run every step whose inputs changed. Raises StartError with the end of what a step said."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        # Compressing takes a core for ten seconds; the database steps take the other one meanwhile.
        static = beside.submit(_prepare_static_files, where)
        _prepare_database(where)
        static.result()


def _prepare_static_files(where: Surroundings) -> None:
    inputs = [*_files("**/static/**/*"), *(CHECKOUT / "static").rglob("*"), *_files("settings.py"), LOCK]
    with _step("static files", where=where, words=[], inputs=inputs) as due:
        if due or not (where.var / "static" / "staticfiles.json").exists():
            _manage(where, "collectstatic", "--noinput")


def _prepare_database(where: Surroundings) -> None:
    words = [_database_identity(where.environment["DATABASE_OWNER_URL"])]
    role = where.environment.get("SWINDOW_PORTAL_ROLE", "")
    rights = [*_files("**/prepare_database.py"), *_files("**/row_security.py")]
    schema = [*_files("**/migrations/*.py"), *rights, LOCK]
    with _step("database", where=where, words=[*words, role], inputs=schema) as due:
        if due:
            _manage(where, "prepare_database", as_owner=True)
    with _step("translations", where=where, words=[], inputs=_files("**/*.po")) as due:
        if due or not _compiled():
            compile_translations()
    data = [path for suffix in ("py", "csv", "toml", "json") for path in _files(f"**/*.{suffix}")]
    with _step("reference and demo data", where=where, words=words, inputs=data) as due:
        if due or not (where.var / "demo" / "logins.json").exists():
            _manage(where, "load_reference")
            _manage(where, "load_demo")


def compile_translations() -> None:
    """Babel does it, because gettext's own programs are seldom installed."""
    for file in _files("**/*.po"):
        with file.open("rb") as source, file.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source))


@contextmanager
def _step(name: str, *, where: Surroundings, words: list[str], inputs: Iterable[Path]) -> Iterator[bool]:
    """Say whether the step is due, and stamp it as done unless it raises."""
    stamp = where.var / "run" / "prepared" / name.replace(" ", "-")
    digest = _digest(words, inputs)
    started = time.monotonic()
    if stamp.exists() and stamp.read_text() == digest:
        yield False
        return
    yield True
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)
    print(f"  {name} ready ({time.monotonic() - started:.1f} s)", flush=True)


def _digest(words: list[str], files: Iterable[Path]) -> str:
    total = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        if file.is_file():
            total.update(
                f"{file.relative_to(CHECKOUT)}\0".encode() + hashlib.sha256(file.read_bytes()).digest()
            )
    return total.hexdigest()


def _files(pattern: str) -> Iterator[Path]:
    for app in APPS:
        yield from (CHECKOUT / app).glob(pattern)


def _database_identity(url: str) -> str:
    try:
        connection = psycopg2.connect(url, connect_timeout=10)
    except psycopg2.OperationalError as error:
        raise StartError(f"The database does not answer: {str(error).strip()}") from error
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT system_identifier FROM pg_control_system()), oid "
            "FROM pg_database WHERE datname = current_database()"
        )
        identity = cursor.fetchone()
    connection.close()
    return str(identity)


def _manage(where: Surroundings, *command: str, as_owner: bool = False) -> None:
    environment = where.environment | ({"SWINDOW_AS_OWNER": "1"} if as_owner else {})
    done = subprocess.run(
        [python(), "manage.py", *command],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    log = where.var / "log" / "prepare.log"
    with log.open("a") as file:
        file.write(f"$ manage.py {' '.join(command)}\n{done.stdout}{done.stderr}")
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
        raise StartError(f"manage.py {command[0]} failed: {last} The whole of it is in {log}.")


def _compiled() -> bool:
    return all(file.with_suffix(".mo").exists() for file in _files("**/*.po"))
