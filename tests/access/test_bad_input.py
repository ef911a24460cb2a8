"""S14: whatever is typed, chosen or attached is refused in words, never answered by a fault of the portal."""

import itertools
import re
from urllib.parse import quote, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.access.routes import all_routes
from tests.access.table import TABLE, Row
from tests.access.test_routes import address_of
from tests.access.trial import NASTIEST, NUMBERS, PARAMETERS, POSTED, RAW, TEXTS, Trial, in_turn, reader_of

pytestmark = pytest.mark.django_db


def test_an_odd_reference_is_unknown(trial: Trial) -> None:
    turn = in_turn((*TEXTS, *NUMBERS))
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
    turn = in_turn(NASTIEST)
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
    turn, raw_turn = in_turn(TEXTS), itertools.cycle(RAW)
    for row in TABLE:
        if row.is_api or row.route in ("account_logout", "healthz", "readyz"):
            continue
        actor = "rival" if row.route == "accounts:join" else reader_of(row)
        actor = "anonymous" if row.route in ("account_login", "account_signup") else actor
        fields = POSTED.get(row.route) or _fields(trial, row, actor)
        address = address_of(row, trial.world.own)
        if not fields:
            continue
        for text in dict.fromkeys((*NASTIEST, *next(turn))):
            response = trial.send(actor, "post", address, dict.fromkeys(fields, text))
            if response.status_code == 405:
                break
        body = "&".join(f"{name}={raw}" for name, raw in zip(fields, raw_turn, strict=False))
        trial.send(actor, "post", address, body, content_type="application/x-www-form-urlencoded")
        for name, texts in zip(fields, in_turn(NASTIEST), strict=False):
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
