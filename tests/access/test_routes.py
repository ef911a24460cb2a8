"""Every route has a row in the table, and answers every actor as the row says; nobody learns what is not theirs."""

import json
import re
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from swindow.documents import views as verification_views
from swindow.documents.throttle import Bucket
from tests.access.routes import Route, all_routes
from tests.access.table import ACTORS, TABLE, Row
from tests.access.world import SECRETS, World, build

pytestmark = pytest.mark.django_db
# Written by every answer to somebody signed in, and by nothing that an actor decides.
_UNCOUNTED = ("django_session",)
_CHANGING = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|nonce-[\w+/=-]*')


@pytest.fixture
def world(settings: Settings, tmp_path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world, with files of its own and without the limit on public look-ups."""
    store = {
        "BACKEND": "swindow.documents.storage.DurableFileStorage",
        "OPTIONS": {"location": str(tmp_path / "media")},
    }
    settings.STORAGES = settings.STORAGES | {"default": store}
    wide = Bucket(per_second=10_000, burst=10_000)
    monkeypatch.setattr(verification_views, "_LOOK_UPS", (wide, wide))
    return build()


def ask(client: Client, row: Row, *, address: str, token: str) -> HttpResponse:
    """Ask as the row says."""
    headers = {**row.headers, **({"Authorization": f"Bearer {token}"} if row.is_api and token else {})}
    if row.method == "upload":
        return client.post(address, {}, headers=headers)
    if row.is_api and row.method == "post":
        return client.post(address, json.dumps(dict(row.data)), "application/json", headers=headers)
    return getattr(client, row.method)(address, dict(row.data), headers=headers)


def address_of(row: Row, arguments: dict[str, str | int] | object) -> str:
    """Return the row's address with these arguments."""
    return reverse(row.route, kwargs={name: arguments[key] for name, key in row.arguments.items()})  # type: ignore[index]


def body_of(response: HttpResponse) -> str:
    """Return the whole body, streamed or not."""
    return response.getvalue().decode("utf-8", "replace")


def rows_written() -> int:
    """Return how many rows this transaction wrote so far, in all tables but the uncounted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables "
            "WHERE relname <> ALL(%s)",
            [list(_UNCOUNTED)],
        )
        return int(cursor.fetchone()[0])


def attempts(world: World) -> Iterator[tuple[Row, str, Client, str]]:
    """Return every row with every actor."""
    clients = {actor: world.client(actor) for actor in ACTORS}
    for row in TABLE.values():
        for actor in ACTORS:
            # Sign-out and a refused session change the client, so each attempt has its own cookies.
            client = Client(raise_request_exception=False)
            client.cookies.update(clients[actor].cookies)
            yield row, actor, client, world.tokens.get(actor, "")


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    """S7: a new route cannot ship unguarded."""
    names = {route.name for route in all_routes() if not route.is_of_admin}
    assert names - set(TABLE) == set(), "write a row in tests/access/table.py"
    assert set(TABLE) - names == set()


def test_every_route_answers_every_actor_as_the_table_says(world: World) -> None:
    """S6, S7: who may, may; everybody else gets no, writes nothing and reads nothing of the seller's."""
    wrong, count = [], 0
    for row, actor, client, token in attempts(world):
        count += 1
        address = address_of(row, world.own)
        with transaction.atomic():
            before = rows_written()
            response = ask(client, row, address=address, token=token)
            body, written = body_of(response), rows_written() - before
            transaction.set_rollback(True)
        found = [str(response.status_code)] if response.status_code != row.expected(actor) else []
        if actor not in ("seller", "colleague", "broker", "customs", "quarantine"):
            found += [f"shows {word}" for word in SECRETS if word in body and not _may_read(row, actor)]
        if written and not row.is_open_to(actor):
            found.append(f"wrote {written} rows")
        if found:
            wrong.append(f"{row.method} {row.route} as {actor}: {found}, expected {row.expected(actor)}")
    print(f"{count} pairs of route and actor")
    assert not wrong, "\n".join(wrong)


def test_what_is_somebody_elses_looks_like_what_is_not_there(world: World) -> None:
    """S6: a foreign object and an unknown one give the same status and the same body."""
    differing, count = [], 0
    for row, actor, client, token in attempts(world):
        if not row.arguments or row.is_open_to(actor):
            continue
        count += 1
        answers = []
        for arguments in (world.own, world.unknown):
            with transaction.atomic():
                response = ask(client, row, address=address_of(row, arguments), token=token)
                answers.append((response.status_code, _normal(body_of(response), world)))
                transaction.set_rollback(True)
        if answers[0] != answers[1]:
            differing.append(f"{row.route} as {actor}: {answers[0][0]} and {answers[1][0]}")
    print(f"{count} foreign objects compared with unknown ones")
    assert not differing, "\n".join(differing)


def test_an_unknown_object_is_404_for_everybody_who_may_see_others(world: World) -> None:
    wrong = []
    for row, actor, client, token in attempts(world):
        unknown = set(row.arguments.values()) & set(world.unknown_only)
        if not unknown or not row.is_open_to(actor) or row.route.startswith(("account_", "documents:")):
            continue
        with transaction.atomic():
            response = ask(client, row, address=address_of(row, world.unknown), token=token)
            transaction.set_rollback(True)
        if response.status_code != 404:
            wrong.append(f"{row.route} as {actor}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def test_the_reference_data_is_for_administrators_alone(world: World) -> None:
    """Each of the admin's routes refuses every actor without the right, an object's row number included."""
    wrong, routes = [], [route for route in all_routes() if route.is_of_admin]
    for actor in ACTORS:
        for route in routes:
            if actor == "administrator":
                continue
            status = _admin_status(world, route, actor)
            # Sent to the sign-in; a person who is signed in is refused there.
            if status not in (302, 403, 404):
                wrong.append(f"{route.name} as {actor}: {status}")
    print(f"{len(routes) * (len(ACTORS) - 1)} pairs of admin route and actor")
    assert not wrong, "\n".join(wrong)
    lists = [route for route in routes if route.name.endswith(("_changelist", ":index"))]
    statuses = {route.name: _admin_status(world, route, "administrator") for route in lists}
    assert set(statuses.values()) == {200}, statuses


def test_a_session_does_not_open_the_api(world: World) -> None:
    for row in TABLE.values():
        if row.is_api and row.strangers == 401:
            response = ask(world.client("seller"), row, address=address_of(row, world.own), token="")
            assert response.status_code == 401, row.route


def test_a_person_who_is_disabled_loses_session_and_token_at_once(world: World) -> None:
    """S2: at the next request, not at the next sign-in."""
    client = world.client("colleague")
    address = reverse("declarations:detail", args=[world.own["draft"]])
    assert client.get(address).status_code == 200
    person = world.people["colleague"]
    person.is_active = False
    person.save()
    assert client.get(address).status_code == 302


def _admin_status(world: World, route: Route, actor: str) -> int:
    values = {"object_id": str(world.people["seller"].pk), "app_label": "accounts", "url": "x"}
    arguments = {name: values.get(name, "1") for name in route.arguments}
    address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: arguments[found[1]], route.pattern)
    address = re.sub(r"\^?\(\?P<(\w+)>[^)]*\)\$?", lambda found: arguments[found[1]], address).rstrip("$")
    with transaction.atomic():
        status = int(world.client(actor).get(address).status_code)
        transaction.set_rollback(True)
    return status


def _may_read(row: Row, actor: str) -> bool:
    """The invited rival reads who invites; nobody else's name of a company is shown to others."""
    return (row.route, actor) == ("accounts:join", "rival")


def _normal(body: str, world: World) -> str:
    """Return a body without what differs from request to request, and without the asked address itself."""
    for value in (*world.own.values(), *world.unknown.values()):
        if isinstance(value, str) and len(value) > 6:
            body = body.replace(value, "…")
    return _CHANGING.sub("", body)

