"""Every route has a row and answers every actor as the row says; nobody learns what is not theirs."""

import io
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from drf_spectacular.generators import SchemaGenerator
from PIL import Image

from tests.access.routes import Route, all_routes
from tests.access.rows.row import OFFICERS, OWN
from tests.access.table import ACTORS, TABLE, Row
from tests.access.world import SECRETS, World

pytestmark = pytest.mark.django_db
# Written by every answer to somebody signed in, and by nothing that an actor decides.
_UNCOUNTED = ("django_session",)
Arguments = Mapping[str, str | int]
_REFUSALS = (302, 400, 401, 403, 404, 405, 409, 415, 422, 429)
_CHANGING = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|nonce-[\w+/=-]*')


def ask(client: Client, row: Row, *, world: World, actor: str, arguments: Arguments) -> HttpResponse:
    """Ask as the row says."""
    token = world.tokens.get(actor, "")
    headers = {**row.headers, **({"Authorization": f"Bearer {token}"} if row.is_api and token else {})}
    address, data = address_of(row, arguments), filled(row.data, arguments)
    if row.method == "upload":
        return client.post(
            address, {**data, "file": SimpleUploadedFile("label.png", picture())}, headers=headers
        )
    if row.is_api and row.method != "get":
        body = json.dumps(data)
        return getattr(client, row.method)(address, body, content_type="application/json", headers=headers)
    return getattr(client, row.method)(address, data, headers=headers)


def filled(data: Any, arguments: Arguments) -> Any:
    """Return the data with the world's arguments in the places of their names."""
    if isinstance(data, Mapping):
        return {name: filled(value, arguments) for name, value in data.items()}
    if isinstance(data, list):
        return [filled(value, arguments) for value in data]
    return data.format(**arguments) if isinstance(data, str) else data


@cache
def picture() -> bytes:
    """Return a small picture that may be uploaded."""
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(file, "PNG")
    return file.getvalue()


def address_of(row: Row, arguments: Arguments) -> str:
    """Return the row's address with these arguments."""
    return reverse(row.route, kwargs={name: arguments[key] for name, key in row.arguments.items()})


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


def attempts(world: World) -> Iterator[tuple[Row, str, Client]]:
    """Return every row with every actor."""
    clients = {actor: world.client(actor) for actor in ACTORS}
    for row in TABLE:
        for actor in ACTORS:
            # Sign-out and a refused session change the client, so each attempt has its own cookies.
            client = Client(raise_request_exception=False)
            client.cookies.update(clients[actor].cookies)
            yield row, actor, client


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    """S7: a new route cannot ship unguarded."""
    names = {route.name for route in all_routes() if not route.is_of_admin}
    rows = {row.route for row in TABLE}
    assert names - rows == set(), "write a row in tests/access/rows"
    assert rows - names == set()


def test_every_operation_of_the_api_has_a_row() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    operations = {
        (str(resolve(re.sub(r"\{\w+\}", "1", path)).view_name), method)
        for path, methods in schema["paths"].items()
        for method in methods
    }
    rows = {(row.route, "post" if row.method == "upload" else row.method) for row in TABLE if row.is_api}
    assert operations - rows == set(), "write a row in tests/access/rows"
    about_it = {"api:schema", "api:docs"}
    assert {one for one in rows if one[0] not in about_it} - operations == set()


def test_every_route_answers_every_actor_as_the_table_says(world: World) -> None:
    """S6, S7: who may, may; everybody else gets no, writes nothing and reads nothing of the seller's."""
    wrong, count = [], 0
    for row, actor, client in attempts(world):
        count += 1
        with transaction.atomic():
            before = rows_written()
            response = ask(client, row, world=world, actor=actor, arguments=world.own)
            body, written = body_of(response), rows_written() - before
            transaction.set_rollback(True)
        found = [str(response.status_code)] if response.status_code != row.expected(actor) else []
        if actor not in (*OWN, "viewer", *OFFICERS):
            found += [f"shows {word}" for word in SECRETS if word in body and not _may_read(row, actor)]
        if written and not row.is_open_to(actor):
            found.append(f"wrote {written} rows")
        if found:
            wrong.append(f"{row.method} {row.route} as {actor}: {found}, expected {row.expected(actor)}")
    print(f"{count} pairs of route and actor")
    assert not wrong, "\n".join(wrong)


def test_no_other_method_opens_what_is_not_open(world: World) -> None:
    """S6: whoever may not look may not post either, nor put, patch or delete, one of them in turn."""
    wrong, count, in_turn = [], 0, itertools.cycle(("put", "patch", "delete"))
    for row, actor, client in attempts(world):
        if row.is_open_to(actor) or actor in row.except_for:
            continue
        for method in ("get", "post", next(in_turn)):
            count += 1
            other = replace(row, method=method)
            with transaction.atomic():
                before = rows_written()
                response = ask(client, other, world=world, actor=actor, arguments=world.own)
                written = rows_written() - before
                transaction.set_rollback(True)
            is_reading = method == "get" and row.method != "get"
            if written or (response.status_code not in _REFUSALS and not is_reading):
                wrong.append(f"{method} {row.route} as {actor}: {response.status_code}, wrote {written}")
    print(f"{count} methods tried by whoever may not")
    assert not wrong, "\n".join(wrong)


def test_what_is_somebody_elses_looks_like_what_is_not_there(world: World) -> None:
    """S6: a foreign object and an unknown one give the same status and the same body."""
    differing, count = [], 0
    for row, actor, client in attempts(world):
        if not row.arguments or row.is_open_to(actor) or row.expected(actor) == 403:
            continue
        count += 1
        answers = []
        for arguments in (world.own, world.unknown):
            with transaction.atomic():
                response = ask(client, row, world=world, actor=actor, arguments=arguments)
                answers.append((response.status_code, _normal(body_of(response), world)))
                transaction.set_rollback(True)
        if answers[0] != answers[1]:
            differing.append(f"{row.route} as {actor}: {answers[0][0]} and {answers[1][0]}")
    print(f"{count} foreign objects compared with unknown ones")
    assert not differing, "\n".join(differing)


def test_an_unknown_object_is_404_for_everybody_who_may_see_others(world: World) -> None:
    wrong = []
    for row, actor, client in attempts(world):
        unknown = set(row.arguments.values()) & set(world.unknown_only)
        if not unknown or not row.is_open_to(actor) or row.route.startswith(("account_", "documents:")):
            continue
        with transaction.atomic():
            response = ask(client, row, world=world, actor=actor, arguments=world.unknown)
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
    for row in TABLE:
        if row.is_api and row.strangers == 401:
            session = world.client("seller")
            response = ask(session, row, world=world, actor="anonymous", arguments=world.own)
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
    """The invited rival and the named buyer read who it is; nobody else's name of a company is shown."""
    return (row.route, actor) == ("accounts:join", "rival") or row.route == "declarations:buyer"


def _normal(body: str, world: World) -> str:
    """Return a body without what differs from request to request, and without the asked address itself."""
    for value in (*world.own.values(), *world.unknown.values()):
        if isinstance(value, str) and len(value) > 6:
            # Once as it is, and once as a link carries it.
            body = body.replace(value, "…").replace(quote(value, safe=""), "…")
        elif isinstance(value, int):
            body = body.replace(f"/{value}/", "/…/").replace(f"%2F{value}%2F", "/…/")
    return _CHANGING.sub("", body)
