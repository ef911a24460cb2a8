"""The real servers behind the tests: one embedded pair for all workers, a fresh database for each.

A template database is migrated once per state of the migrations; a worker's database is a copy of it
(a fifth of a second), used through the application's role, which owns nothing.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import psycopg2.errors
from psycopg2 import sql

from swindow import embedded

ROOT = Path(__file__).resolve().parent.parent
_LOCK = 7_301_902_611  # any number; guards the making of the template among workers


def prepare_environment() -> None:
    """Start the servers and set every variable that the settings read; before Django is configured."""
    os.environ["SWINDOW_VAR"] = str(ROOT / "var" / "test")
    if "DATABASE_OWNER_URL" not in os.environ:
        os.environ.update(embedded.start(ROOT / "var" / "test").environment())
    os.environ.update(
        DJANGO_SETTINGS_MODULE="swindow.settings",
        SWINDOW_SECRET_KEY="only-for-tests-and-never-for-a-portal-that-people-use",
        SWINDOW_PAYMENT_SECRET="only-for-tests",
        SWINDOW_AGENCY_PACE="0",
        # Outside of requests a test is the portal; each request is made in the name of who is signed in.
        SWINDOW_DATABASE_ACTOR="portal",
        # Requests are made in this process, so it must not pass row-level security as workers do.
        SWINDOW_PORTAL_ROLE="",
        SWINDOW_DEMO="1",
        EMAIL_URL="memorymail://",
        # Playwright keeps an event loop in the process; the tests beside it are as synchronous as before.
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )


def database_url(name: str, *, role: str = "DATABASE_URL") -> str:
    """Return the address of a test database for a role's variable."""
    parts = urlsplit(os.environ[role])
    return parts._replace(path=f"/{name}").geturl()


def create_database(name: str) -> None:
    """Make a database as a copy of the migrated template."""
    template = _template()
    with _as_owner() as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        statement = "CREATE DATABASE {} TEMPLATE {}"
        # Two copies of one template cannot be made at the same moment.
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def drop_database(name: str) -> None:
    """Remove a test database with whoever is connected to it."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for patience in range(20, -1, -1):
        try:
            with _as_owner() as connection, connection.cursor() as cursor:
                cursor.execute(statement)
            return
        except psycopg2.errors.InsufficientPrivilege:
            # An autovacuum worker belongs to the superuser; it is gone in a moment.
            if not patience:
                raise
            time.sleep(0.25)


def _template() -> str:
    name = f"swindow_template_{_state_of_migrations()}"
    with _as_owner() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            _make_template(name)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return name


def _make_template(name: str) -> None:
    unfinished = f"{name}_new"
    with _as_owner() as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(unfinished)))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
        environment = os.environ | {
            "SWINDOW_AS_OWNER": "1",
            "DATABASE_OWNER_URL": database_url(unfinished, role="DATABASE_OWNER_URL"),
        }
        command = [sys.executable, "manage.py", "prepare_database", "--verbosity=0"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        cursor.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))


def _state_of_migrations() -> str:
    digest = hashlib.sha256()
    sources = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("swindow/*/migrations/*.py")]
    rights = (ROOT / "swindow/management/commands/prepare_database.py", ROOT / "swindow/row_security.py")
    for file in sorted([*sources, *rights]):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _as_owner() -> Iterator["psycopg2.extensions.connection"]:
    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()
