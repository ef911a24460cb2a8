"""S10: the named buyer is told within minutes, confirms or objects, and an objection holds the goods."""

import io
import logging
import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.utils import timezone
from structlog.stdlib import ProcessorFormatter

from declarations import handlers, lifecycle, mails
from declarations.forms.buyer import BuyerForm
from declarations.lifecycle import Lifting
from declarations.models import BuyerNotice, Declaration, Hold, Status
from declarations.views import buyer as buyer_page
from swindow.accounts.models import Mandate, User
from swindow.documents.throttle import Bucket
from swindow.events.models import Event
from swindow.events.worker import drain_queue
from tests import builders
from tests.declarations.test_buyer_numbers import GOOD
from tests.declarations.test_pages_draft import url
from tests.inspection.test_pages import as_person
from tests.journeys.test_life import milk_powder

pytestmark = pytest.mark.django_db
ADDRESS = "jan@example.com"
DISPUTE = {"answer": "disputed", "note": "I never bought anything there."}
CONFIRM = {"answer": "confirmed"}


@pytest.fixture(autouse=True)
def wide_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = Bucket(per_second=10_000, burst=10_000)
    monkeypatch.setattr(buyer_page, "_LOOK_UPS", (wide, wide))


def lodged(person: User, **fields: object) -> Declaration:
    draft = builders.draft(person, **({"consignee_email": ADDRESS} | fields))
    return lifecycle.lodge_one(draft, by=person, at=timezone.now())


def told(person: User, **fields: object) -> tuple[Declaration, str]:
    """Lodge, let a worker mail the buyer, and return the declaration with the page's address."""
    declaration = lodged(person, **fields)
    drain_queue("notify")
    return declaration, link_in(buyers_mail())


def buyers_mail() -> EmailMultiAlternatives:
    [letter] = [one for one in mail.outbox if one.to == [ADDRESS]]
    assert isinstance(letter, EmailMultiAlternatives)
    return letter


def link_in(letter: EmailMultiAlternatives) -> str:
    found = re.search(r"/buyer/[\w-]+/", str(letter.body))
    assert found
    return found[0]


def release(declaration: Declaration) -> None:
    holds = Hold.objects.filter(declaration=declaration, lifted_at=None).exclude(kind="identity")
    liftings = [Lifting(declaration.pk, hold.authority, hold.kind) for hold in holds]
    lifecycle.lift_holds(liftings, by="agency", at=builders.NOW)
    declaration.refresh_from_db()


def kinds(declaration: Declaration) -> list[str]:
    return list(
        Event.objects.filter(subject_id=declaration.pk).order_by("seq").values_list("kind", flat=True)
    )


def test_the_buyer_is_told_at_once_who_declared_what(seller: User) -> None:
    began = time.monotonic()
    declaration, _address = told(seller)
    seconds = time.monotonic() - began
    letter = buyers_mail()
    html = str(letter.alternatives[0][0])
    for text in (str(letter.body), html):
        for fact in (declaration.declarant.name, "Knitted cotton T-shirt", "2 pieces", "€50.00", "BW-1"):
            assert fact in text
        assert "Netherlands" in text
        assert "Jan de Vries" not in text
    notice = BuyerNotice.objects.get()
    assert notice.sent_at
    assert declaration.accepted_at
    waited = notice.sent_at - declaration.accepted_at
    print(f"told {waited.total_seconds():.2f} s after acceptance, {seconds:.2f} s with lodging")
    assert waited < timedelta(minutes=5)
    assert "buyer.told" in kinds(declaration)


def test_a_buyer_in_china_is_told_in_chinese_and_without_the_number(seller: User) -> None:
    draft = milk_powder(seller)
    Declaration.objects.filter(pk=draft.pk).update(consignee_email=ADDRESS)
    lifecycle.lodge_one(draft, by=seller, at=timezone.now())
    drain_queue("notify")
    text = f"{buyers_mail().subject} {buyers_mail().body} {buyers_mail().alternatives[0][0]}"
    assert 'lang="zh-hans"' in text
    assert GOOD not in text
    assert GOOD[-4:] not in text.replace(draft.reference, "")


