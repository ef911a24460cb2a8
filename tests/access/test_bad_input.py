"""S14: whatever is sent, the answer is a refusal in words, never a fault of the portal."""

import copy
import itertools
import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from swindow.documents import views as verification_views
from swindow.documents.throttle import Bucket
from tests.access.routes import all_routes
from tests.access.table import TABLE, Row
from tests.access.test_routes import address_of
from tests.access.world import World, build
from tests.builders import NOW

pytestmark = pytest.mark.django_db

TEXTS = (
    "\0",
    "a\0b",
    "x" * 5_000,
    "\u202egnirts",
    "\u200b\ufeff",
    "🙂" * 200,
    "NaN",
    "Infinity",
    "1e999",
    "-1",
    "9" * 400,
    "1_000",
    "١٢",
    "0.0000000001",
    "2026-02-30",
    "0000-00-00",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "../../etc/passwd",
    "%s%(x)s{0}",
)
NASTIEST = ("a\0b", "x" * 5_000, "\u202egnirts", "1e999", "9" * 400)
# Bytes that are no UTF-8: a lone surrogate, an overlong slash, a cut sequence.
RAW = ("%ED%A0%80", "%C0%AF", "%E4%B8", "%FF")
NUMBERS = ("0", "2147483648", "9223372036854775808", "9" * 60, "-1", "1.5", "٣")
PARAMETERS = (
    *("before", "after", "state", "product", "quantity", "kind", "line", "mode", "transport_mode", "next"),
    *(
        "limit",
        "status",
        "lrn",
        "sku",
        "q",
        "lane",
        "authority",
        "mine",
        "download",
        "autosave",
        "tab",
        "seen",
        "on",
    ),
)
# Fields of routes that are only posted to; those of the others are read from their page.
POSTED = {
    "accounts:deferment": ("account",),
    "accounts:mandate_give": ("agent",),
    "accounts:token_create": ("label",),
    "accounts:invite": ("email",),
    "declarations:answer": ("customs-answer",),
    "declarations:pay": ("method",),
    "inspection:decide": ("decision", "reason_code", "message"),
    "inspection:pack_propose": ("seen",),
    "inspection:pack_publish": ("seen",),
    "inspection:pack_send_back": ("note",),
    "inspection:pack_withdraw": ("note",),
    "set_language": ("language", "next"),
}
WORDS: tuple[Any, ...] = (
    *TEXTS,
    *(None, True, -1, 0, 1.5, 10**30, "", [], {}, [[]], {"a": 1}, ["x"], "\ud800", "\U0010ffff"),
)
BODIES = (
    *(b"", b"{", b"[" * 100_000, b"[" * 5_000 + b"]" * 5_000, b"null", b'"text"', b"1", b"[]", b"\xff\xfe"),
    *(b'{"a": NaN}', b'{"a": 1e999}', b'{"lrn": 1e999}', b'{"lrn": "\\ud800"}', b'{"\\u0000": 1}'),
    *(b'{"lrn": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {}}}}}}}}}}}}}',),
    *(b'{"lrn": ' + b"9" * 10_000 + b"}", b"\xef\xbb\xbf{}", b'{"lrn": "x"' + b" " * (12 << 20) + b"}"),
)


