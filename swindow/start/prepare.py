"""Bring database, translations, static files and demo data up to date; skip what has not changed.

Each step has a stamp: a digest of the files that it reads and, where it writes to the database, of
the database's identity. A wiped database or an edited migration therefore runs its step again.
"""

import hashlib
import json
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg2
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from swindow.start.environment import CHECKOUT, StartError, Surroundings, python

APPS = ("swindow", "declarations", "tariffs", "logistics", "inspection")
LOCK = CHECKOUT / "requirements.lock"


def prepare(where: Surroundings) -> None:
    """Run every step whose inputs changed. Raises StartError with the end of what a step said."""
    stamps = _Stamps(where.var / "run" / "prepared.json")
    database = _database_identity(where.environment["DATABASE_OWNER_URL"])
    migrations = [*_files("**/migrations/*.py"), *_files("**/prepare_database.py"), LOCK]
    with stamps.step("database", [database], migrations) as due:
        if due:
            _manage(where, "prepare_database", as_owner=True)
    with stamps.step("translations", [], _files("**/*.po")) as due:
        if due or not _compiled():
            compile_translations()
    static = [*_files("**/static/**/*"), *(CHECKOUT / "static").rglob("*"), LOCK]
    with stamps.step("static files", [], static) as due:
        if due or not (where.var / "static" / "staticfiles.json").exists():
            _manage(where, "collectstatic", "--noinput")
    data = [path for suffix in ("py", "csv", "toml", "json") for path in _files(f"**/*.{suffix}")]
    with stamps.step("reference and demo data", [database], data) as due:
        if due or not (where.var / "demo" / "logins.json").exists():
            _manage(where, "load_reference")
            _manage(where, "load_demo")


def compile_translations() -> None:
    """Babel does it, because gettext's own programs are seldom installed."""
    for file in _files("**/*.po"):
        with file.open("rb") as source, file.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source))


class _Stamps:
    """What was done with which inputs; kept in one JSON file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._done = dict(json.loads(file.read_text()))
        except (FileNotFoundError, ValueError):
            self._done = {}

    def step(self, name: str, words: list[str], files: Iterable[Path]) -> "_Step":
        return _Step(self, name, _digest(words, files))

    def is_done(self, name: str, digest: str) -> bool:
        return self._done.get(name) == digest

    def mark(self, name: str, digest: str) -> None:
        self._done[name] = digest
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self._done, indent=1))


class _Step:
    """Says whether the step is due, and marks it as done unless it raised."""

    def __init__(self, stamps: _Stamps, name: str, digest: str) -> None:
        self._stamps, self._name, self._digest = stamps, name, digest
        self._started = time.monotonic()

    def __enter__(self) -> bool:
        return not self._stamps.is_done(self._name, self._digest)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None or self._stamps.is_done(self._name, self._digest):
            return
        self._stamps.mark(self._name, self._digest)
        print(f"  {self._name} ready ({time.monotonic() - self._started:.1f} s)", flush=True)


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
