"""Migrate as the owner, then give the application's roles exactly what they need."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from psycopg2 import sql

from swindow import row_security

# What the application may only add to or read; TRUNCATE and DDL it has nowhere.
APPEND_ONLY = ("events_event",)
READ_ONLY = ("django_migrations",)


class Command(BaseCommand):
    """Bring the database to the code's state; run it as the owner (SWINDOW_AS_OWNER=1)."""

    help = "Apply migrations and row-level security, and grant the application's role its rights."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse to run as the application's own role, which must not own what it uses."""
        if not settings.AS_OWNER:
            raise CommandError("Run this with SWINDOW_AS_OWNER=1 and DATABASE_OWNER_URL set.")
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        row_security.apply()
        for role in filter(None, (settings.DATABASE_APP_ROLE, settings.DATABASE_PORTAL_ROLE)):
            grant_rights(role)


def grant_rights(role: str) -> None:
    """Grant reading and writing of rows; append-only tables get no UPDATE and no DELETE."""
    name = sql.Identifier(role)
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(name),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
    ]
    for table in (*APPEND_ONLY, *READ_ONLY):
        statements.append(sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(table), name))
    for table in READ_ONLY:
        statements.append(sql.SQL("REVOKE INSERT ON {} FROM {}").format(sql.Identifier(table), name))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
