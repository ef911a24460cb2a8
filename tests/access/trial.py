"""What the tests of bad input share: odd values, and a trial that keeps what was answered wrongly."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.access.table import Row
from tests.access.world import World

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
        "country",
        "goods",
        "agent",
        "request",
    ),
)
# Fields of routes that are only posted to; those of the others are read from their page.
POSTED = {
    "accounts:deferment": ("account",),
    "accounts:verification_ask": ("text",),
    "accounts:verification_verify": ("valid_until",),
    "accounts:verification_refuse": ("reason",),
    "accounts:verification_suspend": ("reason",),
    "accounts:verification_reinstate": ("reason",),
    "accounts:verification_reveal": ("field",),
    "accounts:verification_answer": ("answer", "answer_file"),
    "accounts:mandate_change": ("scopes", "countries", "value_limit", "value_currency", "valid_to"),
    "accounts:help_ask": ("agent", "countries", "text"),
    "accounts:client_choose": ("client", "next"),
    "accounts:token_create": ("label",),
    "accounts:invite": ("email", "role"),
    "accounts:member_role": ("member", "role"),
    "accounts:member_remove": ("member",),
    "accounts:officer_propose": ("person", "place", "access_until"),
    "accounts:officer_dismiss": ("officer",),
    "declarations:answer": ("customs-answer",),
    "declarations:pay": ("method",),
    "inspection:decide": ("decision", "reason_code", "message"),
    "inspection:pack_propose": ("seen",),
    "inspection:pack_publish": ("seen",),
    "inspection:pack_send_back": ("note",),
    "inspection:pack_withdraw": ("note",),
    "privacy:agree": ("next",),
    "privacy:erasure_ask": ("is_sure",),
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


class Trial:
    """Sends requests, takes back what they did, and keeps what was answered wrongly."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.count = 0
        self.wrong: list[str] = []
        self._clients: dict[str, Client] = {}

    def send(self, actor: str, method: str, address: str, *args: Any, **options: Any) -> HttpResponse:
        """Send one request in the name of an actor; a 5xx is kept as wrong."""
        client = self._client(actor)
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

    def _client(self, actor: str) -> Client:
        """Return a browser that comes in fresh: what a request changed in the cookies is taken back too."""
        if actor not in self._clients:
            self._clients[actor] = self.world.client(actor)
        client = Client(raise_request_exception=False)
        client.cookies.update(self._clients[actor].cookies)
        return client

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


def in_turn(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield every fifth value, beginning at another one each time: all are tried, not all everywhere."""
    return (values[start::5] for start in itertools.cycle(range(5)))


def reader_of(row: Row) -> str:
    """Return an actor to whom the row is open."""
    return "customs" if "customs" in row.may and "seller" not in row.may else "seller"