@pytest.fixture
def world(settings: Settings, tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The world; the public page answers without limit."""
    store = {
        "BACKEND": "swindow.documents.storage.DurableFileStorage",
        "OPTIONS": {"location": str(tmp_path / "media")},
    }
    settings.STORAGES = settings.STORAGES | {"default": store}
    wide = Bucket(per_second=10_000, burst=10_000)
    monkeypatch.setattr(verification_views, "_LOOK_UPS", (wide, wide))
    logging.disable(logging.CRITICAL)
    yield build()
    logging.disable(logging.NOTSET)


class Trial:
    """Sends requests, takes back what they did, and keeps what was answered wrongly."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.count = 0
        self.wrong: list[str] = []
        self._clients: dict[str, Client] = {}

    def send(self, actor: str, method: str, address: str, *args: Any, **options: Any) -> HttpResponse:
        """Send one request in the name of an actor; a 5xx is kept as wrong."""
        client = self._clients.setdefault(actor, self.world.client(actor))
        self.count += 1
        with transaction.atomic():
            response = getattr(client, method)(address, *args, **options)
            transaction.set_rollback(True)
        if response.streaming:
            # Reads and so closes the file.
            response.getvalue()
        if response.status_code >= 500:
            self.complain(response, f"{method} {address[:90]} {str(args)[:160]}")
        return response

    def token_of(self, actor: str) -> dict[str, str]:
        """Return the headers of a machine."""
        return {"Authorization": f"Bearer {self.world.tokens[actor]}"}

    def complain(self, response: HttpResponse, what: str) -> None:
        """Keep an answer as wrong."""
        error = getattr(response, "exc_info", None)
        self.wrong.append(
            f"{response.status_code} {what} {error[1]!r}" if error else f"{response.status_code} {what}"
        )

    def end(self, what: str) -> None:
        """Fail with everything that was wrong."""
        print(f"{self.count} {what}")
        assert not self.wrong, f"{len(self.wrong)} of {self.count}\n" + "\n".join(self.wrong[:60])


@pytest.fixture
def trial(world: World) -> Trial:
    """A trial in the world."""
    return Trial(world)


def _in_turn(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield every fifth value, beginning at another one each time: all are tried, not all everywhere."""
    return (values[start::5] for start in itertools.cycle(range(5)))


def reader_of(row: Row) -> str:
    """Return an actor to whom the row is open."""
    return "customs" if "customs" in row.may and "seller" not in row.may else "seller"


def test_an_odd_reference_is_unknown(trial: Trial) -> None:
    turn = _in_turn((*TEXTS, *NUMBERS))
    for row in TABLE:
        for name, key in row.arguments.items():
            own = str(trial.world.own[key])
            odd = NUMBERS if own.isdigit() else next(turn)
            for value in (*(quote(text, safe="") for text in odd), *RAW):
                _ask_with(trial, row, name=name, value=value)
    trial.end("odd references")


def _ask_with(trial: Trial, row: Row, *, name: str, value: str) -> None:
    actor = reader_of(row)
    mark = "MARK" if not str(trial.world.own[row.arguments[name]]).isdigit() else "987654"
    arguments = {key: trial.world.own[own] for key, own in row.arguments.items()}
    if row.route == "account_reset_password_from_key" and name == "uidb36":
        mark = "markmark"
    address = reverse(row.route, kwargs={**arguments, name: mark}).replace(mark, value)
    headers = trial.token_of(actor) if row.is_api else {}
    if row.is_api and row.method != "get":
        body = {"data": b"{}", "content_type": "application/json"}
        response = trial.send(actor, row.method, address, headers=headers, **body)
    else:
        response = trial.send(actor, row.method, address, headers=headers)
    # What was removed already may be removed again; allauth has pages for broken links.
    is_ours = not row.route.startswith("account_") and row.gets != 302
    if is_ours and response.status_code not in (400, 404) and response.status_code < 500:
        trial.complain(response, f"{row.route} {name}={value[:40]}")


def test_odd_parameters_are_left_out_or_refused(trial: Trial) -> None:
    for row in TABLE:
        if row.method != "get" or row.route == "account_logout":
            continue
        headers = trial.token_of(reader_of(row)) if row.is_api else {}
        address = address_of(row, trial.world.own)
        for value in (*(quote(text, safe="") for text in NASTIEST), *RAW[:1]):
            query = "&".join(f"{name}={value}" for name in PARAMETERS)
            trial.send(reader_of(row), "get", f"{address}?{query}", headers=headers)
    turn = _in_turn(NASTIEST)
    for name in PARAMETERS:
        for route in (
            "declarations:list",
            "declarations:products",
            "inspection:queue",
            "accounts:verifications",
        ):
            for text in next(turn):
                actor = "customs" if route in ("inspection:queue", "accounts:verifications") else "seller"
                trial.send(actor, "get", f"{reverse(route)}?{urlencode({name: text})}")
    trial.end("pages with odd parameters")


def test_a_form_with_odd_values_is_explained(trial: Trial) -> None:
    for row in TABLE:
        if row.is_api or row.route in ("account_logout", "healthz", "readyz"):
            continue
        actor = "rival" if row.route == "accounts:join" else reader_of(row)
        actor = "anonymous" if row.route in ("account_login", "account_signup") else actor
        fields = POSTED.get(row.route) or _fields(trial, row, actor)
        address = address_of(row, trial.world.own)
        for text in TEXTS if fields else ():
            response = trial.send(actor, "post", address, dict.fromkeys(fields, text))
            if response.status_code == 405:
                break
        for raw in RAW if fields else ():
            body = "&".join(f"{name}={raw}" for name in fields)
            trial.send(actor, "post", address, body, content_type="application/x-www-form-urlencoded")
        for name, texts in zip(fields, _in_turn(NASTIEST), strict=False):
            trial.send(actor, "post", address, {name: texts[0]})
    trial.end("forms with odd values")


def _fields(trial: Trial, row: Row, actor: str) -> list[str]:
    if row.method != "get":
        return []
    response = trial.send(actor, "get", address_of(row, trial.world.own))
    if response.streaming:
        return []
    names = re.findall(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"', response.content.decode())
    return sorted(set(names) - {"csrfmiddlewaretoken"})


def test_a_file_field_that_is_text_and_a_text_field_that_is_a_file(trial: Trial) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    draft = trial.world.own["draft"]
    names = ("\0.pdf", "x" * 300 + ".pdf", "../../x.pdf", "\u202efdp.exe", "", "con.pdf", "a\r\nb.pdf")
    for route in ("declarations:documents", "declarations:parties", "declarations:product_new"):
        arguments = [draft] if route != "declarations:product_new" else []
        for name in names:
            odd = {
                field: SimpleUploadedFile(name or "x", b"%PDF-1.7 nonsense")
                for field in ("file", "kind", "lrn")
            }
            trial.send("seller", "post", reverse(route, args=arguments), odd)
        trial.send("seller", "post", reverse(route, args=arguments), {"file": "text", "stored": "x" * 20})
    company = {"identity_document": SimpleUploadedFile("x.pdf", b"nonsense"), "kind": "seller"}
    trial.send("former_broker", "post", reverse("accounts:organisation"), company)
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=\xff", "text/plain", "x", ""):
        trial.send(
            "seller",
            "post",
            reverse("declarations:documents", args=[draft]),
            b"--x",
            content_type=content_type,
        )
        for route in ("api:files", "api:declarations"):
            address, headers = reverse(route), trial.token_of("seller")
            trial.send("seller", "post", address, b"--x", content_type=content_type, headers=headers)
    trial.end("odd files")


def test_a_body_with_any_odd_value_is_refused_by_its_path(trial: Trial) -> None:
    for method, address, body, actor in _operations(trial.world):
        for place, words in zip(_places(body), _in_turn(WORDS), strict=False):
            for word in words:
                odd = _with(body, place, word)
                response = _post_json(trial, method, address, json.dumps(odd).encode(), actor)
                if response.status_code == 400 and not json.loads(response.content)["errors"]:
                    trial.complain(response, f"{method} {address} names no problem")
    trial.end("bodies with an odd value")


def test_a_body_that_is_not_json_is_refused(trial: Trial) -> None:
    for method, address, _body, actor in _operations(trial.world):
        for raw in BODIES:
            response = _post_json(trial, method, address, raw, actor)
            if raw.strip() and response.status_code < 400 and not address.endswith(("lodge", "pay")):
                trial.complain(response, f"{method} {address} {raw[:40]!r}")
    trial.end("odd bodies")


def test_odd_headers_do_no_harm(trial: Trial) -> None:
    lodge = reverse("api:lodge", args=[trial.world.own["draft"]])
    for odd in ("", "x" * 5_000, "\xff\xfe", "a b", "é", "Bearer", "Bearer a b c", "Basic eDp5", "\t"):
        headers = {**trial.token_of("seller"), "Idempotency-Key": odd}
        trial.send("seller", "post", lodge, b"{}", content_type="application/json", headers=headers)
        trial.send("anonymous", "get", reverse("api:declarations"), headers={"Authorization": odd})
        for name in (
            "Accept",
            "Accept-Language",
            "Referer",
            "Origin",
            "X-Forwarded-For",
            "HX-Request",
            "X-Autosave",
        ):
            trial.send("seller", "get", reverse("declarations:overview"), headers={name: odd})
        client = trial.world.client("anonymous")
        for cookie in ("session", "csrf", "django_language", "sw_theme", "messages"):
            client.cookies[cookie] = odd
        assert client.get("/").status_code < 500
    trial.end("odd headers")


def test_a_notice_that_is_signed_and_odd_is_refused(trial: Trial) -> None:
    """The payment service is trusted to pay, not to write JSON."""
    from django.utils import timezone

    from declarations.payment_service import signed_headers

    address = reverse("api:payment_notices")
    notice = {
        "payment": "PAY-26-00000012",
        "provider_reference": "S",
        "status": "paid",
        "amount": "1.00",
        "currency": "EUR",
    }
    bodies = [*BODIES]
    for place in _places({"notices": [notice]}):
        bodies += [json.dumps(_with({"notices": [notice]}, place, word)).encode() for word in WORDS]
    for body in bodies:
        headers = signed_headers("msg_1", body, at=timezone.now())
        trial.send("anonymous", "post", address, body, content_type="application/json", headers=headers)
    old = signed_headers("msg_1", b"{}", at=NOW - timedelta(days=1))
    stale = trial.send("anonymous", "post", address, b"{}", content_type="application/json", headers=old)
    assert stale.status_code == 401
    trial.end("odd notices")


def test_the_admin_takes_odd_references(trial: Trial) -> None:
    for route in all_routes():
        if "object_id" in route.arguments and route.is_of_admin:
            for value in (*TEXTS, *NUMBERS):
                address = "/" + re.sub(r"<(?:\w+:)?\w+>", quote(value, safe=""), route.pattern)
                trial.send("administrator", "get", address)
    for route in ("declarations", "events/event", "accounts/organisation"):
        for text in TEXTS:
            trial.send(
                "administrator", "get", f"/admin/{route}/?{urlencode({'q': text, 'o': text, 'p': text})}"
            )
    trial.end("odd references in the admin")


def _post_json(trial: Trial, method: str, address: str, body: bytes, actor: str) -> HttpResponse:
    headers = {**trial.token_of(actor), "Idempotency-Key": f"bad-{trial.count}"}
    return trial.send(actor, method, address, body, content_type="application/json", headers=headers)


def _operations(world: World) -> list[tuple[str, str, dict[str, Any], str]]:
    draft, held = world.own["draft"], world.own["held"]
    product = next(row.data for row in TABLE if row.route == "api:products" and row.data)
    decision = next(row.data for row in TABLE if row.route == "agency_decisions")
    return [
        (
            "post",
            reverse("api:products"),
            {**product, "seller": world.own["company"], "picture": ""},
            "seller",
        ),
        ("post", reverse("api:declarations"), _statement(world), "seller"),
        ("put", reverse("api:declaration", args=[draft]), _statement(world), "seller"),
        ("patch", reverse("api:declaration", args=[draft]), {"lrn": "PO-3"}, "seller"),
        ("post", reverse("api:lodge", args=[draft]), {}, "seller"),
        ("post", reverse("api:pay", args=[held]), {}, "seller"),
        ("post", reverse("api:answer", args=[held, 1]), {"answer": "Yes."}, "seller"),
        ("post", reverse("agency_decisions"), copy.deepcopy(dict(decision)), "customs"),
    ]


def _statement(world: World) -> dict[str, Any]:
    return {
        "declarant": "",
        "lrn": "PO-3",
        "jurisdiction": "NL",
        "parties": {
            "consignee_type": "private",
            "consignee_name": "Jan",
            "consignee_address": "Rotterdam",
            "ordered_on": "2026-11-01",
            "currency": "EUR",
            "freight_amount": "1.00",
        },
        "transport": {
            "transport_mode": "post",
            "document_number": "RB123456785NL",
            "ship_from": "CN",
            "arrival_on": "2026-11-23",
            "package_count": 1,
            "gross_mass_kg": "2.000",
        },
        "tax": {"payment_method": "card", "registration_scheme": "ioss", "buyer_annual_used": "0.00"},
        "goods_items": [
            {
                "description": "Shirt",
                "commodity_code": "610910",
                "origin": "CN",
                "quantity": "2",
                "unit_price": "12.50",
                "net_mass_kg": "0.400",
                "gross_mass_kg": "0.500",
                "net_content_value": "1",
                "net_content_unit": "g",
            }
        ],
        "documents": [{"file": world.own["file"], "kind": "invoice", "line_no": 1, "stated_amount": "25.00"}],
    }


def _places(body: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if place:
        yield place
    inner = body.items() if isinstance(body, Mapping) else enumerate(body) if isinstance(body, list) else ()
    for key, value in inner:
        yield from _places(value, (*place, key))


def _with(body: Any, place: tuple[Any, ...], word: Any) -> Any:
    odd = copy.deepcopy(body)
    inner = odd
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = word
    return odd
