"""The tables that a declaration's life writes, and copies of them in which the limits write the same rows."""

import io
import os
from collections.abc import Iterable, Sequence
from contextlib import closing

import psycopg2
from psycopg2 import sql

# Table -> which of its rows belong to the declarations `first` to `last`.
TABLES = {
    "logistics_consignment": "id IN (SELECT consignment_id FROM declarations_declaration WHERE id {range})",
    "declarations_declaration": "id {range}",
    "declarations_goodsitem": "declaration_id {range}",
    "declarations_supportingdocument": "declaration_id {range}",
    "declarations_assessment": "declaration_id {range}",
    "declarations_charge": (
        "assessment_id IN (SELECT id FROM declarations_assessment WHERE declaration_id {range})"
    ),
    "declarations_hold": "declaration_id {range}",
    "declarations_payment": "declaration_id {range}",
    "inspection_review": "declaration_id {range}",
    "events_event": "subject_kind = 'declaration' AND subject_id {range}",
    "events_delivery": (
        "event_id IN (SELECT id FROM events_event WHERE subject_kind = 'declaration' AND subject_id {range})"
    ),
}
# What a draft consists of.
DRAFT_TABLES = frozenset(
    (
        "logistics_consignment",
        "declarations_declaration",
        "declarations_goodsitem",
        "declarations_supportingdocument",
    )
)
# (table, its rows as COPY text)
Chunk = list[tuple[str, str]]


def owner() -> "psycopg2.extensions.connection":
    """Connect as the owner: the application itself may make no table."""
    return psycopg2.connect(os.environ["DATABASE_OWNER_URL"])


def make_limit_tables() -> None:
    """Make an empty copy of each table with its indexes, defaults and checks; without triggers and keys."""
    with closing(owner()) as connection, connection, connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS limit_{table}")
            cursor.execute(f"CREATE TABLE limit_{table} (LIKE {table} INCLUDING ALL)")


def empty_limit_tables() -> None:
    """Remove the rows of the last round."""
    with closing(owner()) as connection, connection, connection.cursor() as cursor:
        cursor.execute("TRUNCATE " + ", ".join(f"limit_{table}" for table in TABLES))


def read_rows(first: int, last: int) -> Chunk:
    """Return all rows of the declarations `first` to `last`."""
    chunk = []
    with closing(owner()) as connection, connection.cursor() as cursor:
        for table, where in TABLES.items():
            rows = io.StringIO()
            cursor.copy_expert(f"COPY ({_selection(table, where, first, last)}) TO STDOUT", rows)
            chunk.append((table, rows.getvalue()))
    return chunk


def copy_chunk(connection: "psycopg2.extensions.connection", chunk: Chunk) -> None:
    """Write rows into the limit's tables by COPY, in one transaction."""
    with connection, connection.cursor() as cursor:
        for table, rows in chunk:
            cursor.copy_expert(f"COPY limit_{table} FROM STDIN", io.StringIO(rows))


def insert_statements(ids: Sequence[int]) -> list[str]:
    """Return for each declaration one text of INSERTs that writes its rows in one round trip."""
    with closing(owner()) as connection, connection.cursor() as cursor:
        return [";".join(_inserts(cursor, key)) for key in ids]


def _inserts(cursor: "psycopg2.extensions.cursor", key: int) -> Iterable[str]:
    for table, where in TABLES.items():
        # As texts, because PostgreSQL then reads each literal as its column's type.
        cursor.execute(
            f"SELECT array(SELECT value FROM json_each_text(to_json(found))) "  # noqa: S608 - our own words
            f"FROM ({_selection(table, where, key, key)}) AS found"
        )
        rows = [tuple(values) for (values,) in cursor.fetchall()]
        if rows:
            values = sql.SQL(", ").join(sql.Literal(row) for row in rows)
            name = sql.Identifier(f"limit_{table}")
            yield sql.SQL("INSERT INTO {} VALUES {}").format(name, values).as_string(cursor)


def _selection(table: str, where: str, first: int, last: int) -> str:
    return f"SELECT * FROM {table} WHERE " + where.format(range=f"BETWEEN {first} AND {last}")  # noqa: S608
