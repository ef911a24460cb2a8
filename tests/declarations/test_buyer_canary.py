"""S15: a planted identity number is in no row, log, mail, event, paper or answer."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from psycopg2 import sql

from declarations import lifecycle
from declarations.documents import papers_for
from declarations.models import Declaration, Status, SupportingDocument
from swindow.accounts.models import User
from tests import builders
from tests.api.callers import Caller
from tests.declarations.test_buyer import log
from tests.declarations.test_buyer_numbers import WRONG
from tests.declarations.test_pages_draft import PARTIES, url
from tests.inspection.test_pages import address_of, as_person
from tests.journeys.test_life import bank, milk_powder, work_off

__all__ = ["bank", "log"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data", "bank")]
CANARY = "830000190104050008"


def tables() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        yield from (name for (name,) in cursor.fetchall())


def tables_with(text: str) -> set[str]:
    """Return the tables with a row that contains the text, in any column."""
    found = set()
    with connection.cursor() as cursor:
        for name in tables():
            count = sql.SQL("SELECT count(*) FROM {} AS one WHERE one::text LIKE %s")
            cursor.execute(count.format(sql.Identifier(name)), [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.add(name)
    return found


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bodies of everything that browsers and machines are answered."""
    bodies: list[str] = []
    request = Client.request

    def keep(self: Client, **options: object) -> object:
        response = request(self, **options)
        bodies.append(response.getvalue().decode() if response.streaming else response.content.decode())
        return response

    monkeypatch.setattr(Client, "request", keep)
    return bodies


def test_the_search_finds_what_is_there(seller: User) -> None:
    draft = builders.draft(seller, consignee_address=f"Canary {CANARY}")
    assert tables_with(CANARY) == {"declarations_declaration"}
    assert draft.pk


def test_a_planted_number_is_nowhere(seller: User, log: io.StringIO, answers: list[str]) -> None:
    assert logging.getLogger().isEnabledFor(logging.INFO)
    draft = milk_powder(seller)
    Declaration.objects.filter(pk=draft.pk).update(consignee_email="jan@example.com")
    page = as_person(seller)
    for typed in (WRONG, CANARY[:17], CANARY):
        page.post(url("parties", draft), PARTIES | {"currency": "CNY", "consignee_id": typed})
        page.post(
            f"{url('parties', draft)}?autosave=1", PARTIES | {"freight_amount": "x", "consignee_id": typed}
        )
    page.post(url("parties", draft), PARTIES | {"currency": "CNY", "consignee_email": "jan@example.com"})
    machine = Caller(seller)
    address = f"declarations/{draft.reference}"
    machine.send("PATCH", address, {"parties": {"consignee_id": CANARY}})
    machine.get(address)
    for name in ("parties", "check", "detail", "documents"):
        page.get(url(name, draft))
    assert machine.post(f"{address}/lodge", key="k1").status_code == 201
    assert machine.post(f"{address}/pay", key="k2").status_code == 201
    work_off()
    draft.refresh_from_db()
    assert draft.status == Status.RELEASED
    lifecycle.reserve_papers(papers_for([draft.pk]), at=builders.NOW)
    machine.get(address)
    machine.get(f"{address}/timeline")
    officer = as_person(builders.officer("customs"))
    for tab in ("compare", "goods", "parties", "history"):
        officer.get(f"{address_of(draft)}?tab={tab}")
    letters = "".join(f"{one.subject} {one.body} {one.alternatives}" for one in mail.outbox)
    assert "Brightway" in letters
    shown = "".join(answers)
    assert CANARY[-4:] in shown
    for number in (CANARY, CANARY[:17], WRONG):
        assert tables_with(number) == set()
        assert number not in log.getvalue()
        assert number not in letters
        assert number not in shown
    # The last look on purpose is the only answer with the number, and leaves no other trace.
    answers.clear()
    officer.post(f"{address_of(draft)}buyers-number/?tab=parties")
    assert CANARY in "".join(answers)
    assert tables_with(CANARY) == set()
    assert CANARY not in log.getvalue()
    assert SupportingDocument.objects.filter(declaration=draft).exists()