def test_only_the_digest_of_the_code_is_stored(seller: User) -> None:
    _declaration, address = told(seller)
    code = address.split("/")[2]
    assert len(code) == 22
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM (
                SELECT notice::text AS line FROM declarations_buyernotice AS notice
                UNION ALL SELECT event::text FROM events_event AS event
                UNION ALL SELECT delivery::text FROM events_delivery AS delivery
            ) AS everything WHERE line LIKE %s
            """,
            [f"%{code}%"],
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("fields", [{"consignee_email": ""}, {"consignee_type": "business"}])
def test_without_an_address_and_for_a_business_nobody_is_told(seller: User, fields: dict[str, str]) -> None:
    declaration = lodged(seller, **fields)
    drain_queue("notify")
    assert not BuyerNotice.objects.filter(declaration=declaration).exists()
    assert not [one for one in mail.outbox if one.to == [ADDRESS]]


def test_told_twice_is_told_once(seller: User) -> None:
    declaration, _address = told(seller)
    occurrence = handlers.Occurrence(1, "declaration.accepted", declaration.pk, timezone.now(), "x", {})
    handlers.tell_buyers([occurrence])
    assert buyers_mail()
    assert kinds(declaration).count("buyer.told") == 1


def test_a_mail_that_could_not_leave_is_sent_later_with_another_code(
    seller: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = lodged(seller), lodged(seller)
    send, tried = mails.tell_buyer, []

    def fail_once(statement: object, *, address: str, code: str) -> None:
        tried.append(code)
        if len(tried) == 2:
            raise ConnectionRefusedError
        send(statement, address=address, code=code)

    monkeypatch.setattr(mails, "tell_buyer", fail_once)
    events = [
        handlers.Occurrence(number, "declaration.accepted", one.pk, timezone.now(), "x", {})
        for number, one in enumerate((first, second))
    ]
    with pytest.raises(ConnectionRefusedError):
        handlers.tell_buyers(events)
    assert [one.sent_at is None for one in BuyerNotice.objects.order_by("declaration")] == [False, True]
    assert Client().get(f"/buyer/{tried[1]}/").status_code == 200
    handlers.tell_buyers(events)
    assert len(tried) == 3
    assert Client().get(f"/buyer/{tried[0]}/").status_code == 200
    assert Client().get(f"/buyer/{tried[1]}/").status_code == 404
    assert Client().get(f"/buyer/{tried[2]}/").status_code == 200
    assert not BuyerNotice.objects.filter(sent_at=None).exists()


def test_the_sellers_words_bring_no_link_into_the_mail() -> None:
    text = mails.without_links("Win https://evil.example/x?a or mail a@evil.example, 0.5 kg, www.evil.cn")
    assert text == "Win https: evil. example/x?a or mail a@ evil. example, 0.5 kg, www. evil. cn"


def test_the_page_shows_the_same_facts_to_a_stranger_and_is_kept_nowhere(seller: User) -> None:
    declaration, address = told(seller)
    answer = Client().get(address)
    for fact in (declaration.declarant.name, "Knitted cotton T-shirt", "€50.00", declaration.reference):
        assert fact in answer.text
    assert "Jan de Vries" not in answer.text
    assert "Coolsingel" not in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    notice = BuyerNotice.objects.get()
    seen_at = notice.seen_at
    assert seen_at
    Client().get(address)
    notice.refresh_from_db()
    assert notice.seen_at == seen_at


def test_looking_changes_nothing_but_the_time_of_the_first_look(seller: User) -> None:
    declaration, address = told(seller)
    Client().head(address)
    assert BuyerNotice.objects.get().seen_at is None
    before = kinds(declaration)
    Client().get(f"{address}?answer=disputed")
    assert (kinds(declaration), BuyerNotice.objects.get().answer) == (before, "")


def test_a_wrong_code_finds_the_same_nothing_as_any_unknown_page(seller: User) -> None:
    told(seller)
    pages = [
        Client().get(address)
        for address in ("/buyer/AAAAAAAAAAAAAAAAAAAAAA/", "/buyer/x/", "/no-such-page/", "/buyer/a.b/")
    ]
    assert {page.status_code for page in pages} == {404}
    assert len({re.sub(r'"[\w+/=-]{16,}"|value="/[^"]*"', "", page.text) for page in pages}) == 1
    assert Client().post("/buyer/AAAAAAAAAAAAAAAAAAAAAA/", DISPUTE).status_code == 404


def test_too_many_looks_are_told_to_wait(seller: User, monkeypatch: pytest.MonkeyPatch) -> None:
    _declaration, address = told(seller)
    narrow = Bucket(per_second=0.001, burst=2)
    monkeypatch.setattr(buyer_page, "_LOOK_UPS", (narrow, Bucket(per_second=10, burst=10)))
    answers = [Client().get(address) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "30"


def test_a_confirmation_is_shown_and_holds_nothing(seller: User) -> None:
    declaration, address = told(seller)
    for _ in range(2):
        assert Client().post(address, CONFIRM).status_code == 302
    assert "this is my order" in Client().get(address).text
    assert kinds(declaration).count("buyer.confirmed") == 1
    assert not Hold.objects.filter(declaration=declaration, kind="identity").exists()
    release(declaration)
    assert declaration.status == Status.RELEASED


def test_an_objection_holds_the_goods_once_however_often_it_is_sent(seller: User) -> None:
    declaration, address = told(seller)
    for _ in range(2):
        assert Client().post(address, DISPUTE).url == address
    hold = Hold.objects.get(declaration=declaration, kind="identity")
    assert (hold.authority, hold.lifted_at) == ("customs", None)
    assert kinds(declaration).count("buyer.disputed") == 1
    release(declaration)
    assert declaration.status == Status.ACCEPTED
    page = Client().get(address).text
    assert "I did not order this" in page
    assert 'name="answer"' not in page


def test_a_confirmation_can_become_an_objection_and_not_the_reverse(seller: User) -> None:
    declaration, address = told(seller)
    Client().post(address, CONFIRM)
    assert 'value="disputed"' in Client().get(address).text
    Client().post(address, DISPUTE)
    refused = Client().post(address, CONFIRM)
    assert refused.status_code == 409
    assert "DE-35" in refused.text
    assert BuyerNotice.objects.get().answer == "disputed"
    assert Hold.objects.filter(declaration=declaration, kind="identity", lifted_at=None).exists()


def test_an_objection_after_release_holds_nothing_and_is_known(seller: User) -> None:
    declaration, address = told(seller)
    release(declaration)
    Client().post(address, DISPUTE)
    assert not Hold.objects.filter(declaration=declaration, kind="identity").exists()
    assert kinds(declaration)[-1] == "buyer.disputed"
    assert "not their order" in as_person(seller).get(url("detail", declaration)).text


@pytest.mark.parametrize("sent", [{}, {"answer": ""}, {"answer": "maybe"}, DISPUTE | {"note": "x" * 501}])
def test_a_bad_answer_is_explained_and_changes_nothing(seller: User, sent: dict[str, str]) -> None:
    declaration, address = told(seller)
    assert Client().post(address, sent).status_code == 422
    assert BuyerNotice.objects.get().answer == ""
    assert not Hold.objects.filter(declaration=declaration, kind="identity").exists()


def test_the_note_that_was_too_long_is_still_there() -> None:
    form = BuyerForm({"answer": "disputed", "note": "é" * 501})
    assert set(form.errors) == {"note"}
    assert form["note"].value() == "é" * 501


def test_the_page_asks_for_its_own_form(seller: User) -> None:
    _declaration, address = told(seller)
    assert Client(enforce_csrf_checks=True).post(address, DISPUTE).status_code == 403
    assert BuyerNotice.objects.get().answer == ""


def test_seller_and_agent_see_it_and_are_mailed_and_nobody_else(seller: User, broker: User) -> None:
    # Mandates are read by the database's clock.
    Mandate.objects.update(valid_from=timezone.now() - timedelta(days=1))
    former, rival = builders.colleague_of(seller), builders.seller(name="Rival Trading")
    declaration, address = told(seller)
    Declaration.objects.filter(pk=declaration.pk).update(created_by=broker)
    Client().post(address, DISPUTE)
    mail.outbox.clear()
    drain_queue("notify")
    assert {one.to[0] for one in mail.outbox} == {seller.email, broker.email}
    assert former.email not in {one.to[0] for one in mail.outbox}
    assert DISPUTE["note"] not in "".join(str(one.body) for one in mail.outbox)
    for person in (seller, broker):
        page = as_person(person).get(url("detail", declaration)).text
        assert "They objected on" in page
        assert "The buyer objects" in page
        assert DISPUTE["note"] not in page
    assert as_person(rival).get(url("detail", declaration)).status_code == 404


def test_an_agent_whose_mandate_ended_is_mailed_nothing_more(seller: User, broker: User) -> None:
    declaration, address = told(seller)
    Declaration.objects.filter(pk=declaration.pk).update(created_by=broker)
    Mandate.objects.update(revoked_at=timezone.now())
    Client().post(address, DISPUTE)
    mail.outbox.clear()
    drain_queue("notify")
    assert {one.to[0] for one in mail.outbox} == {seller.email}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the portal writes, line by line in its own form."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    [own] = [one for one in logging.getLogger().handlers if isinstance(one.formatter, ProcessorFormatter)]
    handler.setFormatter(own.formatter)
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_neither_address_nor_code_is_in_the_logs(seller: User, log: io.StringIO) -> None:
    _declaration, address = told(seller)
    code = address.split("/")[2]
    Client().get(address)
    Client().post(address, DISPUTE)
    assert Client().post(address, CONFIRM).status_code == 409
    assert log.getvalue().count("/buyer/***/") >= 7
    assert code not in log.getvalue()
    assert ADDRESS not in log.getvalue()
