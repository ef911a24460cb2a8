"""B7, third ring: what PostgreSQL shows to the application's role, with and without an actor."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from declarations.models import Declaration, GoodsItem, Hold, Product
from swindow import row_security
from swindow.accounts.models import Mandate, User
from swindow.acting import NOBODY, as_portal, become
from tests import builders
from tests.access.world import build

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent

# Where a request reaches past its actor -> why.
PAST_THE_ACTOR = {
    "declarations/api/views/notices.py": "the payment service names anybody's payment, by its signature",
    "declarations/views/buyer.py": "the named buyer has no account; the code of the mail opens one notice",
    "inspection/queue.py": "a search by first characters finds keys alone; the officer's are kept of them",
    "declarations/touched.py": "a change of the law touches everybody; officers see counts and names",
}


@contextmanager
def asking_as(user: User | None) -> Iterator[None]:
    """Ask the database as a person, or as nobody."""
    become(f"user:{user.pk}" if user else NOBODY)
    try:
        yield
    finally:
        become("portal")


def count(table: str) -> int:
    """Count the rows of a table that the connection sees, by plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  our own names
        return int(cursor.fetchone()[0])


def tables() -> list[str]:
    """Return every table of the portal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return [row[0] for row in cursor.fetchall()]


def test_the_application_owns_nothing_and_passes_no_policy() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, pg_has_role(rolname, 'swindow_owner', 'member')"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)


def test_every_table_has_a_policy_or_a_reason_to_have_none() -> None:
    unguarded = [
        name
        for name in tables()
        if name not in row_security.POLICIES and not any(map(name.startswith, row_security.OPEN))
    ]
    assert not unguarded, unguarded
    assert not set(row_security.POLICIES) - set(tables())


def test_the_policies_are_in_force() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity ORDER BY relname")
        assert {row[0] for row in cursor.fetchall()} == set(row_security.POLICIES)


def test_without_an_actor_nothing_is_seen() -> None:
    """S6: a connection that nobody speaks for is blind, whatever the query."""
    build()
    filled = [name for name in row_security.POLICIES if count(name)]
    assert len(filled) >= 15, filled
    with asking_as(None):
        assert {name: count(name) for name in filled} == dict.fromkeys(filled, 0)


def test_a_rival_sees_nothing_of_the_seller_by_plain_sql() -> None:
    world = build()
    own = {"accounts_verification": 1, "documents_storedfile": 0, "vault_look": 0}
    with asking_as(world.people["rival"]):
        seen = {name: count(name) for name in row_security.POLICIES}
    assert {name: number for name, number in seen.items() if number > own.get(name, 0)} == {}


def test_each_sees_the_own_and_an_ended_mandate_shows_nothing() -> None:
    world = build()
    seen = {}
    for name in ("seller", "colleague", "broker", "former_broker", "customs", "quarantine"):
        with asking_as(world.people[name]):
            seen[name] = (count("declarations_declaration"), count("declarations_product"))
    # Two were lodged: customs and quarantine hold them; the draft is nobody's but the seller's.
    assert seen == {
        "seller": (3, 1),
        "colleague": (3, 1),
        "broker": (3, 1),
        "former_broker": (0, 0),
        "customs": (2, 0),
        "quarantine": (2, 0),
    }


def test_an_officer_sees_every_hold_of_what_is_examined() -> None:
    """A hidden hold would let "no hold is open" pass and free the goods."""
    world = build()
    held = Declaration.objects.get(reference=world.own["held"])
    everything = Hold.objects.filter(declaration=held).count()
    with asking_as(world.people["quarantine"]):
        assert Hold.objects.filter(declaration=held).count() == everything > 1


def test_nobody_writes_into_another_company() -> None:
    world = build()
    company = builders.company_of(world.people["seller"])
    fields = {"sku": "X", "description": "x", "commodity_code": "610910", "origin": "CN"}
    more = {"reference": "PRD-26-0000000X", "unit_price": 1, "currency": "EUR", "net_mass_kg": 1}
    with (
        asking_as(world.people["rival"]),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Product.objects.create(seller=company, **fields, **more)
    with asking_as(world.people["rival"]):
        assert Declaration.objects.filter(declarant=company).update(order_number="stolen") == 0
        assert GoodsItem.objects.all().delete()[0] == 0
        assert Mandate.objects.filter(seller=company).update(revoked_at=None) == 0


def test_a_forgotten_filter_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The net itself: for_actor is torn out, and a rival still gets 404."""
    world = build()
    queries = type(Declaration.objects.all())
    monkeypatch.setattr(queries, "for_actor", lambda self, *_: self)
    monkeypatch.setattr(queries, "allowing", lambda self, *_: self)
    address = f"/declarations/{world.own['held']}/"
    assert world.client("seller").get(address).status_code == 200
    assert world.client("rival").get(address).status_code == 404


def test_a_request_leaves_its_actor_behind_for_nobody(client: Client) -> None:
    """A connection is shared by requests: the next one begins as who it is."""
    world = build()
    assert world.client("seller").get(f"/declarations/{world.own['held']}/").status_code == 200
    assert client.get("/tariff/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('swindow.actor')")
        assert cursor.fetchone() == ("portal",)


def test_asking_as_the_portal_ends_with_the_block() -> None:
    world = build()
    with asking_as(world.people["rival"]):
        with as_portal():
            assert Declaration.objects.count() == 3
        assert Declaration.objects.count() == 0
        with pytest.raises(ZeroDivisionError), as_portal():
            _ = 1 / 0
        assert Declaration.objects.count() == 0


def test_every_way_past_the_actor_is_known() -> None:
    used = {
        str(path.relative_to(ROOT))
        for folder in ("swindow", "declarations", "inspection", "tariffs", "logistics")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"as_portal\(", path.read_text(encoding="utf-8")) and path.name != "acting.py"
    }
    assert used == set(PAST_THE_ACTOR)
